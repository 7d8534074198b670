package dev.cortado.simd;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Packing: copies a strip of a matrix into the order in which a {@link Tile} reads it. A panel
 * holds {@code width} floats for k = 0, then {@code width} floats for k = 1, and so on; lanes
 * beyond {@code valid} are zero. The tile then reads memory strictly forwards, whatever the strides
 * of the matrix were.
 */
final class Panels {
  private static final VectorSpecies<Float> S = Lanes.F32;
  private static final int L = Lanes.COUNT;

  /**
   * Floats between panels. Without a gap panels of 256 k would lie a multiple of 4 KiB apart, and
   * all of them compete for the same few places of the first-level cache while they are written
   * side by side.
   */
  private static final int GAP = 16;

  /** Rows up to this length are copied vector by vector; a call for each would cost more. */
  private static final int SHORT_ROW = 64;

  private Panels() {}

  /**
   * Returns the distance of neighbouring panels, which includes room for the surplus of a last
   * vector.
   */
  static int stride(int kc, int width) {
    return kc * width + GAP;
  }

  /** Returns the floats that panels for {@code lanes} lanes take. */
  static int size(int kc, int width, int lanes) {
    return Math.ceilDiv(lanes, width) * stride(kc, width);
  }

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

  /**
   * Packs {@code panels} whole panels whose lanes are neighbours in {@code src}, panel {@code p} to
   * {@code at + p·stride}. It goes through {@code src} row by row, so that memory is read forwards,
   * which is what the hardware fetches ahead.
   */
  static void packNeighbours(
      float[] src,
      int from,
      int kStride,
      int kc,
      int width,
      int panels,
      float[] dst,
      int at,
      int stride) {
    int lanes = panels * width;
    int room = src.length - lanes - L - from;
    // A row's last vector may reach into the panel's next rows, which are written later, but not
    // further.
    int reach = (Lanes.roundUp(width, L) + width - 1) / width;
    int whole =
        room < 0 ? 0 : Math.clamp(room / Math.max(1, kStride), 0, Math.max(0, kc - reach + 1));
    if (width <= L) {
      narrow(src, from, kStride, whole, width, panels, dst, at, stride);
    } else {
      wide(src, from, kStride, whole, width, panels, dst, at, stride);
    }
    for (int p = 0; p < panels; p++) {
      int s = from + whole * kStride + p * width;
      int d = at + p * stride + whole * width;
      copyMaskedRows(src, s, kStride, kc - whole, width, dst, d);
    }
  }

  private static void narrow(
      float[] src,
      int from,
      int kStride,
      int kc,
      int width,
      int panels,
      float[] dst,
      int at,
      int stride) {
    for (int k = 0; k < kc; k++) {
      int s = from + k * kStride;
      int d = at + k * width;
      for (int p = 0; p < panels; p++) {
        FloatVector.fromArray(S, src, s).intoArray(dst, d);
        s += width;
        d += stride;
      }
    }
  }

  private static void wide(
      float[] src,
      int from,
      int kStride,
      int kc,
      int width,
      int panels,
      float[] dst,
      int at,
      int stride) {
    for (int k = 0; k < kc; k++) {
      int s = from + k * kStride;
      int d = at + k * width;
      for (int p = 0; p < panels; p++) {
        for (int lane = 0; lane < width; lane += L) {
          FloatVector.fromArray(S, src, s + lane).intoArray(dst, d + lane);
        }
        s += width;
        d += stride;
      }
    }
  }

  private static void copyMaskedRows(
      float[] src, int from, int kStride, int kc, int width, float[] dst, int at) {
    for (int lane = 0; lane < width; lane += L) {
      copyMasked(src, from + lane, kStride, kc, width, width - lane, dst, at + lane);
    }
  }

  /** Packs rows of {@code valid} neighbouring floats; leaves the other lanes alone. */
  static void copy(
      float[] src, int from, int kStride, int kc, int width, int valid, float[] dst, int at) {
    if (valid == width && width < L) {
      copyOver(src, from, kStride, kc, width, dst, at);
      return;
    }
    int lane = 0;
    for (; lane + 2 * L <= valid; lane += 2 * L) {
      copyTwo(src, from + lane, kStride, kc, width, dst, at + lane);
    }
    if (lane + L <= valid) {
      copyOne(src, from + lane, kStride, kc, width, dst, at + lane);
      lane += L;
    }
    if (lane < valid) {
      copyMasked(src, from + lane, kStride, kc, width, valid - lane, dst, at + lane);
    }
  }

