package dev.cortado.simd;

import org.jspecify.annotations.Nullable;

/**
 * Computes one block of a product on the calling thread: rows {@code row … rowEnd-1}, columns
 * {@code col … colEnd-1}, over all {@code k} of a range.
 *
 * @param a left operand
 * @param b right operand, used where {@code shared} is null
 * @param shared right operand packed beforehand by {@link Gemm}, or null: then each block packs
 *     what it needs
 * @param sharedFrom first k that {@code shared} holds
 * @param sharedCol first column that {@code shared} holds
 * @param sharedCols columns that {@code shared} holds, without padding
 * @param tile the register tile
 * @param c the result
 * @param cOffset index of the result's element (0, 0)
 * @param ldc distance of the result's rows
 */
@SuppressWarnings("ArrayRecordComponent") // a view, never compared
record GemmBlock(
    MatrixView a,
    MatrixView b,
    float @Nullable [] shared,
    int sharedFrom,
    int sharedCol,
    int sharedCols,
    Tile tile,
    float[] c,
    int cOffset,
    int ldc) {
  /**
   * A result this narrow reads its left operand in place: packing would cost more than it saves.
   */
  private static final int DIRECT_COLS = 96;

  private static final int KC = GemmPlan.KC;

  /**
   * Computes the block.
   *
   * @param add whether to add to what the result holds
   * @param epilogue called on the finished block, in pieces of some thousand floats; null for none
   */
  void run(
      int row,
      int rowEnd,
      int col,
      int colEnd,
      int kFrom,
      int kTo,
      boolean add,
      @Nullable TileEpilogue epilogue) {
    for (int k = kFrom; k < kTo; k += KC) {
      int kc = Math.min(KC, kTo - k);
      boolean last = k + kc == kTo;
      var columns = columns(col, colEnd, k, kc);
      var block =
          new TileLoop.Block(
              c,
              cOffset + row * ldc + col,
              ldc,
              row,
              col,
              add || k > kFrom,
              last ? epilogue : null);
      pass(row, rowEnd - row, k, kc, columns, block);
    }
  }

  /** One pass over the block with {@code kc} values of k. */
  private void pass(
      int row, int count, int k, int kc, TileLoop.Columns columns, TileLoop.Block block) {
    int from = a.offset() + row * a.rowStride() + k * a.colStride();
    if (a.colStride() != 1 || columns.count() > DIRECT_COLS) {
      TileLoop.packed(
          tile, a.data(), from, a.rowStride(), a.colStride(), kc, count, columns, block);
      return;
    }
    // Places: one run without offset, then the rows and the spare ones.
    int[] rows = Workspace.current().ints(1 + count + tile.mr);
    rows[0] = 0;
    for (int i = 0; i < count; i++) {
      rows[1 + i] = from + i * a.rowStride();
    }
    var run = new TileLoop.Runs(rows, 0, 1, kc);
    TileLoop.inPlace(tile, a.data(), rows, 1, count, run, columns, block);
  }

  private TileLoop.Columns columns(int col, int colEnd, int k, int kc) {
    int nr = tile.nr;
    int count = colEnd - col;
    if (shared != null) {
      int at =
          sharedAt(k - sharedFrom, sharedCols, nr) + (col - sharedCol) / nr * Panels.stride(kc, nr);
      return new TileLoop.Columns(shared, at, Panels.stride(kc, nr), count);
    }
    float[] panels = Workspace.current().floats(Workspace.COLUMNS, Panels.size(KC, nr, count));
    packPanels(b, k, kc, col, count, nr, panels, 0);
    return new TileLoop.Columns(panels, 0, Panels.stride(kc, nr), count);
  }

  /**
   * Returns where the pass that begins {@code k} after the first one has its panels of {@code cols}
   * columns.
   */
  static int sharedAt(int k, int cols, int nr) {
    return k / KC * Panels.size(KC, nr, cols);
  }

  /** Packs columns {@code j … j+count-1} of {@code b} for {@code k … k+kc-1}, panel by panel. */
  static void packPanels(
      MatrixView b, int k, int kc, int j, int count, int nr, float[] dst, int at) {
    int from = b.offset() + k * b.rowStride() + j * b.colStride();
    int done = 0;
    if (b.colStride() == 1) {
      int whole = count / nr;
      Panels.packNeighbours(
          b.data(), from, b.rowStride(), kc, nr, whole, dst, at, Panels.stride(kc, nr));
      done = whole * nr;
    }
    for (; done < count; done += nr) {
      Panels.pack(
          b.data(),
          from + done * b.colStride(),
          b.rowStride(),
          b.colStride(),
          kc,
          nr,
          Math.min(nr, count - done),
          dst,
          at + done / nr * Panels.stride(kc, nr));
    }
  }
}
