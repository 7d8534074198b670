package dev.cortado.simd;

/** Packing of a product's left operand, strip by strip. */
final class Lefts {
  private Lefts() {}

  /**
   * Tells whether rows are copied as they are (see {@link Tile#copied}): where their numbers are
   * neighbours and a pass fits between two of them. That is cheaper than to pack them k by k.
   */
  static boolean copies(MatrixView a, int kc) {
    return a.colStride() == 1 && a.rowStride() != 1 && kc <= GemmPlan.KC;
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
