package dev.cortado.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cortado.tensor.op.Interpolation;
import dev.cortado.tensor.op.PadMode;
import dev.cortado.tensor.op.Taps;
import dev.cortado.tensor.op.Window2d;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ops on images where the golden files say nothing. What is expected was computed with torch. */
class SpatialMethodsTest {
  private static final Tensor X =
      Tensor.of(new double[] {1, 4, 2, 7, 3, 8, 5, 6, 0, 9, -2, 1}, 1, 1, 3, 4);

  private static void check(Tensor got, int height, int width, double... expected) {
    assertThat(got.dim(2)).isEqualTo(height);
    assertThat(got.dim(3)).isEqualTo(width);
    assertThat(got.toDoubles()).containsExactly(expected, within(2e-6));
  }

  @Test
  void antialiasedWithAlignedCorners() {
    check(
        X.interpolate(Interpolation.BILINEAR.withAntialias().withAlignedCorners(), 2, 3),
        2,
        3,
        3.482143,
        4.285714,
        5.214286,
        3.75,
        3.027778,
        1.833333);
    check(
        X.interpolate(Interpolation.BICUBIC.withAntialias().withAlignedCorners(), 2, 3),
        2,
        3,
        3.491432,
        4.400621,
        5.441517,
        3.992688,
        2.948069,
        0.916557);
  }

  @Test
  void factorsThatDoNotCoverTheImage() {
    check(
        X.interpolateBy(Interpolation.NEAREST, 1.3, 1.7),
        3,
        6,
        new double[] {1, 1, 4, 4, 2, 2, 3, 3, 8, 8, 5, 5, 0, 0, 9, 9, -2, -2});
    check(X.interpolateBy(Interpolation.NEAREST_EXACT, 1.3, 0.7), 3, 2, 1, 2, 3, 5, 3, 5);
    check(
        X.interpolateBy(Interpolation.BILINEAR.withAlignedCorners(), 1.3, 0.7),
        3,
        2,
        new double[] {1, 7, 3, 6, 0, 1});
    check(
        X.interpolateBy(Interpolation.BILINEAR.withAntialias(), 0.7, 0.6),
        2,
        2,
        new double[] {3.274725, 4.363248, 4.401099, 3.132479});
  }

  @Test
  void onePixelIsTheFirstWithAlignedCorners() {
    check(X.interpolate(Interpolation.BICUBIC.withAlignedCorners(), 1, 1), 1, 1, 1);
  }

  @Test
  void whatIsNotReadDoesNotSpoil() {
    var infinite = Tensor.of(new double[] {1, Double.POSITIVE_INFINITY, 3}, 1, 1, 1, 3);
    check(
        infinite.interpolate(Interpolation.BILINEAR.withAlignedCorners(), 1, 3),
        1,
        3,
        1,
        Double.POSITIVE_INFINITY,
        3);
  }

  @Test
  void impossibleResamplingIsRefused() {
    assertThatThrownBy(() -> X.interpolate(Interpolation.BILINEAR, 0, 3))
        .hasMessageContaining("3 pixels to 0");
    assertThatThrownBy(() -> X.interpolateBy(Interpolation.BILINEAR, 0.2, 1))
        .hasMessageContaining("3 pixels to 0");
    assertThatThrownBy(() -> X.reshape(3, 4).interpolate(Interpolation.BILINEAR, 2, 2))
        .hasMessageContaining("[N, C, H, W]");
    assertThatThrownBy(Interpolation.NEAREST::withAlignedCorners).hasMessageContaining("NEAREST");
    assertThatThrownBy(() -> Taps.of(2, 1, (i, sink) -> sink.add(2, 1)))
        .hasMessageContaining("tap 2");
  }

  @Test
  void transposingTwiceIsNothing() {
    var taps = Interpolation.BICUBIC.to(7, 12);
    assertThat(taps.transposed().inputs()).isEqualTo(12);
    assertThat(taps.transposed().transposed().transposed()).isEqualTo(taps.transposed());
    assertThat(taps).hasSameHashCodeAs(Interpolation.BICUBIC.to(7, 12)).hasToString("7 to 12");
    assertThat(taps).isNotEqualTo(Interpolation.BILINEAR.to(7, 12));
  }

  @Test
  void transposedConvolution() {
    var w = Tensor.of(new double[] {1, 2, 3, -1, 0.5, 2, 1, 0, -2, 1, 3, 1}, 2, 1, 2, 3);
    var x = Tensor.arange(13).to(DType.F64).narrow(0, 1, 12).reshape(1, 2, 2, 3);
    check(
        x.convTranspose2d(w, Window2d.of(1, 0), 0, 0, 1),
        3,
        5,
        new double[] {8, 12, 5, -4, -9, 20, 51.5, 60, 45.5, 9, 6, 38, 59.5, 60, 24});
    var y = x.convTranspose2d(w, new Window2d(2, 3, 1, 1, 0, 0, 1, 2), 1, 2, 2);
    assertThat(y.shape()).isEqualTo(Shape.of(1, 2, 3, 13));
    double[] first = {-1, 0, 0.5, -2, 2, 1, -3, 4, 1.5, 0, 6, 0, 0};
    assertThat(Arrays.copyOf(y.toDoubles(), 13)).containsExactly(first);
    assertThatThrownBy(() -> x.convTranspose2d(w, Window2d.of(2, 0), 2, 0, 1))
        .hasMessageContaining("less than the stride");
    assertThatThrownBy(() -> x.convTranspose2d(w.narrow(0, 0, 1), Window2d.of(2, 0), 0, 0, 1))
        .hasMessageContaining("[C, O/groups, kh, kw]");
    assertThatThrownBy(() -> x.convTranspose2d(w, Window2d.of(1, 2), 0, 0, 1))
        .hasMessageContaining("nothing is left");
  }

