package dev.cortado.simd;

import org.jspecify.annotations.Nullable;

/**
 * Computes one block of a product on the calling thread: some strips by some panels, over all
 * {@code k} of a range. What others need too comes packed; the rest the block packs itself.
 *
 * @param plan how the product is cut
 * @param a left operand
 * @param b right operand
 * @param rows left operand if it is packed for all chunks, or null
 * @param columns right operand if it is packed for all chunks, or null
 * @param inPlace whether A is read in place
 * @param rowStride distance of A's rows, in place or copied
 * @param write tiles that write the result
 * @param add tiles that add to it
 * @param c the result
 * @param cOffset index of the result's element (0, 0)
 * @param ldc distance of the result's rows
 */
@SuppressWarnings("ArrayRecordComponent") // a view, never compared
record GemmBlock(
    GemmPlan plan,
    MatrixView a,
    MatrixView b,
    @Nullable SharedOperand rows,
    @Nullable SharedOperand columns,
    boolean inPlace,
    int rowStride,
    Tiling.Set write,
    Tiling.Set add,
    float[] c,
    int cOffset,
    int ldc) {
  /** Floats of a finished block at which the epilogue is called: in the second-level cache. */
  private static final int FINISHED = 1 << 15;

  /**
   * Returns the blocks of a plan.
   *
   * @param adds whether any pass will add to the result
   */
  static GemmBlock of(
      GemmPlan plan,
      boolean adds,
      MatrixView a,
      MatrixView b,
      @Nullable SharedOperand rows,
      @Nullable SharedOperand columns,
      float[] c,
      int cOffset,
      int ldc) {
    var tiling = plan.tiling();
    boolean inPlace = rows == null && Lefts.staysInPlace(tiling, a, plan.pass());
    int rowStride = inPlace ? a.rowStride() : Tile.rowStride(plan.pass());
    var way = inPlace || Lefts.copies(plan, a) ? Tile.Way.SPACED : Tile.Way.PACKED;
    long work = (long) tiling.strips().rows() * tiling.cols() * plan.slab();
    boolean ahead = inPlace || plan.ahead();
    var write = tiling.tiles(way, rowStride, false, ahead, work);
    var add = adds ? tiling.tiles(way, rowStride, true, ahead, work) : write;
    return new GemmBlock(
        plan, a, b, rows, columns, inPlace, rowStride, write, add, c, cOffset, ldc);
  }

  /**
   * Computes strips {@code strip … stripEnd-1} by panels {@code panel … panelEnd-1}.
   *
   * <p>A group of rows is packed for all passes of a round; then panel follows panel, and within a
   * panel pass follows pass. So the strip of C that a panel and the group have in common is still
   * near when the next pass adds to it, and of B only one panel is needed at a time.
   *
   * @param start the panel to begin with; those before it come last
   * @param adding whether to add to what the result holds
   * @param epilogue called on the finished block, in pieces of some thousand floats; null for none
   */
  void run(
      int strip,
      int stripEnd,
      int panel,
      int panelEnd,
      int start,
      int kFrom,
      int kTo,
      boolean adding,
      @Nullable TileEpilogue epilogue) {
    int groups = Math.max(1, (stripEnd - strip + plan.group() / 2) / plan.group());
    for (int k = kFrom; k < kTo; k += plan.depth()) {
      int kEnd = Math.min(kTo, k + plan.depth());
      var right = right(panel, panelEnd, k, kEnd);
      var last = kEnd == kTo ? epilogue : null;
      for (int g = 0; g < groups; g++) {
        int from = strip + GemmPlan.cut(stripEnd - strip, g, groups);
        int to = strip + GemmPlan.cut(stripEnd - strip, g + 1, groups);
        var left = left(from, to, k, kEnd);
        boolean adds = adding || k > kFrom;
        panels(from, to, left, right, start, panelEnd, k, kEnd, adds, last);
        panels(from, to, left, right, panel, start, k, kEnd, adds, last);
      }
    }
  }

  /** Computes a group of strips by panels {@code panel … panelEnd-1}, one after the other. */
  private void panels(
      int from,
      int to,
      Packed left,
      Packed right,
      int panel,
      int panelEnd,
      int k,
      int kEnd,
      boolean adding,
      @Nullable TileEpilogue epilogue) {
    var tiling = plan.tiling();
    int rows = tiling.strips().at(to) - tiling.strips().at(from);
    int together = Math.max(1, FINISHED / (rows * tiling.nr()));
    var writing = new TileLoop.Block(c, cOffset, ldc, 0, 0, write, epilogue);
    var more = new TileLoop.Block(c, cOffset, ldc, 0, 0, add, epilogue);
    for (int first = panel; first < panelEnd; first += together) {
      int end = Math.min(panelEnd, first + together);
      for (int p = first; p < end; p++) {
        for (int start = k, pass = 0; start < kEnd; start += plan.pass(), pass++) {
          int kc = Math.min(plan.pass(), kEnd - start);
          var block = adding || pass > 0 ? more : writing;
          int next =
              start + plan.pass() < kEnd
                  ? right.place(pass + 1, p)
                  : right.place(0, p + 1 < panelEnd ? p + 1 : panel);
          var columns = right.columns(pass, next);
          TileLoop.panel(tiling, left.rows(pass), kc, from, to, p, columns, block);
        }
      }
      writing.finish(tiling, from, to, first, end);
    }
  }

  private Packed left(int from, int to, int k, int kEnd) {
    if (inPlace) {
      return new Packed(a.data(), a.offset() + k, plan.pass(), 0, rowStride);
    }
    int copied = Lefts.copies(plan, a) ? rowStride : 0;
    if (rows != null) {
      return new Packed(rows.data(), rows.at(k), rows.pass(), rows.stride(), copied);
    }
    int stride = Lefts.stride(plan, a);
    int size = (to - from) * stride;
    int passes = Math.ceilDiv(kEnd - k, plan.pass());
    float[] packed = Workspace.current().floats(Workspace.STRIPS, Aligned.FRONT + passes * size);
    int at = Aligned.FRONT - from * stride;
    Lefts.pack(plan, a, k, kEnd, from, to, packed, at, stride, size);
    return new Packed(packed, at, size, stride, copied);
  }

  private Packed right(int from, int to, int k, int kEnd) {
    if (columns != null) {
      return new Packed(columns.data(), columns.at(k), columns.pass(), columns.stride(), 0);
    }
    int pass = plan.pass();
    int stride = Panels.stride(pass, plan.tiling().nr());
    int size = (to - from) * stride;
    int passes = Math.ceilDiv(kEnd - k, pass);
    float[] packed = Workspace.current().floats(Workspace.COLUMNS, Aligned.FRONT + passes * size);
    int start = Aligned.FRONT - from * stride;
    for (int i = 0; i < passes; i++) {
      int first = k + i * pass;
      int kc = Math.min(pass, kEnd - first);
      int at = start + i * size;
      packPanels(plan.tiling(), b, first, kc, from, to, packed, at, stride);
    }
    return new Packed(packed, start, size, stride, 0);
  }

  /**
   * Packed strips or panels of a round: number {@code i} of pass {@code p} begins at {@code at +
   * p·pass + i·stride}.
   *
   * @param rowStride see {@link TileLoop.Left}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Packed(float[] data, int at, int pass, int stride, int rowStride) {
    TileLoop.Left rows(int pass) {
      return new TileLoop.Left(data, at + pass * this.pass, stride, rowStride);
    }

    TileLoop.Columns columns(int pass, int next) {
      return new TileLoop.Columns(data, at + pass * this.pass, stride, next);
    }

    int place(int pass, int i) {
      return at + pass * this.pass + i * stride;
    }
  }

  /**
   * Packs panels {@code from … to-1} for {@code k … k+kc-1}: panel {@code p} to {@code at +
   * p·stride}.
   */
  static void packPanels(
      Tiling tiling,
      MatrixView b,
      int k,
      int kc,
      int from,
      int to,
      float[] dst,
      int at,
      int stride) {
    int nr = tiling.nr();
    int p = from;
    int src = b.offset() + k * b.rowStride();
    if (b.colStride() == 1) {
      int whole = Math.min(to, tiling.cols() / nr);
      if (whole > from) {
        Panels.packNeighbours(
            b.data(),
            src + from * nr,
            b.rowStride(),
            kc,
            nr,
            whole - from,
            dst,
            at + from * stride,
            stride);
        p = whole;
      }
    }
    for (; p < to; p++) {
      int col = p * nr;
      int width = tiling.width(p);
      Panels.pack(
          b.data(),
          src + col * b.colStride(),
          b.rowStride(),
          b.colStride(),
          kc,
          width,
          Math.min(width, tiling.cols() - col),
          dst,
          at + p * stride);
    }
  }
}
