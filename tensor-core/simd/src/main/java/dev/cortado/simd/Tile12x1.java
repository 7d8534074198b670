package dev.cortado.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A register tile of 12 rows by 1 vector: 12 accumulators, for 32 vector registers and results that
 * are one vector wide. Written out by hand because C2 keeps vectors in registers only as local
 * variables. See {@link Tile}.
 */
final class Tile12x1 extends Tile {
  private static final VectorSpecies<Float> S = Lanes.F32;
  private static final int L = Lanes.COUNT;
  private static final int MR = 12;
  private static final int NR = L;

  Tile12x1() {
    super(MR, 1);
  }

  @Override
  void packed(
      int kc, float[] a, int ao, float[] b, int bo, float[] c, int co, int ldc, boolean add) {
    var c0_0 = FloatVector.zero(S);
    var c1_0 = FloatVector.zero(S);
    var c2_0 = FloatVector.zero(S);
    var c3_0 = FloatVector.zero(S);
    var c4_0 = FloatVector.zero(S);
    var c5_0 = FloatVector.zero(S);
    var c6_0 = FloatVector.zero(S);
    var c7_0 = FloatVector.zero(S);
    var c8_0 = FloatVector.zero(S);
    var c9_0 = FloatVector.zero(S);
    var c10_0 = FloatVector.zero(S);
    var c11_0 = FloatVector.zero(S);
    for (int k = 0; k < kc; k++) {
      var b0 = FloatVector.fromArray(S, b, bo + k * NR);
      var x = FloatVector.broadcast(S, a[ao + k * MR]);
      c0_0 = x.fma(b0, c0_0);
      x = FloatVector.broadcast(S, a[ao + k * MR + 1]);
      c1_0 = x.fma(b0, c1_0);
      x = FloatVector.broadcast(S, a[ao + k * MR + 2]);
      c2_0 = x.fma(b0, c2_0);
      x = FloatVector.broadcast(S, a[ao + k * MR + 3]);
      c3_0 = x.fma(b0, c3_0);
      x = FloatVector.broadcast(S, a[ao + k * MR + 4]);
      c4_0 = x.fma(b0, c4_0);
      x = FloatVector.broadcast(S, a[ao + k * MR + 5]);
      c5_0 = x.fma(b0, c5_0);
      x = FloatVector.broadcast(S, a[ao + k * MR + 6]);
      c6_0 = x.fma(b0, c6_0);
      x = FloatVector.broadcast(S, a[ao + k * MR + 7]);
      c7_0 = x.fma(b0, c7_0);
      x = FloatVector.broadcast(S, a[ao + k * MR + 8]);
      c8_0 = x.fma(b0, c8_0);
      x = FloatVector.broadcast(S, a[ao + k * MR + 9]);
      c9_0 = x.fma(b0, c9_0);
      x = FloatVector.broadcast(S, a[ao + k * MR + 10]);
      c10_0 = x.fma(b0, c10_0);
      x = FloatVector.broadcast(S, a[ao + k * MR + 11]);
      c11_0 = x.fma(b0, c11_0);
    }
    if (add) {
      c0_0 = c0_0.add(FloatVector.fromArray(S, c, co));
      c1_0 = c1_0.add(FloatVector.fromArray(S, c, co + ldc));
      c2_0 = c2_0.add(FloatVector.fromArray(S, c, co + 2 * ldc));
      c3_0 = c3_0.add(FloatVector.fromArray(S, c, co + 3 * ldc));
      c4_0 = c4_0.add(FloatVector.fromArray(S, c, co + 4 * ldc));
      c5_0 = c5_0.add(FloatVector.fromArray(S, c, co + 5 * ldc));
      c6_0 = c6_0.add(FloatVector.fromArray(S, c, co + 6 * ldc));
      c7_0 = c7_0.add(FloatVector.fromArray(S, c, co + 7 * ldc));
      c8_0 = c8_0.add(FloatVector.fromArray(S, c, co + 8 * ldc));
      c9_0 = c9_0.add(FloatVector.fromArray(S, c, co + 9 * ldc));
      c10_0 = c10_0.add(FloatVector.fromArray(S, c, co + 10 * ldc));
      c11_0 = c11_0.add(FloatVector.fromArray(S, c, co + 11 * ldc));
    }
    c0_0.intoArray(c, co);
    c1_0.intoArray(c, co + ldc);
    c2_0.intoArray(c, co + 2 * ldc);
    c3_0.intoArray(c, co + 3 * ldc);
    c4_0.intoArray(c, co + 4 * ldc);
    c5_0.intoArray(c, co + 5 * ldc);
    c6_0.intoArray(c, co + 6 * ldc);
    c7_0.intoArray(c, co + 7 * ldc);
    c8_0.intoArray(c, co + 8 * ldc);
    c9_0.intoArray(c, co + 9 * ldc);
    c10_0.intoArray(c, co + 10 * ldc);
    c11_0.intoArray(c, co + 11 * ldc);
  }