  /**
   * Copies {@code rows} rows of {@code length} floats: {@code dst[at + r·pitch + k] = src[from +
   * r·rowStride + k]}.
   */
  static void copyRows(
      float[] src, int from, int rowStride, int rows, int length, float[] dst, int at, int pitch) {
    if (length <= SHORT_ROW) {
      copy(src, from, rowStride, rows, pitch, length, dst, at);
      return;
    }
    for (int r = 0; r < rows; r++) {
      System.arraycopy(src, from + r * rowStride, dst, at + r * pitch, length);
    }
  }

  private static void copyTwo(
      float[] src, int from, int kStride, int kc, int width, float[] dst, int at) {
    int s = from;
    int d = at;
    for (int k = 0; k < kc; k++) {
      var x = FloatVector.fromArray(S, src, s);
      var y = FloatVector.fromArray(S, src, s + L);
      x.intoArray(dst, d);
      y.intoArray(dst, d + L);
      s += kStride;
      d += width;
    }
  }

  private static void copyOne(
      float[] src, int from, int kStride, int kc, int width, float[] dst, int at) {
    int s = from;
    int d = at;
    for (int k = 0; k < kc; k++) {
      FloatVector.fromArray(S, src, s).intoArray(dst, d);
      s += kStride;
      d += width;
    }
  }

  private static void copyMasked(
      float[] src, int from, int kStride, int kc, int width, int lanes, float[] dst, int at) {
    var mask = Lanes.first(lanes);
    int s = from;
    int d = at;
    for (int k = 0; k < kc; k++) {
      FloatVector.fromArray(S, src, s, mask).intoArray(dst, d, mask);
      s += kStride;
      d += width;
    }
  }

  /**
   * Packs rows narrower than a vector: each is written a whole vector wide, and the next one
   * overwrites the surplus.
   */
  private static void copyOver(
      float[] src, int from, int kStride, int kc, int width, float[] dst, int at) {
    int room = Math.min(src.length - L - from, dst.length - L - at);
    int whole = Math.clamp(room / Math.max(kStride, width), 0, kc);
    copyOne(src, from, kStride, whole, width, dst, at);
    copyMasked(
        src, from + whole * kStride, kStride, kc - whole, width, width, dst, at + whole * width);
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
    if (kStride == 1 && kc >= L) {
      // The loop reads L rows, which the last lanes may not have.
      while (lane < valid && isInside(src, from + lane * laneStride, laneStride, kc)) {
        lane += L;
      }
      turn(src, from, laneStride, lane / L, kc, width, valid, dst, at);
      if (lane < valid && valid - lane <= L) {
        turnLast(
            src, from + lane * laneStride, laneStride, kc, width, valid - lane, dst, at + lane);
        return;
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

  /** Turns rows that are fewer than the loop reads: with zeros after them. */
  private static void turnLast(
      float[] src, int from, int laneStride, int kc, int width, int valid, float[] dst, int at) {
    float[] rows = Workspace.current().floats(Workspace.LAST_ROWS, L * kc);
    for (int r = 0; r < valid; r++) {
      System.arraycopy(src, from + r * laneStride, rows, r * kc, kc);
    }
    Arrays.fill(rows, valid * kc, L * kc, 0f);
    turn(rows, 0, kc, 1, kc, width, valid, dst, at);
  }

  private static boolean isInside(float[] src, int from, int laneStride, int kc) {
    long last = from + (L - 1L) * laneStride;
    return last >= 0 && last + kc <= src.length;
  }

  /**
   * {@code dst[at + k·width + lane] = src[from + k + lane·laneStride]} for some vectors of lanes. A
   * panel of whole vectors takes them all, past its last lane as well; any other only its own.
   */
  private static void turn(
      float[] src,
      int from,
      int laneStride,
      int vectors,
      int kc,
      int width,
      int valid,
      float[] dst,
      int at) {
    TransposeLoop.WARM_UP.before((long) kc * vectors);
    // Of a single narrow vector the next row overwrites the surplus, and the last one's goes into
    // the gap between panels.
    boolean whole = width % L == 0 || width < L;
    float[] scratch = whole ? dst : Workspace.current().floats(Workspace.TURNED, vectors * L * L);
    for (int k = 0; k < kc; k += L) {
      // The last tile may begin before the end of the one before; both write the same there.
      int first = Math.min(k, kc - L);
      int to = at + first * width;
      if (whole) {
        TransposeLoop.INSTANCE.run(src, from + first, laneStride, dst, to, width, vectors);
      } else {
        int step = vectors * L;
        TransposeLoop.INSTANCE.run(src, from + first, laneStride, scratch, 0, step, vectors);
        copy(scratch, 0, step, L, width, Math.min(step, valid), dst, to);
      }
    }
  }
}
