package dev.cortado.simd;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How a result is covered with register tiles. Its rows are cut into {@link Strips}, its columns
 * into <em>panels</em> of some vectors; the last panel has as many vectors as are left, and writes
 * as many lanes of the last vector as exist. So there are up to four sizes of tile.
 *
 * @param strips the rows
 * @param cols how many columns
 * @param vectors vectors per panel
 * @param lastVectors vectors of the last panel
 */
record Tiling(Strips strips, int cols, int vectors, int lastVectors) {
  private static final int L = Lanes.COUNT;

  private static final int SHORT_SUM = 24;

  /**
   * With more vectors across fewer than four rows would be left, too few to use each vector of B.
   */
  private static final int MOST_ACROSS = 6;

  private static final LoopCache<Key, Tiers<Tile>> TILES = new LoopCache<>(Tiling::tiers);
  private static final ConcurrentHashMap<Tile.Code, Tile.Maker> MAKERS = new ConcurrentHashMap<>();

  /** Rows in place need a tile for each distance of rows, so there is an end to it. */
  private static final int MOST_TILES = 400;

  /**
   * Covers {@code m × n}. A tile wants many accumulators, but one with more than there are
   * registers spills (see {@link Tile}). With 32 registers 14 × 2 sums, a row of B and one number
   * of A take 31. With 16 registers 4 × 2 or 3 × 3.
   */
  static Tiling of(int m, int n) {
    return of(m, n, Integer.MAX_VALUE);
  }

  /**
   * Covers {@code m × n} for a sum over {@code k}. If that is short, most of the time goes into
   * writing the result: then a tile takes whole rows if it can, so that memory is written forwards.
   */
  static Tiling of(int m, int n, int k) {
    int count = Math.ceilDiv(n, L);
    if (Lanes.REGISTERS >= 32) {
      boolean whole = k <= SHORT_SUM && count > 2 && count <= MOST_ACROSS;
      return whole ? of(m, n, (Lanes.REGISTERS - 1 - count) / count, count) : of(m, n, 14, 2);
    }
    if (count == 1) {
      return of(m, n, 8, 1);
    }
    return count % 2 != 0 && count % 3 == 0 ? of(m, n, 3, 3) : of(m, n, 4, 2);
  }

  /** Covers {@code m × n} with tiles of at most {@code rows} rows by {@code vectors} vectors. */
  static Tiling of(int m, int n, int rows, int vectors) {
    int count = Math.ceilDiv(n, L);
    int across = Math.min(vectors, count);
    int lastVectors = count - (count - 1) / across * across;
    return new Tiling(Strips.of(m, rows), n, across, lastVectors);
  }

  /**
   * A tile and what is done with it.
   *
   * @param size the tile
   * @param way how it reads A
   */
  private record Key(Tile.Size size, Tile.Way way) {}

  private static Tiers<Tile> tiers(Key key) {
    var tiers =
        new Tiers<Tile>(
            new CommonTile(key.size), CommonProduct.WARM_UP, () -> special(key.size, key.way));
    var maker = MAKERS.get(key.size.code());
    if (maker != null && maker.warmUp(key.way).isOver()) {
      tiers.becomeSpecial();
    }
    return tiers;
  }

  /** Returns the tile that is compiled for a size. */
  static Tiers.Special<Tile> special(Tile.Size size, Tile.Way way) {
    var maker = MAKERS.computeIfAbsent(size.code(), TileCompiler::compile);
    return new Tiers.Special<>(maker.make(size), List.of(maker.warmUp(way)));
  }

  private static Tile tile(Tile.Size size, Tile.Way way, long multiplyAdds) {
    return TILES.get(new Key(size, way)).get(multiplyAdds / L);
  }

  /** Tells whether tiles may still be compiled for another distance of rows. */
  static boolean hasRoom() {
    return MAKERS.size() < MOST_TILES;
  }

  /** Returns the number of panels. */
  int panels() {
    return (Math.ceilDiv(cols, L) - lastVectors) / vectors + 1;
  }

  /** Returns the columns of every panel but the last. */
  int nr() {
    return vectors * L;
  }

  /** Returns the columns of a panel, with those past the end that fill its last vector. */
  int width(int panel) {
    return (panel < panels() - 1 ? vectors : lastVectors) * L;
  }

  /** Returns the columns before {@code panel}; for panel {@code panels()} the number of columns. */
  int col(int panel) {
    return Math.min(panel * nr(), cols);
  }

  /**
   * Returns the tiles of this tiling, to be looked up once and used for many strips.
   *
   * @param way how the tiles will read A
   * @param rowStride distance of the rows in A
   * @param add whether to add to the result
   * @param ahead whether to touch what comes next
   * @param work multiply-adds to do
   */
  Set tiles(Tile.Way way, int rowStride, boolean add, boolean ahead, long work) {
    int tail = cols - (Math.ceilDiv(cols, L) - 1) * L;
    int height = strips.height();
    boolean several = panels() > 1;
    boolean low = strips.tall() < strips.count();
    var tallLast = tile(new Tile.Size(height, lastVectors, tail, rowStride, add, ahead), way, work);
    var tall =
        several
            ? tile(new Tile.Size(height, vectors, L, rowStride, add, ahead), way, work)
            : tallLast;
    var lowLast =
        low
            ? tile(new Tile.Size(height - 1, lastVectors, tail, rowStride, add, ahead), way, work)
            : tallLast;
    var lowInner =
        low && several
            ? tile(new Tile.Size(height - 1, vectors, L, rowStride, add, ahead), way, work)
            : lowLast;
    return new Set(tall, lowInner, tallLast, lowLast);
  }

  /**
   * The tiles for strips of either height, in the last panel and the others.
   *
   * @param tall for tall strips
   * @param low for low strips
   * @param tallLast for tall strips in the last panel
   * @param lowLast for low strips in the last panel
   */
  record Set(Tile tall, Tile low, Tile tallLast, Tile lowLast) {
    Tile of(boolean isTall, boolean isLast) {
      return isTall ? isLast ? tallLast : tall : isLast ? lowLast : low;
    }
  }
}