  @Override
  void rows(
      int len,
      int[] segments,
      int firstSegment,
      int segmentCount,
      float[] a,
      int[] rows,
      int firstRow,
      float[] b,
      int bo,
      float[] c,
      int co,
      int ldc,
      boolean add) {
    var c0_0 = FloatVector.zero(S);
    var c1_0 = FloatVector.zero(S);
    var c2_0 = FloatVector.zero(S);
    var c3_0 = FloatVector.zero(S);
    var c4_0 = FloatVector.zero(S);
    var c5_0 = FloatVector.zero(S);
    var c6_0 = FloatVector.zero(S);
    var c7_0 = FloatVector.zero(S);
    var c8_0 = FloatVector.zero(S);
    var c9_0 = FloatVector.zero(S);
    var c10_0 = FloatVector.zero(S);
    var c11_0 = FloatVector.zero(S);
    for (int s = 0; s < segmentCount; s++) {
      int ao = segments[firstSegment + s];
      int bs = bo + s * len * NR;
      int a0 = ao + rows[firstRow];
      int a1 = ao + rows[firstRow + 1];
      int a2 = ao + rows[firstRow + 2];
      int a3 = ao + rows[firstRow + 3];
      int a4 = ao + rows[firstRow + 4];
      int a5 = ao + rows[firstRow + 5];
      int a6 = ao + rows[firstRow + 6];
      int a7 = ao + rows[firstRow + 7];
      int a8 = ao + rows[firstRow + 8];
      int a9 = ao + rows[firstRow + 9];
      int a10 = ao + rows[firstRow + 10];
      int a11 = ao + rows[firstRow + 11];
      for (int k = 0; k < len; k++) {
        var b0 = FloatVector.fromArray(S, b, bs + k * NR);
        var x = FloatVector.broadcast(S, a[a0 + k]);
        c0_0 = x.fma(b0, c0_0);
        x = FloatVector.broadcast(S, a[a1 + k]);
        c1_0 = x.fma(b0, c1_0);
        x = FloatVector.broadcast(S, a[a2 + k]);
        c2_0 = x.fma(b0, c2_0);
        x = FloatVector.broadcast(S, a[a3 + k]);
        c3_0 = x.fma(b0, c3_0);
        x = FloatVector.broadcast(S, a[a4 + k]);
        c4_0 = x.fma(b0, c4_0);
        x = FloatVector.broadcast(S, a[a5 + k]);
        c5_0 = x.fma(b0, c5_0);
        x = FloatVector.broadcast(S, a[a6 + k]);
        c6_0 = x.fma(b0, c6_0);
        x = FloatVector.broadcast(S, a[a7 + k]);
        c7_0 = x.fma(b0, c7_0);
        x = FloatVector.broadcast(S, a[a8 + k]);
        c8_0 = x.fma(b0, c8_0);
        x = FloatVector.broadcast(S, a[a9 + k]);
        c9_0 = x.fma(b0, c9_0);
        x = FloatVector.broadcast(S, a[a10 + k]);
        c10_0 = x.fma(b0, c10_0);
        x = FloatVector.broadcast(S, a[a11 + k]);
        c11_0 = x.fma(b0, c11_0);
      }
    }
    if (add) {
      c0_0 = c0_0.add(FloatVector.fromArray(S, c, co));
      c1_0 = c1_0.add(FloatVector.fromArray(S, c, co + ldc));
      c2_0 = c2_0.add(FloatVector.fromArray(S, c, co + 2 * ldc));
      c3_0 = c3_0.add(FloatVector.fromArray(S, c, co + 3 * ldc));
      c4_0 = c4_0.add(FloatVector.fromArray(S, c, co + 4 * ldc));
      c5_0 = c5_0.add(FloatVector.fromArray(S, c, co + 5 * ldc));
      c6_0 = c6_0.add(FloatVector.fromArray(S, c, co + 6 * ldc));
      c7_0 = c7_0.add(FloatVector.fromArray(S, c, co + 7 * ldc));
      c8_0 = c8_0.add(FloatVector.fromArray(S, c, co + 8 * ldc));
      c9_0 = c9_0.add(FloatVector.fromArray(S, c, co + 9 * ldc));
      c10_0 = c10_0.add(FloatVector.fromArray(S, c, co + 10 * ldc));
      c11_0 = c11_0.add(FloatVector.fromArray(S, c, co + 11 * ldc));
    }
    c0_0.intoArray(c, co);
    c1_0.intoArray(c, co + ldc);
    c2_0.intoArray(c, co + 2 * ldc);
    c3_0.intoArray(c, co + 3 * ldc);
    c4_0.intoArray(c, co + 4 * ldc);
    c5_0.intoArray(c, co + 5 * ldc);
    c6_0.intoArray(c, co + 6 * ldc);
    c7_0.intoArray(c, co + 7 * ldc);
    c8_0.intoArray(c, co + 8 * ldc);
    c9_0.intoArray(c, co + 9 * ldc);
    c10_0.intoArray(c, co + 10 * ldc);
    c11_0.intoArray(c, co + 11 * ldc);
  }
}
