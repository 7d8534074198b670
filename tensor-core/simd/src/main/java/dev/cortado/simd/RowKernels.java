package dev.cortado.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Kernels on one contiguous row that stays in the first-level cache: several readings cost little.
 *
 * <p>What fills whole vectors and the rest have a method each, and only numbers pass between them:
 * where two ways of computing a vector meet, the JIT compiler would put it in memory.
 */
final class RowKernels {
  private static final VectorSpecies<Float> S = Lanes.F32;

  private RowKernels() {}

  /** Returns Σ x. */
  static float sum(float[] x, int at, int n) {
    int whole = S.loopBound(n);
    float sum = sumOfWhole(x, at, whole);
    return whole == n ? sum : sum + sumOfRest(x, at, whole, n);
  }

  /** Two sums, for one would wait for itself. */
  private static float sumOfWhole(float[] x, int at, int whole) {
    var sum = FloatVector.zero(S);
    var other = FloatVector.zero(S);
    int i = 0;
    for (; i <= whole - 2 * S.length(); i += 2 * S.length()) {
      sum = sum.add(FloatVector.fromArray(S, x, at + i));
      other = other.add(FloatVector.fromArray(S, x, at + i + S.length()));
    }
    for (; i < whole; i += S.length()) {
      sum = sum.add(FloatVector.fromArray(S, x, at + i));
    }
    return VectorMath.sum(sum.add(other));
  }

  private static float sumOfRest(float[] x, int at, int i, int n) {
    return VectorMath.sum(FloatVector.fromArray(S, x, at + i, S.indexInRange(i, n)));
  }

  /** Returns Σ (x − m)². */
  static float squaredDistance(float[] x, int at, int n, float m) {
    int whole = S.loopBound(n);
    float sum = squaresOfWhole(x, at, whole, m);
    return whole == n ? sum : sum + squaresOfRest(x, at, whole, n, m);
  }

  private static float squaresOfWhole(float[] x, int at, int whole, float m) {
    var sum = FloatVector.zero(S);
    var other = FloatVector.zero(S);
    int i = 0;
    for (; i <= whole - 2 * S.length(); i += 2 * S.length()) {
      var d = FloatVector.fromArray(S, x, at + i).sub(m);
      var e = FloatVector.fromArray(S, x, at + i + S.length()).sub(m);
      sum = d.fma(d, sum);
      other = e.fma(e, other);
    }
    for (; i < whole; i += S.length()) {
      var d = FloatVector.fromArray(S, x, at + i).sub(m);
      sum = d.fma(d, sum);
    }
    return VectorMath.sum(sum.add(other));
  }

  private static float squaresOfRest(float[] x, int at, int i, int n, float m) {
    var mask = S.indexInRange(i, n);
    var d = FloatVector.fromArray(S, x, at + i, mask).sub(m);
    return VectorMath.sum(FloatVector.zero(S).blend(d.mul(d), mask));
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

  /**
   * Returns the largest element that is a number, or −∞. Not with the vectors' own maximum, which
   * takes three times as long for the sake of NaN and −0.
   */
  static float max(float[] x, int at, int n) {
    int whole = S.loopBound(n);
    float max = maxOfWhole(x, at, whole);
    return whole == n ? max : Math.max(max, maxOfRest(x, at, whole, n));
  }

  /**
   * The choice of the larger is written out: as a method, the compiler sometimes leaves it a call,
   * and vectors are handed over as objects.
   */
  private static float maxOfWhole(float[] x, int at, int whole) {
    var max = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
    var other = max;
    int i = 0;
    for (; i <= whole - 2 * S.length(); i += 2 * S.length()) {
      var a = FloatVector.fromArray(S, x, at + i);
      max = max.blend(a, a.compare(VectorOperators.GT, max));
      var b = FloatVector.fromArray(S, x, at + i + S.length());
      other = other.blend(b, b.compare(VectorOperators.GT, other));
    }
    for (; i < whole; i += S.length()) {
      var a = FloatVector.fromArray(S, x, at + i);
      max = max.blend(a, a.compare(VectorOperators.GT, max));
    }
    return max.blend(other, other.compare(VectorOperators.GT, max))
        .reduceLanes(VectorOperators.MAX);
  }

  private static float maxOfRest(float[] x, int at, int i, int n) {
    var rest = FloatVector.fromArray(S, x, at + i, S.indexInRange(i, n));
    var least = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
    // What lies behind the row was loaded as 0.
    return least
        .blend(rest, rest.compare(VectorOperators.GT, least, S.indexInRange(i, n)))
        .reduceLanes(VectorOperators.MAX);
  }

  /** Stores e^x / Σ e^x, with the largest element subtracted first so that nothing overflows. */
  static void softmax(float[] x, int at, float[] y, int to, int n) {
    scale(y, to, n, 1 / exponentials(x, at, y, to, n, max(x, at, n)));
  }

  /** Multiplies by {@code factor}. */
  static void scale(float[] y, int at, int n, float factor) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector.fromArray(S, y, at + i).mul(factor).intoArray(y, at + i);
    }
    if (i < n) {
      var mask = S.indexInRange(i, n);
      FloatVector.fromArray(S, y, at + i, mask).mul(factor).intoArray(y, at + i, mask);
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

  /** Stores e^(x − max) and returns the sum; NaN if there is one in the row. */
  static float exponentials(float[] x, int at, float[] y, int to, int n, float max) {
    int whole = S.loopBound(n);
    float sum = exponentialsOfWhole(x, at, y, to, whole, max);
    return whole == n ? sum : sum + exponentialsOfRest(x, at, y, to, whole, n, max);
  }

  private static float exponentialsOfWhole(
      float[] x, int at, float[] y, int to, int whole, float max) {
    var sum = FloatVector.zero(S);
    for (int i = 0; i < whole; i += S.length()) {
      var e = VectorMath.expOfNegative(FloatVector.fromArray(S, x, at + i).sub(max));
      e.intoArray(y, to + i);
      sum = sum.add(e);
    }
    return VectorMath.sum(sum);
  }

  private static float exponentialsOfRest(
      float[] x, int at, float[] y, int to, int i, int n, float max) {
    var mask = S.indexInRange(i, n);
    var e = VectorMath.expOfNegative(FloatVector.fromArray(S, x, at + i, mask).sub(max));
    e.intoArray(y, to + i, mask);
    return VectorMath.sum(FloatVector.zero(S).blend(e, mask));
  }
}