  @Test
  void transposedConvolutionWithMoreExtraThanAStride() {
    var w = Tensor.of(new double[] {1, 2, 3, -1, 0.5, 2, 1, 0, -2, 1, 3, 1}, 2, 1, 2, 3);
    var x = Tensor.arange(13).to(DType.F64).narrow(0, 1, 12).reshape(1, 2, 2, 3);
    double[] upper = {14, 16, 18, 8, 10, 12, -8, -7, -6};
    double[] lower = {6, 6, 6, 21.5, 25, 28.5, 9, 12, 15, 0, 6, 6, 6, 32, 35.5, 39, 18, 21, 24, 0};
    double[] all = new double[40];
    System.arraycopy(upper, 0, all, 0, 9);
    System.arraycopy(lower, 0, all, 20, 20);
    check(x.convTranspose2d(w, new Window2d(1, 1, 1, 1, 0, 0, 3, 3), 1, 1, 1), 4, 10, all);
    var y = x.convTranspose2d(w, new Window2d(1, 1, 2, 2, 1, 1, 3, 3), 2, 2, 1);
    double[] rows = new double[27];
    System.arraycopy(lower, 1, rows, 9, 9);
    System.arraycopy(lower, 11, rows, 18, 9);
    check(y, 3, 9, rows);
    var mixed = x.convTranspose2d(w, new Window2d(1, 1, 0, 0, 2, 2, 3, 3), 2, 1, 1);
    assertThat(mixed.shape()).isEqualTo(Shape.of(1, 1, 7, 6));
    assertThat(Arrays.copyOf(mixed.toDoubles(), 6)).containsExactly(12, 2, 4, 6, -11, -10);
    assertThat(mixed.narrow(2, 5, 2).abs().max(false).item()).isZero();
    assertThatThrownBy(() -> x.convTranspose2d(w, new Window2d(1, 1, 0, 0, 0, 0, 3, 1), 0, 1, 1))
        .hasMessageContaining("less than the stride or the dilation, got 0 and 1");
  }

  @Test
  void adaptiveMeansOfOneWindowAreTheMean() {
    assertThat(X.adaptiveAvgPool2d(1, 1).toDoubles())
        .containsExactly(X.mean(true, 2, 3).toDoubles());
    assertThatThrownBy(() -> Tensor.zeros(2, 3).adaptiveAvgPool2d(1, 1))
        .hasMessageContaining("adaptiveAvgPool2d: expected an image batch");
    assertThat(Tensor.zeros(0, 2, 3, 3).adaptiveAvgPool2d(1, 1).shape())
        .isEqualTo(Shape.of(0, 2, 1, 1));
  }

  /** Whatever way it goes: by the mean, or by resampling. */
  @Test
  void adaptiveMeansSayWhatTheyNeed() {
    for (int size : new int[] {1, 2}) {
      for (var type : List.of(DType.I64, DType.BOOL, DType.F16)) {
        var x = Tensor.zeros(1, 1, 2, 2).to(type);
        assertThatThrownBy(() -> x.adaptiveAvgPool2d(size, size))
            .isInstanceOf(CortadoException.class)
            .hasMessageStartingWith("adaptiveAvgPool2d: got " + type + "[1, 1, 2, 2]; expected");
      }
      for (var x : List.of(Tensor.zeros(1, 2, 0, 3), Tensor.zeros(1, 2, 3, 0))) {
        assertThatThrownBy(() -> x.adaptiveAvgPool2d(size, size))
            .isInstanceOf(CortadoException.class)
            .hasMessageStartingWith("adaptiveAvgPool2d: got " + x.spec() + " for " + size);
      }
      assertThatThrownBy(() -> X.adaptiveAvgPool2d(0, size))
          .isInstanceOf(CortadoException.class)
          .hasMessageStartingWith("adaptiveAvgPool2d: got " + X.spec() + " for 0 x " + size);
    }
  }

  @Test
  void foldingAddsUpWindows() {
    var columns = Tensor.arange(24).to(DType.F64).reshape(1, 4, 6);
    check(
        columns.fold2d(3, 4, 2, 2, Window2d.of(1, 0)),
        3,
        4,
        new double[] {0, 7, 9, 8, 15, 44, 48, 31, 15, 37, 39, 23});
  }

