package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Register tiles, also those that this machine would not choose. */
class TileTest {
  private static final int L = Lanes.COUNT;
  private static final Tile[] TILES = {
    Tiling.tile(14, 2, L),
    Tiling.tile(13, 2, L - 1),
    Tiling.tile(14, 1, 1),
    Tiling.tile(8, 1, L),
    Tiling.tile(4, 2, L),
    Tiling.tile(3, 3, Math.max(1, L / 2)),
    Tiling.tile(1, 2, L)
  };

  @Property(tries = 60)
  void multipliesPackedPanels(
      @ForAll @IntRange(max = 40) int k, @ForAll boolean add, @ForAll long seed) {
    for (var tile : TILES) {
      var random = new SplittableRandom(seed);
      float[] a = floats(random, 3 + k * tile.mr);
      float[] b = floats(random, 5 + k * tile.nr);
      int ldc = tile.nr + 2;
      float[] c = floats(random, 1 + tile.mr * ldc);
      float[] before = c.clone();
      tile.packed(k, a, 3, b, 5, c, 1, ldc, add);
      check(tile, k, (r, p) -> a[3 + p * tile.mr + r], b, 5, before, c, 1, ldc, add);
    }
  }

  @Property(tries = 60)
  void multipliesCopiedRows(
      @ForAll @IntRange(max = 40) int k, @ForAll boolean add, @ForAll long seed) {
    for (var tile : TILES) {
      var random = new SplittableRandom(seed);
      float[] a = floats(random, 3 + tile.mr * Tile.ROW_STRIDE);
      float[] b = floats(random, 5 + k * tile.nr);
      int ldc = tile.nr + 2;
      float[] c = floats(random, 1 + tile.mr * ldc);
      float[] before = c.clone();
      tile.copied(k, a, 3, b, 5, c, 1, ldc, add);
      check(tile, k, (r, p) -> a[3 + r * Tile.ROW_STRIDE + p], b, 5, before, c, 1, ldc, add);
    }
  }

  @Property(tries = 60)
  void readsRowsWhereTheyLie(
      @ForAll @IntRange(max = 12) int length,
      @ForAll @IntRange(min = 1, max = 4) int runs,
      @ForAll boolean add,
      @ForAll long seed) {
    for (var tile : TILES) {
      var random = new SplittableRandom(seed);
      float[] a = floats(random, 500);
      int[] places = new int[2 + runs + tile.mr];
      for (int i = 0; i < places.length; i++) {
        places[i] = random.nextInt(240);
      }
      int k = runs * length;
      float[] b = floats(random, 5 + k * tile.nr);
      int ldc = tile.nr + 1;
      float[] c = floats(random, tile.mr * ldc);
      float[] before = c.clone();
      tile.rows(length, places, 2, runs, a, places, 2 + runs, b, 5, c, 0, ldc, add);
      check(
          tile,
          k,
          (r, p) -> a[places[2 + runs + r] + places[2 + p / length] + p % length],
          b,
          5,
          before,
          c,
          0,
          ldc,
          add);
    }
  }

  /** Element (row, k) of the left operand. */
  private interface Left {
    float at(int row, int k);
  }

  private static void check(
      Tile tile,
      int k,
      Left a,
      float[] b,
      int bo,
      float[] before,
      float[] c,
      int co,
      int ldc,
      boolean add) {
    float[] expected = before.clone();
    for (int r = 0; r < tile.mr; r++) {
      for (int j = 0; j < tile.nr - L + tile.tail; j++) {
        // The same operations in the same order: the same bits.
        float sum = 0;
        for (int p = 0; p < k; p++) {
          sum = Math.fma(a.at(r, p), b[bo + p * tile.nr + j], sum);
        }
        int at = co + r * ldc + j;
        expected[at] = add ? sum + before[at] : sum;
      }
    }
    assertThat(c).as("%d × %d, k = %d", tile.mr, tile.vectors, k).isEqualTo(expected);
  }

  private static float[] floats(SplittableRandom random, int size) {
    float[] x = new float[size];
    for (int i = 0; i < size; i++) {
      x[i] = (float) (random.nextDouble() - 0.5);
    }
    return x;
  }
}
