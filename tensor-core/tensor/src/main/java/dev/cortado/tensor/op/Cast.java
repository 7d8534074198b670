package dev.cortado.tensor.op;

import dev.cortado.tensor.DType;
import java.util.List;

/**
 * Conversion to another element type: to nearest even between floating types, truncation to
 * integers, ≠ 0 to BOOL.
 */
public record Cast(DType dtype) implements Op {
  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Check.count(this, inputs, 1);
    return List.of(new TensorSpec(inputs.getFirst().shape(), dtype));
  }
}
