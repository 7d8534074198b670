package dev.cortado.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A register tile of 4 rows by 2 vectors: 8 accumulators, for 16 vector registers, and for the last
 * rows on machines with 32. Written out by hand because C2 keeps vectors in registers only as local
 * variables. See {@link Tile}.
 */
final class Tile4x2 extends Tile {
  private static final VectorSpecies<Float> S = Lanes.F32;
  private static final int L = Lanes.COUNT;
  private static final int MR = 4;
  private static final int NR = 2 * L;

  Tile4x2() {
    super(MR, 2);
  }

  @Override
  void packed(
      int kc, float[] a, int ao, float[] b, int bo, float[] c, int co, int ldc, boolean add) {
    var c0_0 = FloatVector.zero(S);
    var c0_1 = FloatVector.zero(S);
    var c1_0 = FloatVector.zero(S);
    var c1_1 = FloatVector.zero(S);
    var c2_0 = FloatVector.zero(S);
    var c2_1 = FloatVector.zero(S);
    var c3_0 = FloatVector.zero(S);
    var c3_1 = FloatVector.zero(S);
    for (int k = 0; k < kc; k++) {
      var b0 = FloatVector.fromArray(S, b, bo + k * NR);
      var b1 = FloatVector.fromArray(S, b, bo + k * NR + L);
      var x = FloatVector.broadcast(S, a[ao + k * MR]);
      c0_0 = x.fma(b0, c0_0);
      c0_1 = x.fma(b1, c0_1);
      x = FloatVector.broadcast(S, a[ao + k * MR + 1]);
      c1_0 = x.fma(b0, c1_0);
      c1_1 = x.fma(b1, c1_1);
      x = FloatVector.broadcast(S, a[ao + k * MR + 2]);
      c2_0 = x.fma(b0, c2_0);
      c2_1 = x.fma(b1, c2_1);
      x = FloatVector.broadcast(S, a[ao + k * MR + 3]);
      c3_0 = x.fma(b0, c3_0);
      c3_1 = x.fma(b1, c3_1);
    }
    if (add) {
      c0_0 = c0_0.add(FloatVector.fromArray(S, c, co));
      c0_1 = c0_1.add(FloatVector.fromArray(S, c, co + L));
      c1_0 = c1_0.add(FloatVector.fromArray(S, c, co + ldc));
      c1_1 = c1_1.add(FloatVector.fromArray(S, c, co + ldc + L));
      c2_0 = c2_0.add(FloatVector.fromArray(S, c, co + 2 * ldc));
      c2_1 = c2_1.add(FloatVector.fromArray(S, c, co + 2 * ldc + L));
      c3_0 = c3_0.add(FloatVector.fromArray(S, c, co + 3 * ldc));
      c3_1 = c3_1.add(FloatVector.fromArray(S, c, co + 3 * ldc + L));
    }
    c0_0.intoArray(c, co);
    c0_1.intoArray(c, co + L);
    c1_0.intoArray(c, co + ldc);
    c1_1.intoArray(c, co + ldc + L);
    c2_0.intoArray(c, co + 2 * ldc);
    c2_1.intoArray(c, co + 2 * ldc + L);
    c3_0.intoArray(c, co + 3 * ldc);
    c3_1.intoArray(c, co + 3 * ldc + L);
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
    var c0_1 = FloatVector.zero(S);
    var c1_0 = FloatVector.zero(S);
    var c1_1 = FloatVector.zero(S);
    var c2_0 = FloatVector.zero(S);
    var c2_1 = FloatVector.zero(S);
    var c3_0 = FloatVector.zero(S);
    var c3_1 = FloatVector.zero(S);
    for (int s = 0; s < segmentCount; s++) {
      int ao = segments[firstSegment + s];
      int bs = bo + s * len * NR;
      int a0 = ao + rows[firstRow];
      int a1 = ao + rows[firstRow + 1];
      int a2 = ao + rows[firstRow + 2];
      int a3 = ao + rows[firstRow + 3];
      for (int k = 0; k < len; k++) {
        var b0 = FloatVector.fromArray(S, b, bs + k * NR);
        var b1 = FloatVector.fromArray(S, b, bs + k * NR + L);
        var x = FloatVector.broadcast(S, a[a0 + k]);
        c0_0 = x.fma(b0, c0_0);
        c0_1 = x.fma(b1, c0_1);
        x = FloatVector.broadcast(S, a[a1 + k]);
        c1_0 = x.fma(b0, c1_0);
        c1_1 = x.fma(b1, c1_1);
        x = FloatVector.broadcast(S, a[a2 + k]);
        c2_0 = x.fma(b0, c2_0);
        c2_1 = x.fma(b1, c2_1);
        x = FloatVector.broadcast(S, a[a3 + k]);
        c3_0 = x.fma(b0, c3_0);
        c3_1 = x.fma(b1, c3_1);
      }
    }
    if (add) {
      c0_0 = c0_0.add(FloatVector.fromArray(S, c, co));
      c0_1 = c0_1.add(FloatVector.fromArray(S, c, co + L));
      c1_0 = c1_0.add(FloatVector.fromArray(S, c, co + ldc));
      c1_1 = c1_1.add(FloatVector.fromArray(S, c, co + ldc + L));
      c2_0 = c2_0.add(FloatVector.fromArray(S, c, co + 2 * ldc));
      c2_1 = c2_1.add(FloatVector.fromArray(S, c, co + 2 * ldc + L));
      c3_0 = c3_0.add(FloatVector.fromArray(S, c, co + 3 * ldc));
      c3_1 = c3_1.add(FloatVector.fromArray(S, c, co + 3 * ldc + L));
    }
    c0_0.intoArray(c, co);
    c0_1.intoArray(c, co + L);
    c1_0.intoArray(c, co + ldc);
    c1_1.intoArray(c, co + ldc + L);
    c2_0.intoArray(c, co + 2 * ldc);
    c2_1.intoArray(c, co + 2 * ldc + L);
    c3_0.intoArray(c, co + 3 * ldc);
    c3_1.intoArray(c, co + 3 * ldc + L);
  }
}
