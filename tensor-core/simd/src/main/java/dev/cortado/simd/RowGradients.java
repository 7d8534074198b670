package dev.cortado.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The gradients of softmax on one contiguous row; see {@link RowKernels}. */
final class RowGradients {
  private static final VectorSpecies<Float> S = Lanes.F32;

  /** Elements that are added up in single precision; the errors of longer sums would show. */
  private static final int PIECE = 2048;

  private RowGradients() {}

  /** Stores y · (g − Σ g · y). */
  static void softmax(float[] g, int gAt, float[] y, int yAt, float[] out, int to, int n) {
    int whole = S.loopBound(n);
    double total = whole < n ? dotOfRest(g, gAt, y, yAt, whole, n) : 0;
    for (int from = 0; from < whole; from += PIECE) {
      total += dotOfWhole(g, gAt + from, y, yAt + from, Math.min(PIECE, whole - from));
    }
    float sum = (float) total;
    int i = 0;
    for (; i < whole; i += S.length()) {
      FloatVector.fromArray(S, g, gAt + i)
          .sub(sum)
          .mul(FloatVector.fromArray(S, y, yAt + i))
          .intoArray(out, to + i);
    }
    if (i < n) {
      var mask = S.indexInRange(i, n);
      FloatVector.fromArray(S, g, gAt + i, mask)
          .sub(sum)
          .mul(FloatVector.fromArray(S, y, yAt + i, mask))
          .intoArray(out, to + i, mask);
    }
  }

  /** Two sums, for one would wait for itself. */
  private static float dotOfWhole(float[] g, int gAt, float[] y, int yAt, int whole) {
    var sum = FloatVector.zero(S);
    var other = FloatVector.zero(S);
    int i = 0;
    for (; i <= whole - 2 * S.length(); i += 2 * S.length()) {
      int j = i + S.length();
      sum = FloatVector.fromArray(S, g, gAt + i).fma(FloatVector.fromArray(S, y, yAt + i), sum);
      other = FloatVector.fromArray(S, g, gAt + j).fma(FloatVector.fromArray(S, y, yAt + j), other);
    }
    for (; i < whole; i += S.length()) {
      sum = FloatVector.fromArray(S, g, gAt + i).fma(FloatVector.fromArray(S, y, yAt + i), sum);
    }
    return VectorMath.sum(sum.add(other));
  }

  private static float dotOfRest(float[] g, int gAt, float[] y, int yAt, int i, int n) {
    var mask = S.indexInRange(i, n);
    return VectorMath.sum(
        FloatVector.fromArray(S, g, gAt + i, mask).mul(FloatVector.fromArray(S, y, yAt + i, mask)));
  }

  /** Stores g − e^y · Σ g. */
  static void logSoftmax(float[] g, int gAt, float[] y, int yAt, float[] out, int to, int n) {
    double total = 0;
    for (int from = 0; from < n; from += PIECE) {
      total += RowKernels.sum(g, gAt + from, Math.min(PIECE, n - from));
    }
    var sum = FloatVector.broadcast(S, (float) -total);
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      VectorMath.exp(FloatVector.fromArray(S, y, yAt + i))
          .fma(sum, FloatVector.fromArray(S, g, gAt + i))
          .intoArray(out, to + i);
    }
    if (i < n) {
      var mask = S.indexInRange(i, n);
      VectorMath.exp(FloatVector.fromArray(S, y, yAt + i, mask))
          .fma(sum, FloatVector.fromArray(S, g, gAt + i, mask))
          .intoArray(out, to + i, mask);
    }
  }
}
