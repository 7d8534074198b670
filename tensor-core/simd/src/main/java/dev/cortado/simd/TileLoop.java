package dev.cortado.simd;

import org.jspecify.annotations.Nullable;

/**
 * The loops around the register tile. A group of rows is finished at a time: for each panel of
 * columns, which then stays in the first-level cache, the group's strips of rows stream past from
 * the second. (The other way round the wider stream would come from the second-level cache:
 * measured, a tenth slower.)
 */
final class TileLoop {
  /**
   * Floats of a finished block at which the epilogue is called: a part of the first-level cache.
   */
  private static final int FINISHED = 4096;

  /**
   * Packed columns of this size stay in the first-level cache as a whole, so groups can be small.
   */
  private static final int CLOSE = 6144;

  /**
   * Rows of a group, a multiple of every tile's: with 256 k 288 KiB, a part of the second-level
   * cache.
   */
  private static final int ROWS = 288;

  private TileLoop() {}

  /**
   * Packed columns: panel {@code p} begins at {@code at + p·stride}.
   *
   * @param panels the packed panels
   * @param at where the first one begins
   * @param stride distance of the panels
   * @param count columns, without the padding of the last panel
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Columns(float[] panels, int at, int stride, int count) {}

  /**
   * Where results go.
   *
   * @param c the array
   * @param at index of the block's first element
   * @param ldc distance of the rows
   * @param row number of the block's first row, for the epilogue
   * @param col number of the block's first column, for the epilogue
   * @param add whether to add to what is there
   * @param epilogue called on finished pieces of the block, or null
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Block(
      float[] c, int at, int ldc, int row, int col, boolean add, @Nullable TileEpilogue epilogue) {
    /** Calls the epilogue on rows {@code from … to-1} of the block. */
    private void finish(int from, int to, int cols) {
      if (epilogue != null) {
        epilogue.apply(c, at + from * ldc, ldc, row + from, col, to - from, cols);
      }
    }
  }

  /**
   * Runs of k that the rows have in common: run {@code s} begins {@code offsets[first + s]} after
   * the row's own offset.
   *
   * @param offsets the runs' offsets
   * @param first index of the first one
   * @param count how many
   * @param length k per run
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Runs(int[] offsets, int first, int count, int length) {}

  /**
   * Multiplies rows that are read where they lie: k runs over {@code a[rows[firstRow + i] + run
   * offset …]}.
   *
   * @param rows offset of each row; must have {@code tile.mr - 1} spare places after the last,
   *     which are overwritten
   * @param count how many rows
   */
  static void inPlace(
      Tile tile,
      float[] a,
      int[] rows,
      int firstRow,
      int count,
      Runs runs,
      Columns columns,
      Block block) {
    // Rows past the end repeat the last one: their results go nowhere, but they must be readable.
    for (int r = 1; r < tile.mr; r++) {
      rows[firstRow + count + r - 1] = rows[firstRow + count - 1];
    }
    float[] edge = Workspace.current().floats(Workspace.EDGE, tile.mr * tile.nr);
    int group = groupRows(tile, columns, runs.count() * runs.length());
    for (int from = 0; from < count; from += group) {
      int to = Math.min(count, from + group);
      for (int j = 0, bo = columns.at();
          j < columns.count();
          j += tile.nr, bo += columns.stride()) {
        int width = Math.min(tile.nr, columns.count() - j);
        for (int i = from; i < to; ) {
          var t = Tiles.forRows(tile, to - i);
          int height = Math.min(t.mr, to - i);
          boolean whole = height == t.mr && width == t.nr;
          int at = block.at() + i * block.ldc() + j;
          t.rows(
              runs.length(),
              runs.offsets(),
              runs.first(),
              runs.count(),
              a,
              rows,
              firstRow + i,
              columns.panels(),
              bo,
              whole ? block.c() : edge,
              whole ? at : 0,
              whole ? block.ldc() : t.nr,
              whole && block.add());
          if (!whole) {
            t.copyOut(edge, block.c(), at, block.ldc(), height, width, block.add());
          }
          i += height;
        }
      }
      block.finish(from, to, columns.count());
    }
  }

  /**
   * Multiplies rows that are packed first: row {@code i} is {@code a[from + i·rowStride +
   * k·kStride]}.
   *
   * @param kc how many k
   * @param count how many rows
   */
  static void packed(
      Tile tile,
      float[] a,
      int from,
      int rowStride,
      int kStride,
      int kc,
      int count,
      Columns columns,
      Block block) {
    int group = groupRows(tile, columns, kc);
    float[] strips =
        Workspace.current()
            .floats(Workspace.STRIPS, Panels.size(kc, tile.mr, Math.min(group, count)));
    for (int first = 0; first < count; first += group) {
      int to = Math.min(count, first + group);
      packStrips(tile, a, from + first * rowStride, rowStride, kStride, kc, to - first, strips);
      strips(tile, strips, kc, first, to, columns, block);
      block.finish(first, to, columns.count());
    }
  }

  /** Packs {@code count} rows, strip by strip, see {@link #stripAt}. */
  static void packStrips(
      Tile tile,
      float[] a,
      int from,
      int rowStride,
      int kStride,
      int kc,
      int count,
      float[] strips) {
    int i = 0;
    if (rowStride == 1) {
      int whole = 0;
      while (whole < count
          && Tiles.forRows(tile, count - whole) == tile
          && count - whole >= tile.mr) {
        whole += tile.mr;
      }
      Panels.packNeighbours(
          a, from, kStride, kc, tile.mr, whole / tile.mr, strips, 0, Panels.stride(kc, tile.mr));
      i = whole;
    }
    while (i < count) {
      var t = Tiles.forRows(tile, count - i);
      int height = Math.min(t.mr, count - i);
      int at = stripAt(tile, i, kc);
      Panels.pack(a, from + i * rowStride, kStride, rowStride, kc, t.mr, height, strips, at);
      i += height;
    }
  }

  /** Multiplies packed strips, rows {@code from … to-1} of the block, by all columns. */
  static void strips(
      Tile tile, float[] strips, int kc, int from, int to, Columns columns, Block block) {
    float[] edge = Workspace.current().floats(Workspace.EDGE, tile.mr * tile.nr);
    for (int j = 0, bo = columns.at(); j < columns.count(); j += tile.nr, bo += columns.stride()) {
      int width = Math.min(tile.nr, columns.count() - j);
      for (int i = from; i < to; ) {
        var t = Tiles.forRows(tile, to - i);
        int height = Math.min(t.mr, to - i);
        boolean whole = height == t.mr && width == t.nr;
        int at = block.at() + i * block.ldc() + j;
        t.packed(
            kc,
            strips,
            stripAt(tile, i - from, kc),
            columns.panels(),
            bo,
            whole ? block.c() : edge,
            whole ? at : 0,
            whole ? block.ldc() : t.nr,
            whole && block.add());
        if (!whole) {
          t.copyOut(edge, block.c(), at, block.ldc(), height, width, block.add());
        }
        i += height;
      }
    }
  }

  /** Returns where the strip of row {@code i} begins. */
  private static int stripAt(Tile tile, int i, int kc) {
    return i / tile.mr * Panels.stride(kc, tile.mr) + i % tile.mr * kc;
  }

  /** Returns how many rows to finish before the epilogue sees them. */
  private static int groupRows(Tile tile, Columns columns, int k) {
    int columnFloats = k * Lanes.roundUp(columns.count(), tile.nr);
    int rows = columnFloats <= CLOSE ? Math.min(ROWS, FINISHED / columns.count()) : ROWS;
    return Lanes.roundUp(Math.max(1, rows), tile.mr);
  }
}
