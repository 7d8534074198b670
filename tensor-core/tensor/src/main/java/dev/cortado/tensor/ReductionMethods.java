package dev.cortado.tensor;

import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.tensor.op.Arithmetic;
import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.NormalizationOp;
import dev.cortado.tensor.op.ReductionOp;
import java.util.List;

/**
 * Ops that combine the elements along axes. No axis given means all of them; negative ones count
 * from the end.
 */
public sealed interface ReductionMethods permits Tensor {
  /** Returns the sum over the axes, which disappear. */
  default Tensor sum(int... axes) {
    return sum(false, axes);
  }

  /** Returns the sum over the axes, which stay with size 1 if {@code keepDim}. */
  default Tensor sum(boolean keepDim, int... axes) {
    var resolved = Axes.resolve(self().shape(), axes);
    return self().apply(new ReductionOp.SumOf(List.of(input(0)), 1, resolved, keepDim));
  }

  /** Returns the mean over the axes, which disappear. */
  default Tensor mean(int... axes) {
    return mean(false, axes);
  }

  /** Returns the mean over the axes, which stay with size 1 if {@code keepDim}. */
  default Tensor mean(boolean keepDim, int... axes) {
    int count = Axes.resolve(self().shape(), axes).count(self().shape());
    return sum(keepDim, axes).apply(new Arithmetic.Affine(1.0 / count, 0));
  }

  /** Returns the largest element over the axes; NaN wins. */
  default Tensor max(boolean keepDim, int... axes) {
    return self()
        .apply(new ReductionOp.Extremum(true, Axes.resolve(self().shape(), axes), keepDim));
  }

  /** Returns the smallest element over the axes; NaN wins. */
  default Tensor min(boolean keepDim, int... axes) {
    return self()
        .apply(new ReductionOp.Extremum(false, Axes.resolve(self().shape(), axes), keepDim));
  }

  /**
   * Returns the position (I64) of the first largest element along {@code axis}, which disappears.
   */
  default Tensor argmax(int axis) {
    return self().apply(new ReductionOp.ArgMax(self().shape().axis(axis), false));
  }

  /** Returns {@code e^xᵢ / Σ e^xⱼ} along {@code axis}. */
  default Tensor softmax(int axis) {
    return self().apply(new NormalizationOp.Softmax(self().shape().axis(axis), false));
  }

  /** Returns the logarithm of {@link #softmax} without rounding small values to 0. */
  default Tensor logSoftmax(int axis) {
    return self().apply(new NormalizationOp.Softmax(self().shape().axis(axis), true));
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
