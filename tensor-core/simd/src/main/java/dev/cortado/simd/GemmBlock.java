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
 * @param tile the register tile
 * @param c the result
 * @param cOffset index of the result's element (0, 0)
 * @param ldc distance of the result's rows
 * @param n columns of {@code shared}, before padding
 */
record GemmBlock(
    MatrixView a,
    MatrixView b,
    float @Nullable [] shared,
    int sharedFrom,
    int sharedCol,
    Tile tile,
    float[] c,
    int cOffset,
    int ldc,
    int n) {
  /**
   * A result this narrow reads its left operand in place: packing would cost more than it saves.
   */
  private static final int DIRECT_COLS = 192;

  /**
   * Floats of a finished block at which the epilogue is called: a part of the first-level cache.
   */
  private static final int FINISHED = 4096;

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
      pass(row, rowEnd, col, colEnd, k, kc, add || k > kFrom, last ? epilogue : null);
    }
  }

  /** One pass over the block with {@code kc} values of k. */
  private void pass(
      int row,
      int rowEnd,
      int col,
      int colEnd,
      int k,
      int kc,
      boolean add,
      @Nullable TileEpilogue epilogue) {
    var space = Workspace.current();
    float[] columns;
    int columnsAt;
    if (shared != null) {
      columns = shared;
      columnsAt = (k - sharedFrom) * Lanes.roundUp(n, tile.nr) + (col - sharedCol) * kc;
    } else {
      columns = packColumns(space, col, colEnd, k, kc);
      columnsAt = 0;
    }
    boolean direct = a.colStride() == 1 && colEnd - col <= DIRECT_COLS;
    float[] strip = space.floats(Workspace.STRIP, KC * tile.mr);
    float[] edge = space.floats(Workspace.EDGE, tile.mr * tile.nr);
    int[] rows = space.ints(tile.mr + 1);
    rows[tile.mr] = k;
    int finished = row;
    for (int i = row; i < rowEnd; ) {
      var t = Tiles.forRows(tile, rowEnd - i);
      int count = Math.min(t.mr, rowEnd - i);
      if (direct) {
        for (int r = 0; r < t.mr; r++) {
          rows[r] = a.offset() + (i + Math.min(r, count - 1)) * a.rowStride();
        }
      } else {
        int from = a.offset() + i * a.rowStride() + k * a.colStride();
        Panels.pack(a.data(), from, a.colStride(), a.rowStride(), kc, t.mr, count, strip, 0);
      }
      for (int j = col; j < colEnd; j += t.nr) {
        int width = Math.min(t.nr, colEnd - j);
        boolean whole = count == t.mr && width == t.nr;
        float[] to = whole ? c : edge;
        int at = cOffset + i * ldc + j;
        int toAt = whole ? at : 0;
        int toStride = whole ? ldc : t.nr;
        boolean toAdd = whole && add;
        int bo = columnsAt + (j - col) * kc;
        if (direct) {
          t.rows(kc, rows, tile.mr, 1, a.data(), rows, 0, columns, bo, to, toAt, toStride, toAdd);
        } else {
          t.packed(kc, strip, 0, columns, bo, to, toAt, toStride, toAdd);
        }
        if (!whole) {
          t.copyOut(edge, c, at, ldc, count, width, add);
        }
      }
      i += count;
      if (epilogue != null && ((i - finished) * (colEnd - col) >= FINISHED || i == rowEnd)) {
        int at = cOffset + finished * ldc + col;
        epilogue.apply(c, at, ldc, finished, col, i - finished, colEnd - col);
        finished = i;
      }
    }
  }

  private float[] packColumns(Workspace space, int col, int colEnd, int k, int kc) {
    int nr = tile.nr;
    float[] columns = space.floats(Workspace.COLUMNS, KC * Lanes.roundUp(colEnd - col, nr));
    for (int j = col; j < colEnd; j += nr) {
      packPanel(b, k, kc, j, Math.min(nr, colEnd - j), nr, columns, (j - col) * kc);
    }
    return columns;
  }

  /** Packs columns {@code j … j+valid-1} of {@code b} for {@code k … k+kc-1}. */
  static void packPanel(
      MatrixView b, int k, int kc, int j, int valid, int nr, float[] dst, int at) {
    int from = b.offset() + k * b.rowStride() + j * b.colStride();
    Panels.pack(b.data(), from, b.rowStride(), b.colStride(), kc, nr, valid, dst, at);
  }
}
