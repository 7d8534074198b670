package dev.cortado.simd;

/** Packing of a product's left operand, strip by strip. */
final class Lefts {
  /**
   * Columns of a narrow result: three vectors of 16, so that a handful of shapes comes this way.
   */
  private static final int NARROW = 48;

  /** Strips worth a tile of their own. */
  private static final int MANY = 16;

  private Lefts() {}

  /**
   * Tells whether rows are copied as they are (see {@link Tile#spaced}): where their numbers are
   * neighbours and a pass fits between two of them. That is cheaper than to pack them k by k.
   */
  static boolean copies(MatrixView a, int kc) {
    return a.colStride() == 1 && a.rowStride() != 1 && kc <= GemmPlan.KC;
  }

  /**
   * Tells whether rows are read where they lie: where the result is so narrow that each number is
   * used a few times only, copying would cost more than it saves. A distance of 4 KiB would have
   * all rows compete for the same places of the first-level cache.
   */
  static boolean staysInPlace(Tiling tiling, MatrixView a) {
    return tiling.cols() <= NARROW
        && tiling.strips().count() >= MANY
        && a.colStride() == 1
        && a.rowStride() > 1
        && a.rowStride() % 1024 != 0
        && Tiling.hasRoom();
  }

  /** Returns the distance of packed strips of {@code tiling} for {@code kc} values of k. */
  static int stride(Tiling tiling, MatrixView a, int kc) {
    int height = tiling.strips().height();
    return copies(a, kc) ? height * Tile.ROW_STRIDE : Panels.stride(kc, height);
  }

  /**
   * Packs strips {@code from … to-1} for {@code k … k+kc-1}: strip {@code s} to {@code at +
   * s·stride}.
   */
  static void pack(
      Tiling tiling,
      MatrixView a,
      int k,
      int kc,
      int from,
      int to,
      float[] dst,
      int at,
      int stride) {
    var strips = tiling.strips();
    int tall = Math.clamp(strips.tall(), from, to);
    alike(strips, a, k, kc, from, tall, dst, at, stride);
    alike(strips, a, k, kc, tall, to, dst, at, stride);
  }

  /** Packs strips of equal height. */
  private static void alike(
      Strips strips,
      MatrixView a,
      int k,
      int kc,
      int from,
      int to,
      float[] dst,
      int at,
      int stride) {
    if (from >= to) {
      return;
    }
    int height = strips.height(from);
    int first = a.offset() + strips.at(from) * a.rowStride() + k * a.colStride();
    if (a.rowStride() == 1) {
      int d = at + from * stride;
      Panels.packNeighbours(a.data(), first, a.colStride(), kc, height, to - from, dst, d, stride);
      return;
    }
    for (int s = from; s < to; s++) {
      int src = first + (s - from) * height * a.rowStride();
      int d = at + s * stride;
      if (copies(a, kc)) {
        Panels.copyRows(a.data(), src, a.rowStride(), height, kc, dst, d, Tile.ROW_STRIDE);
      } else {
        Panels.pack(a.data(), src, a.colStride(), a.rowStride(), kc, height, height, dst, d);
      }
    }
  }
}
