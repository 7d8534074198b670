package dev.cortado.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Kernels on one contiguous row that stays in the first-level cache: several readings cost little.
 */
final class RowKernels {
  private static final VectorSpecies<Float> S = Lanes.F32;

  private RowKernels() {}

  /** Returns Σ x. */
  static float sum(float[] x, int at, int n) {
    var sum = FloatVector.zero(S);
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      sum = sum.add(FloatVector.fromArray(S, x, at + i));
    }
    if (i < n) {
      sum = sum.add(FloatVector.fromArray(S, x, at + i, S.indexInRange(i, n)));
    }
    return VectorMath.sum(sum);
  }

  /** Returns Σ (x − m)². */
  static float squaredDistance(float[] x, int at, int n, float m) {
    var sum = FloatVector.zero(S);
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      var d = FloatVector.fromArray(S, x, at + i).sub(m);
      sum = d.fma(d, sum);
    }
    if (i < n) {
      var mask = S.indexInRange(i, n);
      var d = FloatVector.fromArray(S, x, at + i, mask).sub(m);
      sum = sum.add(d.mul(d), mask);
    }
    return VectorMath.sum(sum);
  }

  /** Stores (x − m) · r · weight + bias. */
  static void normalize(
      float[] x, int at, float[] y, int to, int n, float m, float r, float[] weight, float[] bias) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      var w = FloatVector.fromArray(S, weight, i);
      var b = FloatVector.fromArray(S, bias, i);
      FloatVector.fromArray(S, x, at + i).sub(m).mul(r).fma(w, b).intoArray(y, to + i);
    }
    if (i < n) {
      var mask = S.indexInRange(i, n);
      var w = FloatVector.fromArray(S, weight, i, mask);
      var b = FloatVector.fromArray(S, bias, i, mask);
      FloatVector.fromArray(S, x, at + i, mask).sub(m).mul(r).fma(w, b).intoArray(y, to + i, mask);
    }
  }

  /** Returns the largest element; NaN if there is one. */
  static float max(float[] x, int at, int n) {
    var max = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      max = max.max(FloatVector.fromArray(S, x, at + i));
    }
    if (i < n) {
      var mask = S.indexInRange(i, n);
      max = max.lanewise(VectorOperators.MAX, FloatVector.fromArray(S, x, at + i, mask), mask);
    }
    return max.reduceLanes(VectorOperators.MAX);
  }

  /** Stores e^x / Σ e^x, with the largest element subtracted first so that nothing overflows. */
  static void softmax(float[] x, int at, float[] y, int to, int n) {
    float sum = exponentials(x, at, y, to, n, max(x, at, n));
    float factor = 1 / sum;
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector.fromArray(S, y, to + i).mul(factor).intoArray(y, to + i);
    }
    if (i < n) {
      var mask = S.indexInRange(i, n);
      FloatVector.fromArray(S, y, to + i, mask).mul(factor).intoArray(y, to + i, mask);
    }
  }

  /** Stores x − log Σ e^x. */
  static void logSoftmax(float[] x, int at, float[] y, int to, int n) {
    float max = max(x, at, n);
    float logarithm = (float) Math.log(exponentials(x, at, y, to, n, max));
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector.fromArray(S, x, at + i).sub(max).sub(logarithm).intoArray(y, to + i);
    }
    if (i < n) {
      var mask = S.indexInRange(i, n);
      FloatVector.fromArray(S, x, at + i, mask).sub(max).sub(logarithm).intoArray(y, to + i, mask);
    }
  }

  /** Stores e^(x − max) and returns the sum. */
  private static float exponentials(float[] x, int at, float[] y, int to, int n, float max) {
    var sum = FloatVector.zero(S);
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      var e = VectorMath.exp(FloatVector.fromArray(S, x, at + i).sub(max));
      e.intoArray(y, to + i);
      sum = sum.add(e);
    }
    if (i < n) {
      var mask = S.indexInRange(i, n);
      var e = VectorMath.exp(FloatVector.fromArray(S, x, at + i, mask).sub(max));
      e.intoArray(y, to + i, mask);
      sum = sum.add(e, mask);
    }
    return VectorMath.sum(sum);
  }
}
