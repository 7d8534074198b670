package dev.cortado.simd;

/**
 * How a product is cut into pieces. It depends on the shape (and the machine's registers) only,
 * never on the number of threads, so that every number of threads gives the same bits.
 *
 * @param tiling the register tiles
 * @param byColumns whether a chunk is all rows by some columns: then it packs its columns itself,
 *     and the rows are packed once for all chunks. Else it packs its rows and the columns are
 *     shared
 * @param down into how many chunks the strips of rows are cut
 * @param chunkPanels most panels of columns per chunk
 * @param slabs into how many pieces k is cut; with more than one, each slab has a partial result of
 *     its own
 * @param slab k per slab
 * @param pass k per pass; passes are about equally long
 * @param depth k per round: some passes, for which the rows of a group are packed together
 * @param group most strips of a group. All of them go past a panel before the next panel: many, so
 *     that a panel fetched from far away is used often, but no more than stay in the second-level
 *     cache. Where all of B stays in the first-level cache a few are enough, and their results are
 *     still there when the epilogue sees them
 */
record GemmPlan(
    Tiling tiling,
    boolean byColumns,
    int down,
    int chunkPanels,
    int slabs,
    int slab,
    int pass,
    int depth,
    int group) {
  /**
   * Most k of a pass. With vectors of 512 bits a tile takes 13 bytes per cycle, which the
   * second-level cache delivers; so a pass is long, and most results are written once and never
   * read. With fewer registers a tile uses each number a few times only: then a panel of B and a
   * strip of A stay in the first-level cache together, 20 KiB with 256 bits.
   */
  static final int KC = Lanes.COUNT > 8 ? 1152 : 256;

  /**
   * Packed rows of a group: 512 KiB with vectors of 512 bits, 256 KiB with fewer. That is a quarter
   * of the second-level cache of such processors, where the group's part of a panel of C and the
   * next panel of B must find room, too.
   */
  static final int GROUP_FLOATS = Lanes.COUNT > 8 ? 1 << 17 : 1 << 16;

  /** Most k of a round. Between rounds C leaves the second-level cache. */
  private static final int MOST_DEPTH = 1152;

  /** With so many rows hardly any time goes into fetching the panels of B. */
  private static final int GROUP_ROWS = 256;

  /** With more rows than this a chunk takes some of them only. */
  private static final int MOST_ROWS = 512;

  /** Packed columns of a chunk that packs its own: a part of the second-level cache. */
  private static final int OWN_FLOATS = GROUP_FLOATS;

  /** Floats that do not stay in the second-level cache: 2 MiB with vectors of 512 bits. */
  private static final int FAR = 4 * GROUP_FLOATS;

  private static final int CHUNKS = 8;

  /** Chunks that pack their columns, which nobody else does: many, for cores differ in speed. */
  private static final int MANY_CHUNKS = 16;

  private static final long CHUNK_WORK = 1 << 18;

  /**
   * If B has no more floats it stays in the first-level cache as a whole, and a few rows are enough
   * for a group: so many that their results are still in that cache when the epilogue sees them.
   */
  private static final int CLOSE = 6144;

  private static final int CLOSE_RESULTS = 4096;

  private static final int SLAB = Lanes.COUNT > 8 ? 384 : 2 * KC;
  private static final int MAX_SLABS = 16;
  private static final int MAX_PARTIAL = 1 << 21;
  private static final int MAX_RESULT = 1 << 18;

  /** Plans {@code [m, k] × [k, n]}; all three at least 1. */
  static GemmPlan of(int m, int n, int k) {
    var tiling = Tiling.of(m, n, k);
    int strips = tiling.strips().count();
    int height = tiling.strips().height();
    int panels = tiling.panels();
    int passes = Math.ceilDiv(k, KC);
    int deep = Math.ceilDiv(passes, Math.ceilDiv(k, MOST_DEPTH));
    int rows = Math.min(GROUP_ROWS, GROUP_FLOATS / Math.min(k, deep * KC));
    boolean byColumns = m <= n && m <= MOST_ROWS;
    int down = 1;
    int chunkPanels;
    int chunks;
    if (byColumns) {
      int least = least((long) m * tiling.nr() * k, panels);
      int own = own(tiling, k, deep);
      chunks = Math.ceilDiv(panels, Math.max(least, Math.min(own, Math.ceilDiv(panels, CHUNKS))));
      chunkPanels = Math.max(least, Math.min(own, Math.ceilDiv(panels, MANY_CHUNKS)));
    } else {
      int few = Math.max(1, rows / height);
      down = down(strips, few, least((long) height * n * k, strips));
      chunkPanels = Math.ceilDiv(panels, Math.ceilDiv(CHUNKS, down));
      long perPanel = (long) m / down * tiling.nr() * k;
      chunkPanels = Math.max(chunkPanels, least(perPanel, panels));
      chunks = down * Math.ceilDiv(panels, chunkPanels);
    }
    int slabs = slabs(m, n, k, chunks);
    int slab = slabs > 1 ? Lanes.roundUp(Math.ceilDiv(k, slabs), SLAB / 2) : k;
    passes = Math.ceilDiv(slab, KC);
    int pass = Math.min(slab, Lanes.roundUp(Math.ceilDiv(slab, passes), 4));
    slabs = Math.ceilDiv(k, slab);
    if (slabs > 1) {
      deep = Math.min(deep, passes);
      rows = Math.min(GROUP_ROWS, GROUP_FLOATS / (deep * pass));
      chunkPanels = Math.min(own(tiling, slab, deep), panels);
    }
    if ((long) k * n <= CLOSE) {
      rows = Math.min(rows, CLOSE_RESULTS / Math.max(k, n));
    }
    int group = Math.max(1, rows / height);
    return new GemmPlan(
        tiling, byColumns, down, chunkPanels, slabs, slab, pass, deep * pass, group);
  }

  /**
   * Tells whether the packed columns come from beyond the second-level cache, each panel once for
   * every group of rows: then tiles fetch the next panel while they work on one.
   */
  boolean ahead() {
    return !byColumns && slabs == 1 && (long) slab * tiling.cols() > FAR;
  }

  /** Returns how many panels a chunk packs at most. */
  private static int own(Tiling tiling, int k, int deep) {
    return Math.max(1, OWN_FLOATS / (Math.min(k, deep * KC) * tiling.nr()));
  }

  /**
   * Returns into how many chunks strips are cut: of at least {@code least} strips, about {@code
   * most} if there are enough, and if there are many chunks a multiple of four, so that no core is
   * left alone with the last one.
   */
  private static int down(int strips, int most, int least) {
    int chunks = Math.max((strips + most / 2) / most, CHUNKS);
    int rounded = chunks > CHUNKS ? Lanes.roundUp(chunks, 4) : chunks;
    return Math.max(1, Math.min(rounded, strips / least));
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

  /** Returns where piece {@code i} begins if {@code total} items are cut into equal pieces. */
  static int cut(int total, int i, int pieces) {
    return (int) ((long) total * i / pieces);
  }
}
