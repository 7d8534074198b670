package dev.cortado.simd;

import dev.cortado.tensor.Parallel;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * Products with very few rows, {@code C[m,n] (+)= A[m,k] · B[k,n]} where both operands are
 * contiguous along k: a classifier's head for one image. Each number of B is used only m times, so
 * packing B would cost more than the product; each result is a dot product instead, four columns of
 * B at a time.
 */
final class DotProducts {
  /** More rows than this are worth packing for. */
  private static final int MAX_ROWS = 8;

  private static final VectorSpecies<Float> S = Lanes.F32;
  private static final int CHUNK_WORK = 1 << 14;

  private DotProducts() {}

  /** Tells whether this is the way to compute a product of {@code m} rows. */
  static boolean fits(int m, MatrixView a, MatrixView b) {
    return m <= MAX_ROWS && a.colStride() == 1 && b.rowStride() == 1;
  }

  /** Computes the product; see {@link Gemm#multiply}. */
  static void multiply(
      int m,
      int n,
      int k,
      MatrixView a,
      MatrixView b,
      float[] c,
      int cOffset,
      int ldc,
      boolean add,
      @Nullable TileEpilogue epilogue) {
    int perChunk = Lanes.roundUp(Math.max(1, CHUNK_WORK / k), 4);
    Parallel.ranges(
        n,
        perChunk,
        (from, to) -> {
          float[] lanes = Workspace.current().floats(Workspace.DOTS, 4 * S.length());
          for (int i = 0; i < m; i++) {
            int row = a.offset() + i * a.rowStride();
            int out = cOffset + i * ldc;
            int j = from;
            for (; j + 4 <= to; j += 4) {
              int col = b.offset() + j * b.colStride();
              four(k, a.data(), row, b.data(), col, b.colStride(), lanes);
              for (int q = 0; q < 4; q++) {
                float dot = sum(lanes, q * S.length());
                c[out + j + q] = add ? c[out + j + q] + dot : dot;
              }
            }
            for (; j < to; j++) {
              float dot = one(k, a.data(), row, b.data(), b.offset() + j * b.colStride(), lanes);
              c[out + j] = add ? c[out + j] + dot : dot;
            }
          }
          if (epilogue != null) {
            epilogue.apply(c, cOffset + from, ldc, 0, from, m, to - from);
          }
        });
  }

  private static void four(
      int k, float[] a, int row, float[] b, int col, int stride, float[] lanes) {
    int b1 = col + stride;
    int b2 = b1 + stride;
    int b3 = b2 + stride;
    var s0 = FloatVector.zero(S);
    var s1 = FloatVector.zero(S);
    var s2 = FloatVector.zero(S);
    var s3 = FloatVector.zero(S);
    int p = 0;
    int end = S.loopBound(k);
    for (; p < end; p += S.length()) {
      var x = FloatVector.fromArray(S, a, row + p);
      s0 = x.fma(FloatVector.fromArray(S, b, col + p), s0);
      s1 = x.fma(FloatVector.fromArray(S, b, b1 + p), s1);
      s2 = x.fma(FloatVector.fromArray(S, b, b2 + p), s2);
      s3 = x.fma(FloatVector.fromArray(S, b, b3 + p), s3);
    }
    if (p < k) {
      var mask = S.indexInRange(p, k);
      var x = FloatVector.fromArray(S, a, row + p, mask);
      s0 = x.fma(FloatVector.fromArray(S, b, col + p, mask), s0);
      s1 = x.fma(FloatVector.fromArray(S, b, b1 + p, mask), s1);
      s2 = x.fma(FloatVector.fromArray(S, b, b2 + p, mask), s2);
      s3 = x.fma(FloatVector.fromArray(S, b, b3 + p, mask), s3);
    }
    s0.intoArray(lanes, 0);
    s1.intoArray(lanes, S.length());
    s2.intoArray(lanes, 2 * S.length());
    s3.intoArray(lanes, 3 * S.length());
  }

  /** Adds up a vector's lanes in a fixed order, which {@code reduceLanes} does not promise. */
  private static float sum(float[] lanes, int at) {
    for (int half = S.length() / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        lanes[at + i] += lanes[at + i + half];
      }
    }
    return lanes[at];
  }

  private static float one(int k, float[] a, int row, float[] b, int col, float[] lanes) {
    var sum = FloatVector.zero(S);
    int p = 0;
    int end = S.loopBound(k);
    for (; p < end; p += S.length()) {
      sum = FloatVector.fromArray(S, a, row + p).fma(FloatVector.fromArray(S, b, col + p), sum);
    }
    if (p < k) {
      var mask = S.indexInRange(p, k);
      var x = FloatVector.fromArray(S, a, row + p, mask);
      sum = x.fma(FloatVector.fromArray(S, b, col + p, mask), sum);
    }
    sum.intoArray(lanes, 0);
    return sum(lanes, 0);
  }
}
