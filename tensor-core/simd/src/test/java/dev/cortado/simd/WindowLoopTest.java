package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The loops of convolutions, also those that this machine would not choose. */
class WindowLoopTest {
  private static final java.util.Map<WindowLoop.Size, WindowLoop> LOOPS =
      new java.util.concurrent.ConcurrentHashMap<>();
  private static final int L = Lanes.COUNT;
  private static final WindowLoop.Size[] SIZES = {
    new WindowLoop.Size(13, 2, 0, 24, 1, WindowLoop.Into.WRITE),
    new WindowLoop.Size(13, 2, 0, 24, 1, WindowLoop.Into.CONTINUE),
    new WindowLoop.Size(4, 2, 1, 3, 1, WindowLoop.Into.CONTINUE),
    new WindowLoop.Size(4, 2, 1, 3, 1, WindowLoop.Into.ADD),
    new WindowLoop.Size(7, 1, 0, 1, 6, WindowLoop.Into.WRITE),
    new WindowLoop.Size(9, 3, 0, 1, 10, WindowLoop.Into.ADD),
    new WindowLoop.Size(1, 3, L / 2, 5, 5, WindowLoop.Into.WRITE),
  };

  @Property(tries = 60)
  void sumsOverTheRuns(
      @ForAll @IntRange(max = 12) int length,
      @ForAll @IntRange(min = 1, max = 4) int count,
      @ForAll long seed) {
    for (var size : SIZES) {
      var random = new SplittableRandom(seed);
      int nr = size.width();
      float[] a = floats(random, 700);
      float[] b = floats(random, 5 + count * length * nr);
      int ldc = nr + 2;
      float[] c = floats(random, 1 + size.rows() * ldc);
      int[] runs = new int[2 + count];
      for (int i = 0; i < runs.length; i++) {
        runs[i] = random.nextInt(240);
      }
      float[] expected = c.clone();
      for (int r = 0; r < size.rows(); r++) {
        for (int j = 0; j < size.vectors() * L; j++) {
          // The same operations in the same order: the same bits.
          int to = 1 + r * ldc + size.column(j / L) + j % L;
          float sum = size.into() == WindowLoop.Into.CONTINUE ? c[to] : 0;
          for (int k = 0; k < count * length; k++) {
            int at = 7 + runs[2 + k / length] + k % length * size.step() + r * size.row();
            sum = Math.fma(a[at], b[5 + k * nr + size.column(j / L) + j % L], sum);
          }
          expected[to] = size.into() == WindowLoop.Into.ADD ? sum + c[to] : sum;
        }
      }
      for (var loop :
          List.of(LOOPS.computeIfAbsent(size, WindowLoop::compile), new CommonProduct(size))) {
        float[] actual = c.clone();
        loop.run(length, runs, 2, count, a, 7, b, 5, actual, 1, ldc);
        assertThat(actual).as("%s, %d runs of %d", size, count, length).isEqualTo(expected);
      }
    }
  }

  @Example
  void doesNothingWithoutRuns() {
    for (var size : SIZES) {
      float[] c = {1, 2, 3};
      WindowLoop.compile(size).run(5, new int[0], 0, 0, c, 0, c, 0, c, 0, 1);
      assertThat(c).containsExactly(1, 2, 3);
    }
  }

  private static float[] floats(SplittableRandom random, int size) {
    float[] x = new float[size];
    for (int i = 0; i < size; i++) {
      x[i] = (float) (random.nextDouble() - 0.5);
    }
    return x;
  }
}
