package dev.cortado.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A register tile of 3 rows by 3 vectors: 9 accumulators, for 16 vector registers. Written out by
 * hand because C2 keeps vectors in registers only as local variables. See {@link Tile}.
 */
final class Tile3x3 extends Tile {
  private static final VectorSpecies<Float> S = Lanes.F32;
  private static final int L = Lanes.COUNT;
  private static final int MR = 3;
  private static final int NR = 3 * L;

  Tile3x3() {
    super(MR, 3);
  }

  @Override
  void packed(
      int kc, float[] a, int ao, float[] b, int bo, float[] c, int co, int ldc, boolean add) {
    var c0_0 = FloatVector.zero(S);
    var c0_1 = FloatVector.zero(S);
    var c0_2 = FloatVector.zero(S);
    var c1_0 = FloatVector.zero(S);
    var c1_1 = FloatVector.zero(S);
    var c1_2 = FloatVector.zero(S);
    var c2_0 = FloatVector.zero(S);
    var c2_1 = FloatVector.zero(S);
    var c2_2 = FloatVector.zero(S);
    for (int k = 0; k < kc; k++) {
      var b0 = FloatVector.fromArray(S, b, bo + k * NR);
      var b1 = FloatVector.fromArray(S, b, bo + k * NR + L);
      var b2 = FloatVector.fromArray(S, b, bo + k * NR + 2 * L);
      var x = FloatVector.broadcast(S, a[ao + k * MR]);
      c0_0 = x.fma(b0, c0_0);
      c0_1 = x.fma(b1, c0_1);
      c0_2 = x.fma(b2, c0_2);
      x = FloatVector.broadcast(S, a[ao + k * MR + 1]);
      c1_0 = x.fma(b0, c1_0);
      c1_1 = x.fma(b1, c1_1);
      c1_2 = x.fma(b2, c1_2);
      x = FloatVector.broadcast(S, a[ao + k * MR + 2]);
      c2_0 = x.fma(b0, c2_0);
      c2_1 = x.fma(b1, c2_1);
      c2_2 = x.fma(b2, c2_2);
    }
    if (add) {
      c0_0 = c0_0.add(FloatVector.fromArray(S, c, co));
      c0_1 = c0_1.add(FloatVector.fromArray(S, c, co + L));
      c0_2 = c0_2.add(FloatVector.fromArray(S, c, co + 2 * L));
      c1_0 = c1_0.add(FloatVector.fromArray(S, c, co + ldc));
      c1_1 = c1_1.add(FloatVector.fromArray(S, c, co + ldc + L));
      c1_2 = c1_2.add(FloatVector.fromArray(S, c, co + ldc + 2 * L));
      c2_0 = c2_0.add(FloatVector.fromArray(S, c, co + 2 * ldc));
      c2_1 = c2_1.add(FloatVector.fromArray(S, c, co + 2 * ldc + L));
      c2_2 = c2_2.add(FloatVector.fromArray(S, c, co + 2 * ldc + 2 * L));
    }
    c0_0.intoArray(c, co);
    c0_1.intoArray(c, co + L);
    c0_2.intoArray(c, co + 2 * L);
    c1_0.intoArray(c, co + ldc);
    c1_1.intoArray(c, co + ldc + L);
    c1_2.intoArray(c, co + ldc + 2 * L);
    c2_0.intoArray(c, co + 2 * ldc);
    c2_1.intoArray(c, co + 2 * ldc + L);
    c2_2.intoArray(c, co + 2 * ldc + 2 * L);
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
    var c0_2 = FloatVector.zero(S);
    var c1_0 = FloatVector.zero(S);
    var c1_1 = FloatVector.zero(S);
    var c1_2 = FloatVector.zero(S);
    var c2_0 = FloatVector.zero(S);
    var c2_1 = FloatVector.zero(S);
    var c2_2 = FloatVector.zero(S);
    for (int s = 0; s < segmentCount; s++) {
      int ao = segments[firstSegment + s];
      int bs = bo + s * len * NR;
      int a0 = ao + rows[firstRow];
      int a1 = ao + rows[firstRow + 1];
      int a2 = ao + rows[firstRow + 2];
      for (int k = 0; k < len; k++) {
        var b0 = FloatVector.fromArray(S, b, bs + k * NR);
        var b1 = FloatVector.fromArray(S, b, bs + k * NR + L);
        var b2 = FloatVector.fromArray(S, b, bs + k * NR + 2 * L);
        var x = FloatVector.broadcast(S, a[a0 + k]);
        c0_0 = x.fma(b0, c0_0);
        c0_1 = x.fma(b1, c0_1);
        c0_2 = x.fma(b2, c0_2);
        x = FloatVector.broadcast(S, a[a1 + k]);
        c1_0 = x.fma(b0, c1_0);
        c1_1 = x.fma(b1, c1_1);
        c1_2 = x.fma(b2, c1_2);
        x = FloatVector.broadcast(S, a[a2 + k]);
        c2_0 = x.fma(b0, c2_0);
        c2_1 = x.fma(b1, c2_1);
        c2_2 = x.fma(b2, c2_2);
      }
    }
    if (add) {
      c0_0 = c0_0.add(FloatVector.fromArray(S, c, co));
      c0_1 = c0_1.add(FloatVector.fromArray(S, c, co + L));
      c0_2 = c0_2.add(FloatVector.fromArray(S, c, co + 2 * L));
      c1_0 = c1_0.add(FloatVector.fromArray(S, c, co + ldc));
      c1_1 = c1_1.add(FloatVector.fromArray(S, c, co + ldc + L));
      c1_2 = c1_2.add(FloatVector.fromArray(S, c, co + ldc + 2 * L));
      c2_0 = c2_0.add(FloatVector.fromArray(S, c, co + 2 * ldc));
      c2_1 = c2_1.add(FloatVector.fromArray(S, c, co + 2 * ldc + L));
      c2_2 = c2_2.add(FloatVector.fromArray(S, c, co + 2 * ldc + 2 * L));
    }
    c0_0.intoArray(c, co);
    c0_1.intoArray(c, co + L);
    c0_2.intoArray(c, co + 2 * L);
    c1_0.intoArray(c, co + ldc);
    c1_1.intoArray(c, co + ldc + L);
    c1_2.intoArray(c, co + ldc + 2 * L);
    c2_0.intoArray(c, co + 2 * ldc);
    c2_1.intoArray(c, co + 2 * ldc + L);
    c2_2.intoArray(c, co + 2 * ldc + 2 * L);
  }
}
