package dev.cortado.autograd;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.ReductionOp;
import java.util.ArrayList;
import java.util.List;

/** The way back from broadcasting: what was repeated is summed. */
final class Broadcasting {
  private Broadcasting() {}

  /** Returns the axes of {@code full} along which {@code from} was repeated; one bit each. */
  static int repeated(Shape from, Shape full) {
    if (from.equals(full)) {
      return 0;
    }
    int mask = 0;
    int shift = full.rank() - from.rank();
    for (int axis = 0; axis < full.rank(); axis++) {
      boolean one = axis < shift || from.dim(axis - shift) == 1;
      mask |= one && full.dim(axis) != 1 ? 1 << axis : 0;
    }
    return mask;
  }

  /** Returns the axes whose bits are set. */
  static Axes axes(int mask) {
    var axes = new ArrayList<Integer>();
    for (int axis = 0; axis < Integer.SIZE; axis++) {
      if ((mask >> axis & 1) != 0) {
        axes.add(axis);
      }
    }
    return new Axes(axes);
  }

  /** Returns {@code x} under {@code shape}, which has the same elements in the same order. */
  static Tensor reshaped(Tensor x, Shape shape) {
    return x.shape().equals(shape) ? x : x.reshape(shape.toArray());
  }

  /** Returns the gradient of a tensor of {@code shape} that was broadcast to {@code gradient}. */
  static Tensor sumTo(Tensor gradient, Shape shape) {
    int repeated = repeated(shape, gradient.shape());
    if (repeated == 0) {
      return reshaped(gradient, shape);
    }
    var sum = new ReductionOp.SumOf(List.of(Formula.input(0)), 1, axes(repeated), true);
    return reshaped(gradient.apply(sum), shape);
  }
}
