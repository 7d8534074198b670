package dev.cortado.tensor.op;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Shape;
import java.util.List;

/**
 * Random tensors. Element i depends on the key and on i alone: the same bits on each backend and
 * thread count.
 */
public record RandomOp(Distribution distribution, RandomKey key, Shape shape, DType dtype)
    implements Op {
  /** What is drawn. */
  public enum Distribution {
    /** Uniform in [0, 1), multiples of 2⁻²⁴. */
    UNIFORM,
    /** Standard normal. */
    NORMAL
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Check.count(this, inputs, 0);
    Check.that(
        dtype.isFloating(), this, inputs, "cannot draw " + dtype + ": expected a floating type");
    return List.of(new TensorSpec(shape, dtype));
  }
}
