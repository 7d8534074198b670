package dev.cortado.simd;

/**
 * A product in the course of attention, whose operands were packed by whoever knows how often they
 * will be needed. It runs on the calling thread.
 *
 * <p>The left operand's rows lie {@link Tile#ROW_STRIDE} apart, so that a result that was written
 * that way is the next product's left operand as it is. What does not fit between two rows is cut
 * into passes over k, one table of rows for each.
 *
 * @param tiling how the result is covered
 * @param k the passes over k
 * @param write tiles that write the result
 * @param add tiles that add to it
 */
record HeadProduct(Tiling tiling, Passes k, Tiling.Set write, Tiling.Set add) {
  /** Most rows of a tile: the same for all products, so that their strips are the same. */
  private static final int ROWS = Lanes.REGISTERS >= 32 ? 14 : 4;

  private static final int VECTORS = 2;

  /** Columns of a panel but the last. */
  private static final int PANEL = VECTORS * Lanes.COUNT;

  /** Most columns of a table, if all of its vectors are to be written whole. */
  static final int MOST_COLUMNS = Tile.ROW_STRIDE / Lanes.COUNT * Lanes.COUNT;

  /**
   * How columns are cut into tables of rows {@link Tile#ROW_STRIDE} apart: at whole panels, so that
   * a panel is written to one table.
   *
   * @param total how many columns
   */
  record Passes(int total) {
    private static final int STEP = MOST_COLUMNS / PANEL * PANEL;

    int count() {
      return Math.ceilDiv(Math.max(0, total - MOST_COLUMNS), STEP) + 1;
    }

    int at(int pass) {
      return pass * STEP;
    }

    int length(int pass) {
      return pass == count() - 1 ? total - at(pass) : STEP;
    }

    int longest() {
      return Math.min(total, MOST_COLUMNS);
    }
  }

  /**
   * Returns the product of {@code m × n} by tiles that write whole vectors if {@code filled}, for
   * there is room behind the rows, and that read the left operand in a certain way.
   */
  static HeadProduct of(int m, int n, Passes k, boolean filled, boolean adds, Tile.Way way) {
    var tiling = Tiling.of(m, filled ? Lanes.roundUp(n, Lanes.COUNT) : n, ROWS, VECTORS);
    long work = (long) m * tiling.cols() * k.total();
    var write = tiling.tiles(way, Tile.ROW_STRIDE, false, false, work);
    boolean both = adds || k.count() > 1;
    var add = both ? tiling.tiles(way, Tile.ROW_STRIDE, true, false, work) : write;
    return new HeadProduct(tiling, k, write, add);
  }

  /** Returns the panel that a table's first column begins; past the last, how many there are. */
  static int panel(int column) {
    return Math.ceilDiv(column, PANEL);
  }

  /** Floats of the packed right operand. */
  int rightSize() {
    return k.count() * tiling.panels() * rightStride();
  }

  private int rightStride() {
    return Panels.stride(k.longest(), tiling.nr());
  }

  /** Packs a right operand of {@code n} columns to {@code at}, and returns it. */
  Operand packRight(MatrixView b, int n, float[] to, int at) {
    var valid = new Tiling(tiling.strips(), n, tiling.vectors(), tiling.lastVectors());
    int stride = rightStride();
    for (int pass = 0; pass < k.count(); pass++) {
      int place = at + pass * tiling.panels() * stride;
      GemmBlock.packPanels(
          valid, b, k.at(pass), k.length(pass), 0, tiling.panels(), to, place, stride);
    }
    return new Operand(to, at, tiling.panels() * stride, stride);
  }

  /** Floats of the packed left operand. */
  int leftSize() {
    return k.count() * tableSize();
  }

  private int tableSize() {
    return tiling.strips().rows() * Tile.ROW_STRIDE;
  }

  /** Floats of a left operand that is packed strip by strip. */
  int stripsSize() {
    return k.count() * tiling.strips().count() * stripStride();
  }

  private int stripStride() {
    return Panels.stride(k.longest(), tiling.strips().height());
  }

  /**
   * Packs a left operand strip by strip, k by k, which is cheaper for one whose columns, not rows,
   * are neighbours; and returns it.
   */
  Operand packStrips(MatrixView a, float[] to, int at) {
    int stride = stripStride();
    int count = tiling.strips().count();
    for (int pass = 0; pass < k.count(); pass++) {
      int place = at + pass * count * stride;
      Lefts.packStrips(tiling.strips(), a, k.at(pass), k.length(pass), 0, count, to, place, stride);
    }
    return new Operand(to, at, count * stride, stride);
  }

  /** Copies a left operand to {@code at}, and returns it. */
  Operand packLeft(MatrixView a, float[] to, int at) {
    int rows = tiling.strips().rows();
    for (int pass = 0; pass < k.count(); pass++) {
      int from = a.offset() + k.at(pass) * a.colStride();
      int place = at + pass * tableSize();
      int length = k.length(pass);
      if (a.colStride() == 1) {
        Panels.copyRows(a.data(), from, a.rowStride(), rows, length, to, place, Tile.ROW_STRIDE);
        continue;
      }
      for (int r = 0; r < rows; r++) {
        for (int i = 0; i < length; i++) {
          to[place + r * Tile.ROW_STRIDE + i] =
              a.data()[from + r * a.rowStride() + i * a.colStride()];
        }
      }
    }
    return new Operand(to, at, tableSize(), 0);
  }

  /**
   * An operand in an array.
   *
   * @param data the array
   * @param at where it begins
   * @param pass distance of the tables for the passes
   * @param strip distance of strips or panels; 0 if rows lie {@link Tile#ROW_STRIDE} apart
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Operand(float[] data, int at, int pass, int strip) {
    private TileLoop.Left left(int number) {
      return new TileLoop.Left(data, at + number * pass, strip, strip == 0 ? Tile.ROW_STRIDE : 0);
    }

    private TileLoop.Columns right(int number) {
      int first = at + number * pass;
      return new TileLoop.Columns(data, first, strip, first);
    }
  }

  /**
   * Computes strips {@code from … to-1} of all panels, as {@link #run(int, int, int, int, Operand,
   * Operand, float[], int, int, boolean)} does.
   */
  void run(
      int from, int to, Operand left, Operand right, float[] c, int at, int ldc, boolean adding) {
    run(from, to, 0, tiling.panels(), left, right, c, at, ldc, adding);
  }

  /**
   * Computes strips {@code from … to-1} of panels {@code panel … panelEnd-1}.
   *
   * @param c the result
   * @param at index of its element (0, 0)
   * @param ldc distance of its rows
   * @param adding whether to add to what it holds
   */
  void run(
      int from,
      int to,
      int panel,
      int panelEnd,
      Operand left,
      Operand right,
      float[] c,
      int at,
      int ldc,
      boolean adding) {
    var first = new TileLoop.Block(c, at, ldc, 0, 0, adding ? add : write, null);
    var more = new TileLoop.Block(c, at, ldc, 0, 0, add, null);
    for (int p = panel; p < panelEnd; p++) {
      for (int pass = 0; pass < k.count(); pass++) {
        var block = pass == 0 ? first : more;
        TileLoop.panel(
            tiling, left.left(pass), k.length(pass), from, to, p, right.right(pass), block);
      }
    }
  }
}
