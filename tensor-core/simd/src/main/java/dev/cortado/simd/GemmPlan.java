package dev.cortado.simd;

/**
 * How a product is cut into pieces. It depends on the shape (and the machine's registers) only,
 * never on the number of threads, so that every number of threads gives the same bits.
 *
 * @param tile the register tile
 * @param rowBlock rows of the result per chunk, a multiple of the tile's
 * @param colBlock columns of the result per chunk, a multiple of the tile's
 * @param rowBlocks chunks over the rows
 * @param colBlocks chunks over the columns
 * @param slabs into how many pieces k is cut; with more than one, each slab has a partial result of
 *     its own
 * @param slab k per slab
 */
record GemmPlan(
    Tile tile, int rowBlock, int colBlock, int rowBlocks, int colBlocks, int slabs, int slab) {
  /**
   * k per pass: a panel of 256 k by two vectors is at most 32 KiB, and stays in the first-level
   * cache.
   */
  static final int KC = 256;

  private static final int ROWS = 288;
  private static final int COLS = 1024;
  private static final int CHUNKS = 8;
  private static final long CHUNK_WORK = 1 << 18;
  private static final int SLAB = 2 * KC;
  private static final int MAX_SLABS = 16;
  private static final int MAX_PARTIAL = 1 << 21;
  private static final int MAX_RESULT = 1 << 18;

  /** Plans {@code [m, k] × [k, n]}; all three at least 1. */
  static GemmPlan of(int m, int n, int k) {
    var tile = Tiles.of(m, n);
    int panels = ceil(n, tile.nr);
    int colBlocks = ceil(n, COLS);
    int colBlock = ceil(panels, colBlocks) * tile.nr;
    // A chunk below CHUNK_WORK multiply-adds costs more to hand out than it gains.
    int leastRows = least((long) colBlock * k, tile.mr, m);
    int rowBlock = Math.max(even(m, ceil(m, ROWS), tile.mr), leastRows);
    int slabs = slabs(m, n, k, ceil(m, rowBlock) * colBlocks);
    if (slabs == 1 && ceil(m, rowBlock) * colBlocks < CHUNKS) {
      rowBlock = Math.max(even(m, ceil(CHUNKS, colBlocks), tile.mr), leastRows);
      int rowBlocks = ceil(m, rowBlock);
      if (rowBlocks * colBlocks < CHUNKS) {
        int leastCols = least((long) rowBlock * k, tile.nr, n);
        colBlock = Math.max(even(n, ceil(CHUNKS, rowBlocks), tile.nr), leastCols);
      }
    }
    int slab = Lanes.roundUp(ceil(k, slabs), KC);
    return new GemmPlan(
        tile, rowBlock, colBlock, ceil(m, rowBlock), ceil(n, colBlock), ceil(k, slab), slab);
  }

  /**
   * A long sum over few results is cut along k: cutting the results would read the operands in thin
   * slices.
   */
  private static int slabs(int m, int n, int k, int chunks) {
    long partials = MAX_PARTIAL / ((long) m * n);
    if (chunks >= CHUNKS || k < 2 * SLAB || (long) m * n > MAX_RESULT) {
      return 1;
    }
    return (int) Math.min(Math.min(MAX_SLABS, partials), ceil(k, SLAB));
  }

  /** Returns how many of {@code total} items, in whole units, make a chunk worth handing out. */
  private static int least(long workPerItem, int unit, int total) {
    long items = (CHUNK_WORK + workPerItem - 1) / workPerItem;
    return Lanes.roundUp((int) Math.min(items, total), unit);
  }

  /**
   * Cuts {@code total} into {@code parts} of nearly equal size, each a multiple of {@code unit}.
   */
  private static int even(int total, int parts, int unit) {
    return Lanes.roundUp(ceil(total, parts), unit);
  }

  private static int ceil(int a, int b) {
    return (a + b - 1) / b;
  }
}
