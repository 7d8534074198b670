package dev.cortado.simd;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Packing: copies a strip of a matrix into the order in which a {@link Tile} reads it. A panel
 * holds {@code width} floats for k = 0, then {@code width} floats for k = 1, and so on; lanes
 * beyond {@code valid} are zero. The tile then reads memory strictly forwards, whatever the strides
 * of the matrix were.
 */
final class Panels {
  private Panels() {}

  /**
   * Packs one panel: {@code dst[at + k·width + lane] = src[from + k·kStride + lane·laneStride]}.
   *
   * @param kc how many k
   * @param width lanes of the panel
   * @param valid lanes that exist in {@code src}
   */
  static void pack(
      float[] src,
      int from,
      int kStride,
      int laneStride,
      int kc,
      int width,
      int valid,
      float[] dst,
      int at) {
    if (valid < width) {
      Arrays.fill(dst, at, at + kc * width, 0f);
    }
    if (laneStride == 1) {
      copy(src, from, kStride, kc, width, valid, dst, at);
    } else {
      transpose(src, from, kStride, laneStride, kc, width, valid, dst, at);
    }
  }

  /** Packs rows of {@code valid} neighbouring floats; leaves the other lanes alone. */
  static void copy(
      float[] src, int from, int kStride, int kc, int width, int valid, float[] dst, int at) {
    int lane = 0;
    for (; lane + 2 * Lanes.COUNT <= valid; lane += 2 * Lanes.COUNT) {
      copyTwo(src, from + lane, kStride, kc, width, dst, at + lane);
    }
    for (; lane < valid; lane += Lanes.COUNT) {
      copyMasked(src, from + lane, kStride, kc, width, valid - lane, dst, at + lane);
    }
  }

  private static void copyTwo(
      float[] src, int from, int kStride, int kc, int width, float[] dst, int at) {
    int s = from;
    for (int k = 0; k < kc; k++) {
      var x = FloatVector.fromArray(Lanes.F32, src, s);
      var y = FloatVector.fromArray(Lanes.F32, src, s + Lanes.COUNT);
      x.intoArray(dst, at + k * width);
      y.intoArray(dst, at + k * width + Lanes.COUNT);
      s += kStride;
    }
  }

  private static void copyMasked(
      float[] src, int from, int kStride, int kc, int width, int lanes, float[] dst, int at) {
    var mask = Lanes.first(lanes);
    int s = from;
    for (int k = 0; k < kc; k++) {
      FloatVector.fromArray(Lanes.F32, src, s, mask).intoArray(dst, at + k * width, mask);
      s += kStride;
    }
  }

  private static void transpose(
      float[] src,
      int from,
      int kStride,
      int laneStride,
      int kc,
      int width,
      int valid,
      float[] dst,
      int at) {
    int lane = 0;
    if (kStride == 1) {
      for (; lane + 4 <= valid; lane += 4) {
        transposeFour(src, from + lane * laneStride, laneStride, kc, width, dst, at + lane);
      }
    }
    for (; lane < valid; lane++) {
      int s = from + lane * laneStride;
      int d = at + lane;
      for (int k = 0; k < kc; k++) {
        dst[d + k * width] = src[s + k * kStride];
      }
    }
  }

  private static void transposeFour(
      float[] src, int from, int laneStride, int kc, int width, float[] dst, int at) {
    int s1 = from + laneStride;
    int s2 = s1 + laneStride;
    int s3 = s2 + laneStride;
    int d = at;
    for (int k = 0; k < kc; k++) {
      dst[d] = src[from + k];
      dst[d + 1] = src[s1 + k];
      dst[d + 2] = src[s2 + k];
      dst[d + 3] = src[s3 + k];
      d += width;
    }
  }
}
