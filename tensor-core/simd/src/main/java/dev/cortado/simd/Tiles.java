package dev.cortado.simd;

/** The choice of the register tile by the machine's registers and the result's shape. */
final class Tiles {
  private static final Tile FEW_ROWS = new Tile4x2();
  private static final Tile WIDE = Lanes.REGISTERS == 32 ? new Tile12x2() : FEW_ROWS;
  private static final Tile NARROW = Lanes.REGISTERS == 32 ? new Tile12x1() : FEW_ROWS;
  private static final Tile THREE = Lanes.REGISTERS == 32 ? WIDE : new Tile3x3();

  private Tiles() {}

  /** Returns the tile that wastes least on a result of {@code m} rows by {@code n} columns. */
  static Tile of(int m, int n) {
    if (n <= NARROW.nr) {
      return NARROW;
    }
    if (m <= FEW_ROWS.mr) {
      return FEW_ROWS;
    }
    return Lanes.roundUp(n, THREE.nr) < Lanes.roundUp(n, WIDE.nr) ? THREE : WIDE;
  }

  /**
   * Returns the tile for the next strip when {@code rows} rows are left: {@code tile}, or near the
   * end one of the same width with fewer rows.
   */
  static Tile forRows(Tile tile, int rows) {
    return tile.nr == FEW_ROWS.nr && rows <= tile.mr - FEW_ROWS.mr ? FEW_ROWS : tile;
  }
}
