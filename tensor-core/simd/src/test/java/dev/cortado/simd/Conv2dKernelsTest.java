package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Parallel;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Convolutions and their gradients against the definition in double. */
class Conv2dKernelsTest {
  /** Images, sizes and channels of a convolution. */
  private record Size(int n, int height, int width, int in, int out, int groups) {}

  /** Kernel, stride and dilation in one direction, and padding on its two sides. */
  private record Slide(int kernel, int stride, int dilation, int before, int after) {}

  @Provide
  Arbitrary<Conv2dShape> general() {
    var channels =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(4, Arbitraries.integers().between(1, 9)),
            net.jqwik.api.Tuple.of(2, Arbitraries.of(15, 16, 17, 31, 32, 33, 40)),
            net.jqwik.api.Tuple.of(1, Arbitraries.of(100, 130)));
    var size =
        Combinators.combine(
                Arbitraries.integers().between(0, 3),
                Arbitraries.integers().between(1, 17),
                Arbitraries.integers().between(1, 17),
                channels,
                channels,
                Arbitraries.frequency(net.jqwik.api.Tuple.of(4, 1), net.jqwik.api.Tuple.of(1, 3)))
            .as(
                (n, h, w, in, out, g) ->
                    g == 1
                        ? new Size(n, h, w, in, out, 1)
                        : new Size(n, h, w, g * (in / 8 + 1), g * (out / 8 + 1), g));
    return Combinators.combine(size, slides(), slides()).as(Conv2dKernelsTest::shape);
  }

  @Provide
  Arbitrary<Conv2dShape> depthwise() {
    var channels =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(4, Arbitraries.integers().between(2, 40)),
            net.jqwik.api.Tuple.of(1, Arbitraries.of(48, 63, 64, 65, 96, 130)));
    var size =
        Combinators.combine(
                Arbitraries.integers().between(0, 3),
                Arbitraries.integers().between(1, 20),
                Arbitraries.integers().between(1, 20),
                channels)
            .as((n, h, w, c) -> new Size(n, h, w, c, c, c));
    return Combinators.combine(size, slides(), slides()).as(Conv2dKernelsTest::shape);
  }

  private static Arbitrary<Slide> slides() {
    var pads = Arbitraries.integers().between(0, 4);
    return Combinators.combine(
            Arbitraries.of(1, 2, 3, 3, 3, 4, 5, 5, 7),
            Arbitraries.of(1, 1, 2, 2, 3, 5),
            Arbitraries.of(1, 1, 1, 2, 3),
            pads,
            pads)
        .as(Slide::new);
  }

  private static Conv2dShape shape(Size size, Slide rows, Slide cols) {
    int height = Math.max(size.height, (rows.kernel - 1) * rows.dilation + 1);
    int width = Math.max(size.width, (cols.kernel - 1) * cols.dilation + 1);
    return new Conv2dShape(
        size.n,
        height,
        width,
        size.in,
        size.out,
        rows.kernel,
        cols.kernel,
        rows.stride,
        cols.stride,
        rows.before,
        rows.after,
        cols.before,
        cols.after,
        rows.dilation,
        cols.dilation,
        size.groups);
  }

  @Property(tries = 250)
  void forward(@ForAll("general") Conv2dShape s, @ForAll long seed) {
    checkForward(s, seed);
  }

  @Property(tries = 250)
  void inputGradient(@ForAll("general") Conv2dShape s, @ForAll long seed) {
    checkInputGradient(s, seed);
  }

  @Property(tries = 250)
  void weightGradient(@ForAll("general") Conv2dShape s, @ForAll long seed) {
    checkWeightGradient(s, seed);
  }

  @Property(tries = 250)
  void depthwiseForward(@ForAll("depthwise") Conv2dShape s, @ForAll long seed) {
    checkForward(s, seed);
  }

  @Property(tries = 250)
  void depthwiseInputGradient(@ForAll("depthwise") Conv2dShape s, @ForAll long seed) {
    checkInputGradient(s, seed);
  }

  @Property(tries = 250)
  void depthwiseWeightGradient(@ForAll("depthwise") Conv2dShape s, @ForAll long seed) {
    checkWeightGradient(s, seed);
  }

  @Example
  void shapesOfTheModels() {
    var shapes =
        new Conv2dShape[] {
          Conv2dShape.of(2, 56, 56, 3, 32, 3, 2, 1, 1), // EfficientNet's stem
          new Conv2dShape(2, 48, 48, 3, 32, 3, 3, 2, 2, 0, 1, 0, 1, 1, 1, 1), // TensorFlow's SAME
          Conv2dShape.of(1, 28, 28, 24, 96, 3, 1, 1, 1), // fused MBConv
          Conv2dShape.of(1, 28, 28, 32, 128, 3, 2, 1, 1),
          Conv2dShape.of(2, 48, 48, 3, 64, 16, 16, 0, 1), // patches of a vision transformer
          Conv2dShape.of(2, 28, 28, 40, 24, 1, 1, 0, 1), // pointwise
          Conv2dShape.of(1, 9, 9, 300, 20, 3, 1, 1, 1), // runs longer than a pass
          Conv2dShape.of(1, 5, 300, 4, 24, 3, 1, 1, 1), // rows longer than a part, vectors overlap
          Conv2dShape.of(2, 40, 20, 24, 72, 3, 1, 1, 1), // several rows are a part
          Conv2dShape.of(1, 12, 12, 40, 48, 3, 1, 1, 2), // the same in groups
          Conv2dShape.of(2, 56, 56, 32, 32, 3, 1, 1, 32), // depthwise
          Conv2dShape.of(2, 28, 28, 144, 144, 5, 2, 2, 144),
          Conv2dShape.of(3, 7, 7, 192, 192, 5, 1, 2, 192),
          Conv2dShape.of(2, 14, 14, 200, 200, 5, 1, 2, 200), // channels in several parts
        };
    for (var s : shapes) {
      checkForward(s, 1);
      checkInputGradient(s, 2);
      checkWeightGradient(s, 3);
    }
  }

  /** Few channels and a stride: phases are computed together, with zeros between them. */
  @Example
  void infinityStaysWithThePixelsItReaches() {
    var s = Conv2dShape.of(2, 16, 16, 3, 8, 3, 2, 1, 1);
    float[] dy = floats(new SplittableRandom(1), s.outputSize());
    float[] w = floats(new SplittableRandom(2), s.weightSize());
    dy[dy.length / 3] = Float.POSITIVE_INFINITY;
    float[] dx = new float[s.inputSize()];
    Conv2dKernels.inputGradient(s, dy, 0, w, 0, dx, 0);
    var expected = NaiveConv2d.inputGradient(s, dy, w).value();
    for (int i = 0; i < dx.length; i++) {
      assertThat(Float.isFinite(dx[i])).as("pixel %d", i).isEqualTo(Double.isFinite(expected[i]));
      assertThat(Float.isNaN(dx[i])).as("pixel %d", i).isFalse();
    }
  }

  @Example
  void saysWhatDoesNotFit() {
    assertThatThrownBy(() -> Conv2dShape.of(1, 2, 2, 3, 4, 5, 1, 1, 1))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("5x5")
        .hasMessageContaining("4x4");
    assertThatThrownBy(() -> Conv2dShape.of(1, 8, 8, 3, 4, 3, 1, 1, 2))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("2 groups for 3 to 4 channels");
  }

  private static void checkForward(Conv2dShape s, long seed) {
    var random = new SplittableRandom(seed);
    float[] x = floats(random, s.inputSize());
    float[] w = floats(random, s.weightSize());
    var expected = NaiveConv2d.forward(s, x, w);
    int[] seen = new int[s.outputSize()];
    TileEpilogue count =
        (c, offset, stride, row, col, rows, cols) -> {
          synchronized (seen) {
            assertThat(offset).isEqualTo(2 + row * s.outChannels() + col);
            for (int i = 0; i < rows; i++) {
              for (int j = 0; j < cols; j++) {
                seen[offset - 2 + i * stride + j]++;
              }
            }
          }
        };
    check(
        expected,
        s.taps() * s.inChannels() / s.groups(),
        y -> Conv2dKernels.forward(s, shift(x), 2, shift(w), 2, y, 2, null),
        y -> Conv2dKernels.forward(s, shift(x), 2, shift(w), 2, y, 2, count));
    for (int times : seen) {
      if (times != 1) {
        throw new AssertionError("the epilogue saw an element " + times + " times");
      }
    }
  }

  private static void checkInputGradient(Conv2dShape s, long seed) {
    var random = new SplittableRandom(seed);
    float[] dy = floats(random, s.outputSize());
    float[] w = floats(random, s.weightSize());
    Consumer<float[]> run = dx -> Conv2dKernels.inputGradient(s, shift(dy), 2, shift(w), 2, dx, 2);
    var expected = NaiveConv2d.inputGradient(s, dy, w);
    check(expected, s.taps() * s.outChannels() / s.groups(), run, run);
  }

  private static void checkWeightGradient(Conv2dShape s, long seed) {
    var random = new SplittableRandom(seed);
    float[] x = floats(random, s.inputSize());
    float[] dy = floats(random, s.outputSize());
    Consumer<float[]> run = dw -> Conv2dKernels.weightGradient(s, shift(x), 2, shift(dy), 2, dw, 2);
    var expected = NaiveConv2d.weightGradient(s, x, dy);
    check(expected, s.n() * s.outHeight() * s.outWidth(), run, run);
  }

  /**
   * Runs with one thread and with two, with loops for the size and with those for all sizes: the
   * same bits, within rounding of {@code expected}, nothing else written.
   */
  private static void check(
      NaiveConv2d.Result expected, int terms, Consumer<float[]> one, Consumer<float[]> two) {
    int n = expected.value().length;
    float[] actual = new float[n + 4];
    java.util.Arrays.fill(actual, Float.NaN);
    float[] serial = actual.clone();
    float[] common = actual.clone();
    Tiers.with(
        Tiers.Mode.SPECIAL,
        () -> {
          Parallel.withThreads(2, () -> two.accept(actual));
          Parallel.withThreads(1, () -> one.accept(serial));
        });
    Tiers.with(Tiers.Mode.COMMON, () -> Parallel.withThreads(2, () -> one.accept(common)));
    assertThat(common).as("same bits with common loops").isEqualTo(actual);
    assertThat(serial).as("same bits with one thread").isEqualTo(actual);
    for (int i = 0; i < n; i++) {
      // Each addition rounds by at most 6e-8 of the sum so far; few of them all the same way.
      double allowed = expected.size()[i] * 1e-7 * (4 + Math.sqrt(terms) / 2);
      if (!(Math.abs(actual[i + 2] - expected.value()[i]) <= allowed)) {
        throw new AssertionError(
            "[%d] is %s, should be %s".formatted(i, actual[i + 2], expected.value()[i]));
      }
    }
    for (int i : new int[] {0, 1, n + 2, n + 3}) {
      assertThat(actual[i]).as("outside the result").isNaN();
    }
  }

  /** Returns {@code x} between two NaNs on each side, which must not be read. */
  private static float[] shift(float[] x) {
    float[] shifted = new float[x.length + 4];
    java.util.Arrays.fill(shifted, Float.NaN);
    System.arraycopy(x, 0, shifted, 2, x.length);
    return shifted;
  }

  private static float[] floats(SplittableRandom random, int size) {
    float[] x = new float[size];
    for (int i = 0; i < size; i++) {
      x[i] = (float) (random.nextDouble() - 0.5);
    }
    return x;
  }
}
