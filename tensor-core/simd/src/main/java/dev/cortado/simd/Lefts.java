package dev.cortado.simd;

/** Packing of a product's left operand, strip by strip. */
final class Lefts {
  /**
   * Columns of a narrow result: three vectors of 16, so that a handful of shapes comes this way.
   */
  private static final int NARROW = 48;

  /** Floats of a short row, of which a copy costs more than its numbers would say. */
  private static final int SHORT = 32;

  /** Columns of a narrow result of short rows. */
  private static final int NARROW_IF_SHORT = 3 * NARROW;

  /** Panels that make it worth to turn rows. */
  private static final int OFTEN = Integer.getInteger("often", 8);

  private static final int L = Lanes.COUNT;

  /** Strips worth a tile of their own. */
  private static final int MANY = 16;

  private Lefts() {}

  /**
   * Tells whether rows are copied as they are (see {@link Tile#spaced}): where their numbers are
   * neighbours and a pass fits between two of them. That is cheaper than to pack them k by k.
   */
  static boolean copies(Tiling tiling, MatrixView a, int kc) {
    return a.colStride() == 1 && a.rowStride() != 1 && !turns(tiling, kc);
  }

  /**
   * Tells whether rows are turned: where a strip fills nearly a vector and is used so often that
   * it pays for the work.
   */
  private static boolean turns(Tiling tiling, int kc) {
    int height = tiling.strips().height();
    return height <= L && height > L - L / 4 && kc >= L && tiling.panels() >= OFTEN;
  }

  /**
   * Tells whether rows are read where they lie: where the result is so narrow that each number is
   * used a few times only, copying would cost more than it saves. A distance of 4 KiB would have
   * all rows compete for the same places of the first-level cache.
   *
   * @param pass k per pass, which a row must hold
   */
  static boolean staysInPlace(Tiling tiling, MatrixView a, int pass) {
    int narrow = a.rowStride() <= SHORT ? NARROW_IF_SHORT : NARROW;
    return tiling.cols() <= narrow
        && tiling.strips().count() >= MANY
        && a.colStride() == 1
        && a.rowStride() > 1
        && a.rowStride() >= pass
        && a.rowStride() % 1024 != 0
        && Tiling.hasRoom();
  }

  /** Returns the distance of packed strips of {@code tiling} for {@code kc} values of k. */
  static int stride(Tiling tiling, MatrixView a, int kc) {
    int height = tiling.strips().height();
    return copies(tiling, a, kc) ? height * Tile.rowStride(kc) : Panels.stride(kc, height);
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
    pack(tiling, a, k, k + kc, kc, from, to, dst, at, stride, 0);
  }

  /**
   * Packs strips {@code from … to-1} for {@code k … kEnd-1}, in passes of {@code length}: strip
   * {@code s} of pass {@code p} to {@code at + s·stride + p·pass}.
   */
  static void pack(
      Tiling tiling,
      MatrixView a,
      int k,
      int kEnd,
      int length,
      int from,
      int to,
      float[] dst,
      int at,
      int stride,
      int pass) {
    var strips = tiling.strips();
    if (copies(tiling, a, length)) {
      copyRows(strips, a, k, kEnd, length, from, to, dst, at, stride, pass);
      return;
    }
    int tall = Math.clamp(strips.tall(), from, to);
    for (int first = k; first < kEnd; first += length) {
      int kc = Math.min(length, kEnd - first);
      int start = at + (first - k) / length * pass;
      alike(strips, a, first, kc, from, tall, dst, start, stride);
      alike(strips, a, first, kc, tall, to, dst, start, stride);
    }
  }

  /** Copies row by row, so that memory is read forwards. */
  private static void copyRows(
      Strips strips,
      MatrixView a,
      int k,
      int kEnd,
      int length,
      int from,
      int to,
      float[] dst,
      int at,
      int stride,
      int pass) {
    int pitch = Tile.rowStride(length);
    for (int s = from; s < to; s++) {
      int src = a.offset() + strips.at(s) * a.rowStride() + k;
      int start = at + s * stride;
      if (kEnd - k <= length) {
        int rows = strips.height(s);
        Panels.copyRows(a.data(), src, a.rowStride(), rows, kEnd - k, dst, start, pitch);
        continue;
      }
      for (int r = 0; r < strips.height(s); r++) {
        int d = start + r * pitch;
        for (int first = 0; first < kEnd - k; first += length, d += pass) {
          int kc = Math.min(length, kEnd - k - first);
          System.arraycopy(a.data(), src + r * a.rowStride() + first, dst, d, kc);
        }
      }
    }
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
      Panels.pack(a.data(), src, a.colStride(), a.rowStride(), kc, height, height, dst, d);
    }
  }
}
