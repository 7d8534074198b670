package dev.cortado.simd;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

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

  /** No tile has more rows than this. */
  private static final int MOST_ROWS = 24;

  /** Nor more vectors. */
  private static final int MOST_VECTORS = 3;

  private static final AtomicReferenceArray<@Nullable Tile> TILES =
      new AtomicReferenceArray<>((MOST_ROWS + 1) * (MOST_VECTORS + 1) * (L + 1));

  /**
   * Covers {@code m × n}. A tile wants many accumulators, but one with more than there are
   * registers spills (see {@link Tile}). With 32 registers 14 × 2 sums, a row of B and one number
   * of A take 31. With 16 registers 4 × 2 or 3 × 3.
   */
  static Tiling of(int m, int n) {
    int count = Math.ceilDiv(n, L);
    if (Lanes.REGISTERS >= 32) {
      return of(m, n, 14, 2);
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

  /** Returns the tile of that size, which is compiled when it is first asked for. */
  static Tile tile(int rows, int vectors, int tail) {
    int at = (rows * (MOST_VECTORS + 1) + vectors) * (L + 1) + tail;
    var tile = TILES.get(at);
    if (tile == null) {
      synchronized (TILES) {
        tile = TILES.get(at);
        if (tile == null) {
          tile = TileCompiler.compile(rows, vectors, tail);
          TILES.set(at, tile);
        }
      }
    }
    return tile;
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

  /** Returns the tile for a strip and a panel. */
  Tile tile(int strip, int panel) {
    return panel < panels() - 1
        ? tile(strips.height(strip), vectors, L)
        : tile(strips.height(strip), lastVectors, cols - (Math.ceilDiv(cols, L) - 1) * L);
  }
}
