package dev.cortado.simd;

import org.jspecify.annotations.Nullable;

/**
 * Computes one block of a product on the calling thread: some strips by some panels, over all
 * {@code k} of a range. What others need too comes packed; the rest the block packs itself.
 *
 * @param tiling the register tiles
 * @param pass k per pass
 * @param a left operand
 * @param b right operand
 * @param rows left operand packed beforehand, or null
 * @param columns right operand packed beforehand, or null
 * @param rowStride distance of A's rows if they are read in place, else {@link Tile#ROW_STRIDE}
 * @param write tiles that write the result
 * @param add tiles that add to it
 * @param c the result
 * @param cOffset index of the result's element (0, 0)
 * @param ldc distance of the result's rows
 */
@SuppressWarnings("ArrayRecordComponent") // a view, never compared
record GemmBlock(
    Tiling tiling,
    int pass,
    MatrixView a,
    MatrixView b,
    @Nullable Shared rows,
    @Nullable Shared columns,
    int rowStride,
    Tiling.Set write,
    Tiling.Set add,
    float[] c,
    int cOffset,
    int ldc) {
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
      @Nullable Shared rows,
      @Nullable Shared columns,
      float[] c,
      int cOffset,
      int ldc) {
    var tiling = plan.tiling();
    int rowStride = rows == null && Lefts.staysInPlace(tiling, a) ? a.rowStride() : Tile.ROW_STRIDE;
    var write = tiling.tiles(rowStride, false);
    var add = adds ? tiling.tiles(rowStride, true) : write;
    var way =
        rowStride != Tile.ROW_STRIDE || Lefts.copies(a, plan.pass())
            ? Tile.Way.SPACED
            : Tile.Way.PACKED;
    long work = (long) tiling.strips().rows() * tiling.cols() * plan.slab();
    write.before(way, work);
    if (adds) {
      add.before(way, work);
    }
    return new GemmBlock(
        tiling, plan.pass(), a, b, rows, columns, rowStride, write, add, c, cOffset, ldc);
  }

  /**
   * An operand packed for several chunks: its strips or panels {@code first …} lie {@code stride}
   * apart, those of the next pass over k follow after {@code pass} floats.
   *
   * @param data the array
   * @param k first k
   * @param length k per pass
   * @param first first strip or panel
   * @param stride distance of strips or panels
   * @param pass distance of passes
   */
  record Shared(float[] data, int k, int length, int first, int stride, int pass) {
    /** Returns where strip or panel 0 would begin in the pass that starts with {@code kPass}. */
    int at(int kPass) {
      return (kPass - k) / length * pass - first * stride;
    }
  }

  /**
   * Computes strips {@code strip … stripEnd-1} by panels {@code panel … panelEnd-1}.
   *
   * @param adding whether to add to what the result holds
   * @param epilogue called on the finished block, in pieces of some thousand floats; null for none
   */
  void run(
      int strip,
      int stripEnd,
      int panel,
      int panelEnd,
      int kFrom,
      int kTo,
      boolean adding,
      @Nullable TileEpilogue epilogue) {
    for (int k = kFrom; k < kTo; k += pass) {
      int kc = Math.min(pass, kTo - k);
      boolean last = k + kc == kTo;
      var block =
          new TileLoop.Block(
              c, cOffset, ldc, 0, 0, adding || k > kFrom ? add : write, last ? epilogue : null);
      var right = right(panel, panelEnd, k, kc);
      int group = TileLoop.group(tiling, right, kc);
      for (int s = strip; s < stripEnd; s += group) {
        int end = Math.min(stripEnd, s + group);
        TileLoop.strips(tiling, left(s, end, k, kc), kc, s, end, right, block);
      }
    }
  }

  private TileLoop.Left left(int from, int to, int k, int kc) {
    if (rowStride != Tile.ROW_STRIDE) {
      return new TileLoop.Left(a.data(), a.offset() + k, 0, rowStride);
    }
    int copied = Lefts.copies(a, kc) ? rowStride : 0;
    if (rows != null) {
      return new TileLoop.Left(rows.data(), rows.at(k), rows.stride(), copied);
    }
    int stride = Lefts.stride(tiling, a, kc);
    float[] packed = Workspace.current().floats(Workspace.STRIPS, (to - from) * stride);
    Lefts.pack(tiling, a, k, kc, from, to, packed, -from * stride, stride);
    return new TileLoop.Left(packed, -from * stride, stride, copied);
  }

  private TileLoop.Columns right(int from, int to, int k, int kc) {
    if (columns != null) {
      return new TileLoop.Columns(columns.data(), columns.at(k), columns.stride(), 0, from, to);
    }
    int stride = Panels.stride(kc, tiling.nr());
    float[] packed = Workspace.current().floats(Workspace.COLUMNS, (to - from) * stride);
    packPanels(tiling, b, k, kc, from, to, packed, -from * stride, stride);
    return new TileLoop.Columns(packed, -from * stride, stride, 0, from, to);
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
