package dev.cortado.tensor.op;

import dev.cortado.tensor.DType;
import java.util.List;

/**
 * The elements along one axis in order, and where they came from (I64): two results of x's shape,
 * or the first {@code most} along the axis. Equal elements keep their order, in either direction;
 * NaN counts as the largest, −0 and 0 as equal.
 */
public record Sort(int axis, boolean descending, int most) implements Op {
  /** Sorts all elements. */
  public Sort(int axis, boolean descending) {
    this(axis, descending, Integer.MAX_VALUE);
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Check.count(this, inputs, 1);
    var x = inputs.getFirst();
    Check.axis(this, inputs, x.shape(), axis);
    Check.that(most >= 0, this, inputs, "cannot give " + most + " elements");
    var shape = x.shape().with(axis, Math.min(most, x.shape().dim(axis)));
    return List.of(new TensorSpec(shape, x.dtype()), new TensorSpec(shape, DType.I64));
  }
}
