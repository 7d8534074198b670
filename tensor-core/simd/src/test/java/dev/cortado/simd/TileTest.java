package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Register tiles, also those that this machine would not choose. */
class TileTest {
  private static final int L = Lanes.COUNT;
  private static final Tile.Size[] SIZES = {
    size(14, 2, L),
    size(13, 2, L - 1),
    size(14, 1, 1),
    size(8, 1, L),
    size(4, 2, L),
    size(3, 3, Math.max(1, L / 2)),
    size(1, 2, L),
    new Tile.Size(14, 1, L, 40, false, true),
    new Tile.Size(4, 6, L, 40, false, false),
    new Tile.Size(9, 3, 1, 48, false, true),
    new Tile.Size(3, 2, 1, 96, true, true)
  };

  private static Tile.Size size(int rows, int vectors, int tail) {
    return new Tile.Size(rows, vectors, tail, Tile.ROW_STRIDE, false, rows % 2 == 0);
  }

  private static Tile tile(Tile.Size s, boolean add) {
    var size = new Tile.Size(s.rows(), s.vectors(), s.tail(), s.rowStride(), add, s.ahead());
    return Tiling.special(size, Tile.Way.PACKED).loop();
  }

  @Property(tries = 60)
  void multipliesPackedPanels(
      @ForAll @IntRange(max = 40) int k, @ForAll boolean add, @ForAll long seed) {
    for (var tile : SIZES) {
      var random = new SplittableRandom(seed);
      float[] a = floats(random, 3 + k * tile.rows());
      float[] b = floats(random, 5 + k * tile.nr());
      int ldc = tile.nr() + 2;
      float[] c = floats(random, 1 + tile.rows() * ldc);
      float[] before = c.clone();
      tile(tile, add).packed(k, a, 3, b, 5, c, 1, ldc, next(tile, k), 0);
      check(tile, k, (r, p) -> a[3 + p * tile.rows() + r], b, 5, before, c, 1, ldc, add);
    }
  }

  @Property(tries = 60)
  void multipliesRowsAtAConstantDistance(
      @ForAll @IntRange(max = 40) int k, @ForAll boolean add, @ForAll long seed) {
    for (var tile : SIZES) {
      var random = new SplittableRandom(seed);
      float[] a = floats(random, 3 + tile.rows() * tile.rowStride() + 40);
      float[] b = floats(random, 5 + k * tile.nr());
      int ldc = tile.nr() + 2;
      float[] c = floats(random, 1 + tile.rows() * ldc);
      float[] before = c.clone();
      tile(tile, add).spaced(k, a, 3, b, 5, c, 1, ldc, next(tile, k), 0);
      check(tile, k, (r, p) -> a[3 + r * tile.rowStride() + p], b, 5, before, c, 1, ldc, add);
    }
  }

  /** As long as what a tile may touch. */
  private static float[] next(Tile.Size tile, int k) {
    return new float[k * tile.code().step()];
  }

  /** Element (row, k) of the left operand. */
  private interface Left {
    float at(int row, int k);
  }

  private static void check(
      Tile.Size tile,
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
    for (int r = 0; r < tile.rows(); r++) {
      for (int j = 0; j < tile.nr() - L + tile.tail(); j++) {
        // The same operations in the same order: the same bits.
        float sum = 0;
        for (int p = 0; p < k; p++) {
          sum = Math.fma(a.at(r, p), b[bo + p * tile.nr() + j], sum);
        }
        int at = co + r * ldc + j;
        expected[at] = add ? sum + before[at] : sum;
      }
    }
    assertThat(c).as("%d × %d, k = %d", tile.rows(), tile.vectors(), k).isEqualTo(expected);
  }

  private static float[] floats(SplittableRandom random, int size) {
    float[] x = new float[size];
    for (int i = 0; i < size; i++) {
      x[i] = (float) (random.nextDouble() - 0.5);
    }
    return x;
  }
}
