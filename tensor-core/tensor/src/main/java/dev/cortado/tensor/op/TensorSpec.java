package dev.cortado.tensor.op;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Shape;

/** What an op can know of a tensor without its numbers. */
public record TensorSpec(Shape shape, DType dtype) {
  /** Returns for example {@code F32[2, 3]}. */
  @Override
  public String toString() {
    return dtype + shape.toString();
  }
}
