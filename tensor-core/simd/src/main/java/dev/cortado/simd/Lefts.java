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

  private static final int L = Lanes.COUNT;

  /** Strips worth a tile of their own. */
  private static final int MANY = 16;

  private Lefts() {}

  /**
   * Tells whether rows are copied as they are (see {@link Tile#spaced}): where their numbers are
   * neighbours. That is cheaper than to pack them k by k.
   */
  static boolean copies(GemmPlan plan, MatrixView a) {
    return a.colStride() == 1 && a.rowStride() != 1 && !turns(plan);
  }

  /**
   * Tells whether rows are packed k by k though they lie otherwise: where a strip fills nearly a
   * vector, so that it is easily turned, and is used for very many columns. Tiles that fetch ahead
   * were a twentieth faster with one stream of A than with a stream for each row.
   */
  private static boolean turns(GemmPlan plan) {
    int height = plan.tiling().strips().height();
    return plan.ahead() && plan.pass() >= L && height <= L && height > L - L / 4;
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

  /** Returns the distance of packed strips. */
  static int stride(GemmPlan plan, MatrixView a) {
    int height = plan.tiling().strips().height();
    int kc = plan.pass();
    return copies(plan, a) ? height * Tile.rowStride(kc) : Panels.stride(kc, height);
  }

  /**
   * Packs strips {@code from … to-1} for {@code k … kEnd-1}, pass by pass: strip {@code s} of pass
   * {@code p} to {@code at + s·stride + p·pass}.
   */
  static void pack(
      GemmPlan plan,
      MatrixView a,
      int k,
      int kEnd,
      int from,
      int to,
      float[] dst,
      int at,
      int stride,
      int pass) {
    var strips = plan.tiling().strips();
    int length = plan.pass();
    if (copies(plan, a)) {
      copyRows(strips, a, k, kEnd, length, from, to, dst, at, stride, pass);
      return;
    }
    for (int first = k; first < kEnd; first += length) {
      int kc = Math.min(length, kEnd - first);
      int start = at + (first - k) / length * pass;
      packStrips(strips, a, first, kc, from, to, dst, start, stride);
    }
  }

  /**
   * Packs strips {@code from … to-1} for {@code k … k+kc-1} k by k: strip {@code s} to {@code at +
   * s·stride}.
   */
  static void packStrips(
      Strips strips,
      MatrixView a,
      int k,
      int kc,
      int from,
      int to,
      float[] dst,
      int at,
      int stride) {
    int tall = Math.clamp(strips.tall(), from, to);
    alike(strips, a, k, kc, from, tall, dst, at, stride);
    alike(strips, a, k, kc, tall, to, dst, at, stride);
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
