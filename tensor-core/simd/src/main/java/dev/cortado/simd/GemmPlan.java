package dev.cortado.simd;

/**
 * How a product is cut into pieces. It depends on the shape (and the machine's registers) only,
 * never on the number of threads, so that every number of threads gives the same bits.
 *
 * @param tiling the register tiles
 * @param byColumns whether a chunk is all rows by some columns: then it packs its columns itself,
 *     and the rows are packed once for all chunks. Else it packs its rows and the columns are
 *     shared
 * @param chunkStrips strips of rows per chunk
 * @param chunkPanels panels of columns per chunk
 * @param slabs into how many pieces k is cut; with more than one, each slab has a partial result of
 *     its own
 * @param slab k per slab
 * @param pass k per pass; passes are about equally long
 */
record GemmPlan(
    Tiling tiling,
    boolean byColumns,
    int chunkStrips,
    int chunkPanels,
    int slabs,
    int slab,
    int pass) {
  /**
   * Most k of a pass: so many that a panel of B and a strip of A stay in the first-level cache
   * together, 36 KiB with vectors of 512 bits, 20 KiB with 256.
   */
  static final int KC = Lanes.COUNT > 8 ? 192 : 256;

  /** With more rows than this a chunk takes some of them only. */
  private static final int MOST_ROWS = 512;

  private static final int COLS = 1024;

  /** Packed columns of a chunk that packs its own: a part of the second-level cache. */
  private static final int OWN_FLOATS = 1 << 16;

  private static final int CHUNKS = 8;
  private static final long CHUNK_WORK = 1 << 18;
  private static final int SLAB = 2 * KC;
  private static final int MAX_SLABS = 16;
  private static final int MAX_PARTIAL = 1 << 21;
  private static final int MAX_RESULT = 1 << 18;

  /** Plans {@code [m, k] × [k, n]}; all three at least 1. */
  static GemmPlan of(int m, int n, int k) {
    var tiling = Tiling.of(m, n);
    int strips = tiling.strips().count();
    int panels = tiling.panels();
    boolean byColumns = m <= n && m <= MOST_ROWS;
    int chunkStrips;
    int chunkPanels;
    if (byColumns) {
      chunkStrips = strips;
      int own = Math.max(1, OWN_FLOATS / (Math.min(k, KC) * tiling.nr()));
      chunkPanels =
          Math.max(
              Math.min(own, Math.ceilDiv(panels, CHUNKS)),
              least((long) m * tiling.nr() * k, panels));
    } else {
      int blocks = Math.ceilDiv(n, COLS);
      chunkPanels = Math.ceilDiv(panels, blocks);
      int few = Math.ceilDiv(TileLoop.ROWS, tiling.strips().height());
      long perStrip = (long) tiling.strips().height() * chunkPanels * tiling.nr() * k;
      chunkStrips =
          Math.max(
              Math.min(few, Math.ceilDiv(strips, Math.ceilDiv(CHUNKS, blocks))),
              least(perStrip, strips));
    }
    int chunks = Math.ceilDiv(strips, chunkStrips) * Math.ceilDiv(panels, chunkPanels);
    int slabs = slabs(m, n, k, chunks);
    int pass = slabs > 1 ? KC : Lanes.roundUp(Math.ceilDiv(k, Math.ceilDiv(k, KC)), 4);
    int slab = Lanes.roundUp(Math.ceilDiv(k, slabs), pass);
    slabs = Math.ceilDiv(k, slab);
    return new GemmPlan(tiling, byColumns, chunkStrips, chunkPanels, slabs, slab, pass);
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
    return (int) Math.min(Math.min(MAX_SLABS, partials), Math.ceilDiv(k, SLAB));
  }

  /** Returns how many of {@code total} items make a chunk worth handing out. */
  private static int least(long workPerItem, int total) {
    return (int) Math.min(Math.ceilDiv(CHUNK_WORK, workPerItem), total);
  }
}