  @Test
  void negativeBordersCutOff() {
    check(
        X.pad(PadMode.REFLECT, -1, 2, 1, -1),
        3,
        5,
        new double[] {8, 5, 6, 5, 8, 4, 2, 7, 2, 4, 8, 5, 6, 5, 8});
    check(
        X.pad(PadMode.CIRCULAR, -1, 2, 1, -1),
        3,
        5,
        new double[] {8, 5, 6, 8, 5, 4, 2, 7, 4, 2, 8, 5, 6, 8, 5});
    check(X.pad(Double.NEGATIVE_INFINITY, -3, 1, -2, 0), 1, 2, 1, Double.NEGATIVE_INFINITY);
  }

  @Test
  void bordersOfWholeNumbersAndOfNothing() {
    var labels = Tensor.of(new long[] {1, 2}, 2);
    assertThat(labels.pad(-1, 1, 2).toLongs()).containsExactly(-1, 1, 2, -1, -1);
    assertThat(labels.pad(PadMode.REPLICATE, 1, 2).toLongs()).containsExactly(1, 1, 2, 2, 2);
    assertThat(labels.pad(7, -2, 1).toLongs()).containsExactly(7);
    assertThat(labels.pad(7, -1, -1).elements()).isZero();
    assertThatThrownBy(() -> labels.pad(0, -2, -1)).hasMessageContaining("cannot cut 2 and 1");
    assertThatThrownBy(() -> labels.pad(0, 1)).hasMessageContaining("pairs of amounts");
    assertThatThrownBy(() -> labels.pad(PadMode.REFLECT, 2, 0)).hasMessageContaining("REFLECT");
    assertThatThrownBy(() -> labels.pad(PadMode.CIRCULAR, 0, 3)).hasMessageContaining("CIRCULAR");
  }

  @Test
  void windowsThatHangOverTheEdge() {
    var window = Window2d.of(3, 1);
    check(X.maxPool2d(2, 2, window.ceil(3, 4, 2, 2)), 2, 2, 1, 7, 0, 1);
    check(X.avgPool2d(2, 2, window, true, true, 0), 2, 2, 0.25, 2.25, 0, -0.25);
    check(X.avgPool2d(2, 2, window, true, false, 0), 2, 2, 1, 4.5, 0, -0.5);
    // A window that would begin in the border beyond is none.
    assertThat(Window2d.of(3, 1).ceil(5, 5, 2, 2).outputHeight(5, 2)).isEqualTo(2);
  }

  @Test
  void sameKeepsTheSizeWhateverTheKernel() {
    for (int size = 1; size < 12; size++) {
      for (int stride = 1; stride <= 3; stride++) {
        var window = Window2d.same(size, size + 1, 4, 3, stride, 2, 2, 3);
        assertThat(window.outputHeight(size, 4)).isEqualTo(Math.ceilDiv(size, stride));
        assertThat(window.outputWidth(size + 1, 3)).isEqualTo(Math.ceilDiv(size + 1, 2));
      }
    }
  }

  @Test
  void activations() {
    var x = Tensor.of(new double[] {-2, -0.5, 0, 0.3, 2}, 5);
    assertThat(x.celu(1).toDoubles())
        .containsExactly(new double[] {-0.864665, -0.393469, 0, 0.3, 2}, within(1e-6));
    assertThat(x.selu().toDoubles())
        .containsExactly(new double[] {-1.520166, -0.691758, 0, 0.31521, 2.101402}, within(1e-6));
    assertThat(x.hardtanh(-1, 1).toDoubles()).containsExactly(-1, -0.5, 0, 0.3, 1);
    assertThat(X.glu(3).toDoubles())
        .containsExactly(
            new double[] {0.880797, 3.996356, 2.979921, 7.980219, 0, 6.579527}, within(1e-6));
    assertThatThrownBy(() -> X.glu(2)).hasMessageContaining("odd");
  }

  @Test
  void nearestPixelsOfLongRows() {
    // Their numbers times the size are more than an int holds.
    var x = Tensor.arange(50_000, DType.F32).reshape(1, 1, 1, 50_000);
    var same = x.interpolate(Interpolation.NEAREST, 1, 50_000).toFloats();
    assertThat(same).containsExactly(x.toFloats());
    var twice = x.interpolate(Interpolation.NEAREST, 1, 100_000).toFloats();
    assertThat(twice[99_999]).isEqualTo(49_999);
    assertThat(twice[86_001]).isEqualTo(43_000);
  }

  @Test
  void poolsTakeFloatingNumbers() {
    var x = Tensor.of(new long[4], 1, 1, 2, 2);
    var window = Window2d.of(2, 0);
    for (Runnable pool :
        List.<Runnable>of(
            () -> x.maxPool2d(2, window),
            () -> x.avgPool2d(2, window),
            () -> x.adaptiveMaxPool2d(1, 1),
            () -> x.adaptiveAvgPool2d(1, 1))) {
      assertThatThrownBy(pool::run)
          .isInstanceOf(CortadoException.class)
          .hasMessageContaining("expected tensors of one floating type");
    }
  }
}
