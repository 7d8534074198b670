package dev.cortado.tensor;

import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.tensor.op.Arithmetic;
import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.NormalizationOp;
import dev.cortado.tensor.op.ReductionOp;
import java.util.List;

/**
 * Ops that combine the elements along axes. No axis given means all of them; negative ones count
 * from the end. A scalar has itself along axis 0, as in NumPy and torch.
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
    Statistics.floating("mean", self());
    int count = Axes.resolve(self().shape(), axes).count(self().shape());
    return sum(keepDim, axes).apply(new Arithmetic.Affine(1.0 / count, 0));
  }

  /** Returns the largest element over the axes, which disappear; NaN wins. */
  default Tensor max(int... axes) {
    return max(false, axes);
  }

  /**
   * Returns the largest element over the axes, which stay with size 1 if {@code keepDim}; NaN wins.
   */
  default Tensor max(boolean keepDim, int... axes) {
    return self()
        .apply(new ReductionOp.Extremum(true, Axes.resolve(self().shape(), axes), keepDim));
  }

  /** Returns the smallest element over the axes, which disappear; NaN wins. */
  default Tensor min(int... axes) {
    return min(false, axes);
  }

  /**
   * Returns the smallest element over the axes, which stay with size 1 if {@code keepDim}; NaN
   * wins.
   */
  default Tensor min(boolean keepDim, int... axes) {
    return self()
        .apply(new ReductionOp.Extremum(false, Axes.resolve(self().shape(), axes), keepDim));
  }

  /**
   * Returns the position (I64) of the first largest element along {@code axis}, which disappears;
   * NaN is the largest.
   */
  default Tensor argmax(int axis) {
    return argmax(axis, false);
  }

  /** Returns {@link #argmax(int)}; the axis stays with size 1 if {@code keepDim}. */
  default Tensor argmax(int axis, boolean keepDim) {
    return self().rank() == 0
        ? self().reshape(1).argmax(axis, false)
        : self().apply(new ReductionOp.ArgMax(self().shape().axis(axis), keepDim));
  }

  /**
   * Returns the position (I64) of the first smallest element along {@code axis}, which disappears;
   * NaN is the smallest.
   */
  default Tensor argmin(int axis) {
    return argmin(axis, false);
  }

  /**
   * Returns the position (I64) of the first smallest element along {@code axis}, which stays with
   * size 1 if {@code keepDim}; NaN is the smallest.
   */
  default Tensor argmin(int axis, boolean keepDim) {
    return self().rank() == 0
        ? self().reshape(1).argmin(axis, false)
        : self().apply(new ReductionOp.ArgMin(self().shape().axis(axis), keepDim));
  }

  /**
   * Returns the first largest element along {@code axis} and its position; NaN wins. It alone gets
   * the gradient. The axis stays with size 1 if {@code keepDim}.
   */
  default Indexed maxWithIndex(int axis, boolean keepDim) {
    return Statistics.at(self(), axis, self().detach().argmax(axis, true), keepDim);
  }

  /**
   * Returns the first smallest element along {@code axis} and its position; NaN wins. It alone gets
   * the gradient. The axis stays with size 1 if {@code keepDim}.
   */
  default Indexed minWithIndex(int axis, boolean keepDim) {
    return Statistics.at(self(), axis, self().detach().argmin(axis, true), keepDim);
  }

  /** Returns whether any element of this is not 0 (BOOL); of nothing, none is. */
  default Tensor any() {
    return any(false);
  }

  /** Returns whether any element is not 0 (BOOL) over the axes; of nothing, none is. */
  default Tensor any(boolean keepDim, int... axes) {
    return Statistics.truth(self(), true, keepDim, axes);
  }

  /** Returns whether all elements of this are not 0 (BOOL); of nothing, all are. */
  default Tensor all() {
    return all(false);
  }

  /** Returns whether all elements are not 0 (BOOL) over the axes; of nothing, all are. */
  default Tensor all(boolean keepDim, int... axes) {
    return Statistics.truth(self(), false, keepDim, axes);
  }

  /**
   * Returns the variance {@code Σ (x − mean)² / (n − correction)} over the axes, which stay with
   * size 1 if {@code keepDim}: 1 for an estimate from a sample (Bessel), 0 for that of the numbers
   * themselves. NaN if n = correction. The mean is taken first, so nothing cancels.
   */
  default Tensor variance(int correction, boolean keepDim, int... axes) {
    return Statistics.variance(self(), correction, keepDim, axes);
  }

  /** Returns the variance of all elements, estimated from a sample: divided by n − 1. */
  default Tensor variance() {
    return variance(1, false);
  }

  /** Returns the square root of {@link #variance()}, which divides by n − 1 as PyTorch does. */
  default Tensor std() {
    return std(1, false);
  }

  /**
   * Returns the square root of {@link #variance(int, boolean, int...)}; the gradient where it is 0
   * is 0.
   */
  default Tensor std(int correction, boolean keepDim, int... axes) {
    return Statistics.root(variance(correction, keepDim, axes), 2);
  }

  /** Returns the Euclidean norm {@code √Σ x²} of all elements. */
  default Tensor norm() {
    return norm(2, false);
  }

  /**
   * Returns the p-norm {@code (Σ |x|ᵖ)^(1/p)} over the axes, which stay with size 1 if {@code
   * keepDim}. For p = ∞ the largest |x|, for −∞ the smallest, for 0 how many are not 0. The
   * gradient where it is 0 is 0.
   */
  default Tensor norm(double p, boolean keepDim, int... axes) {
    return Statistics.norm(self(), p, keepDim, axes);
  }

  /**
   * Returns {@code log Σ eˣ} over the axes, which stay with size 1 if {@code keepDim}, without
   * overflow; −∞ of nothing.
   */
  default Tensor logSumExp(boolean keepDim, int... axes) {
    return Statistics.logSumExp(self(), keepDim, axes);
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
