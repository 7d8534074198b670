package dev.cortado.tensor.op;

import dev.cortado.tensor.DType;
import java.util.List;

/**
 * The elements along one axis in order, and where they came from (I64): two results of x's shape.
 * Equal elements keep their order, in either direction; NaN counts as the largest, −0 and 0 as
 * equal.
 */
public record Sort(int axis, boolean descending) implements Op {
  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Check.count(this, inputs, 1);
    var x = inputs.getFirst();
    Check.axis(this, inputs, x.shape(), axis);
    return List.of(x, new TensorSpec(x.shape(), DType.I64));
  }
}
