package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.Parallel;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Products against the definition in double, over shapes, layouts and thread counts. */
class GemmTest {
  /** How a matrix lies in its array. */
  enum Lie {
    ROWS,
    COLUMNS,
    SPREAD_ROWS,
    SPREAD_COLUMNS,
    SPREAD_BOTH
  }

  /** Sizes around the borders of lanes, tiles and blocks. */
  @Provide
  Arbitrary<Integer> sizes() {
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(8, Arbitraries.integers().between(0, 40)),
        net.jqwik.api.Tuple.of(
            4, Arbitraries.of(47, 48, 49, 63, 64, 65, 95, 96, 97, 143, 144, 145, 191, 193)),
        net.jqwik.api.Tuple.of(1, Arbitraries.of(255, 256, 257, 300, 511, 513, 530)));
  }

  @Property(tries = 400)
  void agreesWithTheDefinition(
      @ForAll("sizes") int m,
      @ForAll("sizes") int n,
      @ForAll("sizes") int k,
      @ForAll Lie lieOfA,
      @ForAll Lie lieOfB,
      @ForAll boolean accumulate,
      @ForAll @IntRange(max = 3) int pad,
      @ForAll long seed) {
    check(m, n, k, lieOfA, lieOfB, accumulate, pad, seed);
  }

  @Property(tries = 12)
  void sumsLongProductsInSlabs(
      @ForAll @IntRange(min = 1, max = 70) int m,
      @ForAll @IntRange(min = 1, max = 70) int n,
      @ForAll @IntRange(min = 4000, max = 12000) int k,
      @ForAll Lie lie,
      @ForAll boolean accumulate,
      @ForAll long seed) {
    check(m, n, k, lie, Lie.ROWS, accumulate, 1, seed);
  }

  @Example
  void cutsWideResultsIntoRounds() {
    check(30, 17_000, 3, Lie.ROWS, Lie.COLUMNS, false, 0, 1);
    check(170, 1030, 600, Lie.COLUMNS, Lie.ROWS, true, 0, 2);
  }

  /** A right operand larger than the second-level cache, and more k than a pass has. */
  @Example
  void fetchesPanelsAhead() {
    check(530, 513, 1160, Lie.ROWS, Lie.COLUMNS, false, 1, 3);
    check(515, 514, 1161, Lie.SPREAD_ROWS, Lie.ROWS, true, 0, 4);
  }

  private static void check(
      int m, int n, int k, Lie lieOfA, Lie lieOfB, boolean accumulate, int pad, long seed) {
    var random = new SplittableRandom(seed);
    var a = matrix(random, m, k, lieOfA);
    var b = matrix(random, k, n, lieOfB);
    int ldc = n + pad;
    float[] before = floats(random, pad + m * ldc);
    int[] seen = new int[m * n];
    float[] c = before.clone();
    TileEpilogue count =
        (array, offset, stride, row, col, rows, cols) -> {
          synchronized (seen) {
            assertThat(offset).isEqualTo(pad + row * ldc + col);
            for (int i = 0; i < rows * cols; i++) {
              seen[(row + i / cols) * n + col + i % cols]++;
            }
          }
        };
    run(Tiers.Mode.SPECIAL, 2, () -> Gemm.multiply(m, n, k, a, b, c, pad, ldc, accumulate, count));
    for (int i = 0; i < m * n; i++) {
      assertThat(seen[i]).as("times the epilogue saw element %d", i).isEqualTo(1);
    }
    compare(m, n, k, a, b, before, c, pad, ldc, accumulate);
    float[] serial = before.clone();
    run(
        Tiers.Mode.SPECIAL,
        1,
        () -> Gemm.multiply(m, n, k, a, b, serial, pad, ldc, accumulate, null));
    assertThat(serial).as("same bits with one thread").isEqualTo(c);
    float[] common = before.clone();
    run(
        Tiers.Mode.COMMON,
        2,
        () -> Gemm.multiply(m, n, k, a, b, common, pad, ldc, accumulate, null));
    assertThat(common).as("same bits with the loops for all sizes").isEqualTo(c);
  }

  private static void run(Tiers.Mode loops, int threads, Runnable product) {
    Tiers.with(loops, () -> Parallel.withThreads(threads, product));
  }

  private static void compare(
      int m,
      int n,
      int k,
      MatrixView a,
      MatrixView b,
      float[] before,
      float[] c,
      int offset,
      int ldc,
      boolean accumulate) {
    boolean[] inside = new boolean[c.length];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        int at = offset + i * ldc + j;
        inside[at] = true;
        double sum = accumulate ? before[at] : 0;
        double size = Math.abs(sum);
        for (int p = 0; p < k; p++) {
          double product = at(a, i, p) * at(b, p, j);
          sum += product;
          size += Math.abs(product);
        }
        // Each of the k roundings is at most half an ulp of a partial sum; they grow like a random
        // walk.
        double allowed = size * 1e-7 * (2 + Math.sqrt(k) / 4);
        if (!(Math.abs(c[at] - sum) <= allowed)) {
          throw new AssertionError("C[%d,%d] is %s, should be %s".formatted(i, j, c[at], sum));
        }
      }
    }
    for (int i = 0; i < c.length; i++) {
      if (!inside[i] && c[i] != before[i]) {
        throw new AssertionError("wrote outside the result, at " + i);
      }
    }
  }

  private static double at(MatrixView x, int row, int col) {
    return x.data()[x.offset() + row * x.rowStride() + col * x.colStride()];
  }

  private static MatrixView matrix(SplittableRandom random, int rows, int cols, Lie lie) {
    int offset = random.nextInt(4);
    int size = offset + 6 * (rows + 2) * (cols + 2);
    float[] data = floats(random, size);
    return switch (lie) {
      case ROWS -> new MatrixView(data, offset, cols, 1);
      case COLUMNS -> new MatrixView(data, offset, 1, rows);
      case SPREAD_ROWS -> new MatrixView(data, offset, cols + 2, 1);
      case SPREAD_COLUMNS -> new MatrixView(data, offset, 1, rows + 1);
      case SPREAD_BOTH -> new MatrixView(data, offset, 3 * cols, 2);
    };
  }

  private static float[] floats(SplittableRandom random, int size) {
    float[] x = new float[size];
    for (int i = 0; i < size; i++) {
      x[i] = (float) (random.nextDouble() - 0.5);
    }
    return x;
  }
}
