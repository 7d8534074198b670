package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loop around the tile where it is not a product that chooses the sizes. */
class TileLoopTest {
  private static final int L = Lanes.COUNT;

  /**
   * Rows in place may by chance be as far apart as copied ones, and the array ends with the last of
   * them: what a tile touches ahead must not lie behind it, however low the tile is.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void touchesNothingBehindRowsInPlace(int height) {
    int m = 7 * height;
    int k = 40;
    for (int distance : new int[] {k, Tile.ROW_STRIDE, Tile.LONG_STRIDE}) {
      float[] a = wholeNumbers((m - 1) * distance + k, 19);
      float[] b = wholeNumbers(k * L, 23);
      float[] c = new float[m * L];
      var tiling = Tiling.of(m, L, height, 1);
      Tiers.with(
          Tiers.Mode.SPECIAL,
          () -> {
            var tiles = tiling.tiles(Tile.Way.SPACED, distance, false, true, (long) m * L * k);
            TileLoop.panel(
                tiling,
                new TileLoop.Left(a, 0, 0, distance),
                k,
                0,
                tiling.strips().count(),
                0,
                new TileLoop.Columns(b, 0, b.length, 0),
                new TileLoop.Block(c, 0, L, 0, 0, tiles, null));
          });
      for (int i = 0; i < c.length; i++) {
        double sum = 0;
        for (int p = 0; p < k; p++) {
          sum += (double) a[i / L * distance + p] * b[p * L + i % L];
        }
        assertThat(c[i]).isEqualTo((float) sum);
      }
    }
  }

  private static float[] wholeNumbers(int size, int bound) {
    float[] x = new float[size];
    for (int i = 0; i < size; i++) {
      x[i] = i % bound - bound / 2;
    }
    return x;
  }
}
