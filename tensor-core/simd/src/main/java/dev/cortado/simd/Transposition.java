package dev.cortado.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Turns rows into columns, a vector's length of either at a time: packing where the numbers of a
 * lane are neighbours.
 *
 * <p>Vectors that hold some k of four rows each exchange neighbouring lanes, then neighbouring
 * pairs of lanes:
 *
 * <pre>
 *   a0 a1 a2 a3 …      a0 b0 a2 b2 …      a0 b0 c0 d0 | a4 b4 c4 d4 | …
 *   b0 b1 b2 b3 …  ►   a1 b1 a3 b3 …  ►   a1 b1 c1 d1 | …
 *   c0 c1 c2 c3 …      c0 d0 c2 d2 …      a2 b2 c2 d2 | …
 *   d0 d1 d2 d3 …      c1 d1 c3 d3 …      a3 b3 c3 d3 | …
 * </pre>
 *
 * <p>The same once more with groups of four lanes, between the results of four such steps (of two
 * with vectors of 256 bits), leaves whole columns. In between the vectors wait in a scratch array:
 * there are more of them than registers on many a processor.
 */
final class Transposition {
  private static final VectorSpecies<Float> S = Lanes.F32;
  private static final int L = Lanes.COUNT;
  private static final int FOUR = 4;

  private static final VectorShuffle<Float> SWAP_1 = VectorShuffle.fromOp(S, i -> (i ^ 1) % L);
  private static final VectorShuffle<Float> SWAP_2 = VectorShuffle.fromOp(S, i -> (i ^ 2) % L);
  private static final VectorShuffle<Float> SWAP_4 = VectorShuffle.fromOp(S, i -> (i ^ 4) % L);
  private static final VectorShuffle<Float> SWAP_8 = VectorShuffle.fromOp(S, i -> (i ^ 8) % L);
  private static final VectorMask<Float> ODD_1 = VectorMask.fromLong(S, 0xAAAA);
  private static final VectorMask<Float> ODD_2 = VectorMask.fromLong(S, 0xCCCC);
  private static final VectorMask<Float> ODD_4 = VectorMask.fromLong(S, 0xF0F0);
  private static final VectorMask<Float> ODD_8 = VectorMask.fromLong(S, 0xFF00);

  private Transposition() {}

  /**
   * Tells whether {@code kc} numbers can be turned into panels {@code width} wide: at least a
   * vector of them, into whole vectors or a part of one.
   */
  static boolean fits(int kc, int width) {
    return L >= FOUR && kc >= L && (width <= L || width % L == 0);
  }

  /**
   * {@code dst[at + k·width + lane] = src[from + k + lane·laneStride]} for up to a vector of lanes.
   * Lanes past the last, if the panel has them, repeat it.
   *
   * @param lanes how many
   * @param kc how many k, at least a vector
   */
  static void turn(
      float[] src, int from, int laneStride, int lanes, int kc, int width, float[] dst, int at) {
    float[] scratch = Workspace.current().floats(Workspace.TURNED, 2 * L * L);
    boolean whole = width % L == 0;
    int last = lanes - 1;
    for (int k = 0; k < kc; k += L) {
      // The last vectors may begin before the end of those before; both write the same there.
      int first = Math.min(k, kc - L);
      for (int lane = 0; lane < L; lane += FOUR) {
        int r0 = from + first + Math.min(lane, last) * laneStride;
        int r1 = from + first + Math.min(lane + 1, last) * laneStride;
        int r2 = from + first + Math.min(lane + 2, last) * laneStride;
        int r3 = from + first + Math.min(lane + 3, last) * laneStride;
        fourRows(src, r0, r1, r2, r3, scratch, lane * L);
      }
      if (whole) {
        columns(scratch, dst, at + first * width, width);
      } else {
        columns(scratch, scratch, L * L, L);
        Panels.copy(scratch, L * L, L, L, width, width, dst, at + first * width);
      }
    }
  }

  private static void fourRows(float[] src, int r0, int r1, int r2, int r3, float[] dst, int at) {
    var a = FloatVector.fromArray(S, src, r0);
    var b = FloatVector.fromArray(S, src, r1);
    var c = FloatVector.fromArray(S, src, r2);
    var d = FloatVector.fromArray(S, src, r3);
    var ab = even(a, b, SWAP_1, ODD_1);
    var ba = odd(a, b, SWAP_1, ODD_1);
    var cd = even(c, d, SWAP_1, ODD_1);
    var dc = odd(c, d, SWAP_1, ODD_1);
    even(ab, cd, SWAP_2, ODD_2).intoArray(dst, at);
    even(ba, dc, SWAP_2, ODD_2).intoArray(dst, at + L);
    odd(ab, cd, SWAP_2, ODD_2).intoArray(dst, at + 2 * L);
    odd(ba, dc, SWAP_2, ODD_2).intoArray(dst, at + 3 * L);
  }

  /** Puts the groups of four lanes of each k together, and writes a column every {@code width}. */
  private static void columns(float[] scratch, float[] dst, int at, int width) {
    for (int i = 0; i < FOUR; i++) {
      fourColumns(scratch, i * L, dst, at + i * width, FOUR * width);
    }
  }

  private static void fourColumns(float[] src, int from, float[] dst, int at, int step) {
    var a = FloatVector.fromArray(S, src, from);
    if (L == FOUR) {
      a.intoArray(dst, at);
      return;
    }
    var b = FloatVector.fromArray(S, src, from + FOUR * L);
    var ab = even(a, b, SWAP_4, ODD_4);
    var ba = odd(a, b, SWAP_4, ODD_4);
    if (L == 2 * FOUR) {
      ab.intoArray(dst, at);
      ba.intoArray(dst, at + step);
      return;
    }
    var c = FloatVector.fromArray(S, src, from + 2 * FOUR * L);
    var d = FloatVector.fromArray(S, src, from + 3 * FOUR * L);
    var cd = even(c, d, SWAP_4, ODD_4);
    var dc = odd(c, d, SWAP_4, ODD_4);
    even(ab, cd, SWAP_8, ODD_8).intoArray(dst, at);
    even(ba, dc, SWAP_8, ODD_8).intoArray(dst, at + step);
    odd(ab, cd, SWAP_8, ODD_8).intoArray(dst, at + 2 * step);
    odd(ba, dc, SWAP_8, ODD_8).intoArray(dst, at + 3 * step);
  }

  /** Returns the even groups of both vectors: of a pair of groups the first is {@code a}'s. */
  private static FloatVector even(
      FloatVector a, FloatVector b, VectorShuffle<Float> swap, VectorMask<Float> odd) {
    return a.blend(b.rearrange(swap), odd);
  }

  /** Returns the odd groups of both vectors. */
  private static FloatVector odd(
      FloatVector a, FloatVector b, VectorShuffle<Float> swap, VectorMask<Float> odd) {
    return a.rearrange(swap).blend(b, odd);
  }
}
