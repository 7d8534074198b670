package dev.cortado.simd;

import org.jspecify.annotations.Nullable;

/**
 * The loop around the register tile: a panel of columns stays while strips of rows stream past it.
 * Short passes leave the panel in the first-level cache; of long ones (see {@link GemmPlan#KC}) it
 * comes from the second, as the strips do.
 */
final class TileLoop {
  private TileLoop() {}

  /**
   * Packed columns: panel {@code p} begins at {@code at + p·stride}.
   *
   * @param panels the packed panels
   * @param at where panel 0 would begin
   * @param stride distance of the panels
   * @param next where the panel lies that comes after this one
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Columns(float[] panels, int at, int stride, int next) {
    int place(int panel) {
      return at + panel * stride;
    }
  }

  /**
   * Rows of A: strip {@code s} begins at {@code at + s·stride}; without a stride strips follow each
   * other as rows do.
   *
   * @param data the array
   * @param at where strip 0 would begin
   * @param stride distance of the strips, or 0
   * @param rowStride distance of the rows; 0 if strips are packed k by k
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Left(float[] data, int at, int stride, int rowStride) {
    int place(Strips strips, int s) {
      return stride > 0 ? at + s * stride : at + strips.at(s) * rowStride;
    }
  }

  /**
   * Where results go.
   *
   * @param c the array
   * @param at index of the tiling's first element
   * @param ldc distance of the rows
   * @param row number of the tiling's first row, for the epilogue
   * @param col number of the tiling's first column, for the epilogue
   * @param tiles the tiles, which write the result or add to it
   * @param epilogue called on finished pieces, or null
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Block(
      float[] c,
      int at,
      int ldc,
      int row,
      int col,
      Tiling.Set tiles,
      @Nullable TileEpilogue epilogue) {
    /** Calls the epilogue on strips {@code from … to-1} of panels {@code panel … panelEnd-1}. */
    void finish(Tiling tiling, int from, int to, int panel, int panelEnd) {
      if (epilogue != null) {
        int first = tiling.strips().at(from);
        int left = tiling.col(panel);
        epilogue.apply(
            c,
            at + first * ldc + left,
            ldc,
            row + first,
            col + left,
            tiling.strips().at(to) - first,
            tiling.col(panelEnd) - left);
      }
    }
  }

  /**
   * Multiplies strips {@code from … to-1} by panel {@code p}; leaves the epilogue to the caller.
   */
  static void panel(
      Tiling tiling, Left left, int kc, int from, int to, int p, Columns columns, Block block) {
    int tall = Math.clamp(tiling.strips().tall(), from, to);
    alike(tiling, left, kc, from, from, tall, columns, p, block);
    alike(tiling, left, kc, from, tall, to, columns, p, block);
  }

  /** Multiplies strips of equal height by one panel. */
  private static void alike(
      Tiling tiling,
      Left left,
      int kc,
      int first,
      int from,
      int to,
      Columns columns,
      int p,
      Block block) {
    if (from >= to) {
      return;
    }
    var strips = tiling.strips();
    boolean packed = left.rowStride() == 0;
    var tile = block.tiles().of(from < strips.tall(), p == tiling.panels() - 1);
    float[] a = left.data();
    float[] b = columns.panels();
    int bo = columns.place(p);
    // Rows in place are followed by the next tile's rows; else the next panel is farther away.
    boolean inPlace = left.stride() == 0;
    int height = strips.height(from);
    float[] touched = inPlace ? a : b;
    int step = kc * (inPlace ? height : Tile.STEP);
    int most = touched.length - step;
    for (int s = from; s < to; s++) {
      int ao = left.place(strips, s);
      int at = inPlace ? ao + height * left.rowStride() : columns.next() + (s - first) * step;
      int next = Math.min(at, most);
      int co = block.at() + strips.at(s) * block.ldc() + p * tiling.nr();
      if (packed) {
        tile.packed(kc, a, ao, b, bo, block.c(), co, block.ldc(), touched, next);
      } else {
        tile.spaced(kc, a, ao, b, bo, block.c(), co, block.ldc(), touched, next);
      }
    }
  }
}
