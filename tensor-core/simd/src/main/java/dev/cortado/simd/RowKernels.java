package dev.cortado.simd;

import jdk.incubator.vector.FloatVector;
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
}
