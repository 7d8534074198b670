package dev.cortado.simd;

import org.jspecify.annotations.Nullable;

/**
 * The loops around the register tile: for each panel of columns, which then stays in the
 * first-level cache, the strips of rows stream past from the second. (The other way round the wider
 * stream would come from the second-level cache: measured, a tenth slower.)
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

  /** Rows of a group: with 256 k 288 KiB, a part of the second-level cache. */
  static final int ROWS = 288;

  private TileLoop() {}

  /**
   * Packed columns: panel {@code p} begins at {@code at + p·stride}; of it, {@code skip} k are left
   * out.
   *
   * @param panels the packed panels
   * @param at where panel 0 would begin
   * @param stride distance of the panels
   * @param skip k before the first one wanted
   * @param from first panel to compute
   * @param to panel after the last one
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Columns(float[] panels, int at, int stride, int skip, int from, int to) {
    int place(Tiling tiling, int panel) {
      return at + panel * stride + skip * tiling.width(panel);
    }
  }

  /**
   * Packed rows: strip {@code s} begins at {@code at + s·stride}.
   *
   * @param data the packed strips
   * @param at where strip 0 would begin
   * @param stride distance of the strips
   * @param copied whether rows were copied as they are, {@link Tile#ROW_STRIDE} apart; else they
   *     are packed k by k
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Left(float[] data, int at, int stride, boolean copied) {}

  /**
   * Where results go.
   *
   * @param c the array
   * @param at index of the tiling's first element
   * @param ldc distance of the rows
   * @param row number of the tiling's first row, for the epilogue
   * @param col number of the tiling's first column, for the epilogue
   * @param add whether to add to what is there
   * @param epilogue called on finished pieces, or null
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Block(
      float[] c, int at, int ldc, int row, int col, boolean add, @Nullable TileEpilogue epilogue) {
    /** Calls the epilogue on strips {@code from … to-1} of some panels. */
    private void finish(Tiling tiling, int from, int to, Columns columns) {
      if (epilogue != null) {
        int first = tiling.strips().at(from);
        int left = tiling.col(columns.from());
        epilogue.apply(
            c,
            at + first * ldc + left,
            ldc,
            row + first,
            col + left,
            tiling.strips().at(to) - first,
            tiling.col(columns.to()) - left);
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
   * @param rows offset of each row
   */
  static void inPlace(
      Tiling tiling, float[] a, int[] rows, int firstRow, Runs runs, Columns columns, Block block) {
    var strips = tiling.strips();
    int group = group(tiling, columns, runs.count() * runs.length());
    for (int from = 0; from < strips.count(); from += group) {
      int to = Math.min(strips.count(), from + group);
      for (int p = columns.from(); p < columns.to(); p++) {
        int bo = columns.place(tiling, p);
        for (int s = from; s < to; s++) {
          int row = strips.at(s);
          tiling
              .tile(s, p)
              .rows(
                  runs.length(),
                  runs.offsets(),
                  runs.first(),
                  runs.count(),
                  a,
                  rows,
                  firstRow + row,
                  columns.panels(),
                  bo,
                  block.c(),
                  block.at() + row * block.ldc() + p * tiling.nr(),
                  block.ldc(),
                  block.add());
        }
      }
      block.finish(tiling, from, to, columns);
    }
  }

  /** Multiplies packed strips {@code from … to-1} by some panels. */
  static void strips(
      Tiling tiling, Left left, int kc, int from, int to, Columns columns, Block block) {
    var strips = tiling.strips();
    for (int p = columns.from(); p < columns.to(); p++) {
      int bo = columns.place(tiling, p);
      for (int s = from; s < to; s++) {
        var tile = tiling.tile(s, p);
        int ao = left.at() + s * left.stride();
        int co = block.at() + strips.at(s) * block.ldc() + p * tiling.nr();
        if (left.copied()) {
          tile.copied(
              kc, left.data(), ao, columns.panels(), bo, block.c(), co, block.ldc(), block.add());
        } else {
          tile.packed(
              kc, left.data(), ao, columns.panels(), bo, block.c(), co, block.ldc(), block.add());
        }
      }
    }
    block.finish(tiling, from, to, columns);
  }

  /** Returns how many strips to finish before the epilogue sees them. */
  static int group(Tiling tiling, Columns columns, int kc) {
    int cols = tiling.col(columns.to()) - tiling.col(columns.from());
    int rows = kc * cols <= CLOSE ? Math.min(ROWS, FINISHED / Math.max(kc, cols)) : ROWS;
    return Math.max(1, rows / tiling.strips().height());
  }
}
