package dev.cortado.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Borders of convolutions, and transposed ones. */
class ConvolutionLayersTest {
  private static final Tensor ROW = Tensor.of(new float[] {1, 2, 3, 4}, 1, 1, 1, 4);

  /** A kernel that looks at the left neighbour's left neighbour. */
  private static float[] shifted(PaddingMode mode, Padding padding) {
    var settings = Conv2d.kernel(1, 3).withPadding(padding).withPaddingMode(mode).withBias(false);
    var conv = new Conv2d(1, 1, settings);
    conv.initialize(TestLayers.KEY);
    conv.weight().assign(Tensor.of(new float[] {1, 0, 0}, 1, 1, 1, 3));
    return conv.apply(ROW).toFloats();
  }

  @Test
  void bordersConsistOfWhatTheyShould() {
    var two = new Padding.Sides(0, 0, 2, 2);
    assertThat(shifted(PaddingMode.ZEROS, two)).containsExactly(0, 0, 1, 2, 3, 4);
    assertThat(shifted(PaddingMode.REFLECT, two)).containsExactly(3, 2, 1, 2, 3, 4);
    assertThat(shifted(PaddingMode.REPLICATE, two)).containsExactly(1, 1, 1, 2, 3, 4);
    assertThat(shifted(PaddingMode.CIRCULAR, two)).containsExactly(3, 4, 1, 2, 3, 4);
    assertThat(shifted(PaddingMode.REFLECT, Padding.same())).containsExactly(2, 1, 2, 3);
    var right = new Padding.Sides(0, 0, 0, 3);
    assertThat(shifted(PaddingMode.REFLECT, right)).containsExactly(1, 2, 3, 4, 3);
    assertThatThrownBy(() -> shifted(PaddingMode.REFLECT, Padding.of(0, 4)))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("REFLECT");
  }

  @Test
  void aTransposedConvolutionWritesItsKernelAtEveryPixel() {
    var layer = new ConvTranspose2d(1, 1, Conv2d.kernel(1, 3).withStride(1, 2).withBias(false));
    layer.initialize(TestLayers.KEY);
    layer.weight().assign(Tensor.of(new float[] {1, 10, 100}, 1, 1, 1, 3));
    assertThat(layer.apply(ROW).toFloats()).containsExactly(1, 10, 102, 20, 203, 30, 304, 40, 400);
  }

  @Test
  void aTransposedConvolutionIsTheGradientOfAConvolution() {
    var settings =
        Conv2d.kernel(3, 2).withStride(2, 3).withPadding(1, 0).withGroups(2).withBias(false);
    var conv = Layer.initialized(new Conv2d(4, 6, settings), TestLayers.KEY);
    var transposed = new ConvTranspose2d(6, 4, settings, 1);
    transposed.initialize(TestLayers.KEY);
    transposed.weight().assign(conv.weight().value());
    var image = Autograd.track(TestLayers.images("x", 2, 4, 6));
    var y = conv.apply(image);
    var gradient = Tensor.normal(TestLayers.KEY, y.shape().toArray());
    var expected = Autograd.backward(y, gradient).of(image);
    var got = transposed.apply(gradient);
    assertThat(got.shape()).isEqualTo(Shape.of(2, 4, 6, 6));
    assertThat(got.toFloats()).isEqualTo(expected.toFloats());
  }

  @Test
  void refusesWhatCannotBeMeant() {
    assertThatThrownBy(() -> new Conv2d(3, 4, Conv2d.kernel(3).withGroups(2)))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("3 to 4 channels")
        .hasMessageContaining("2 groups");
    assertThatThrownBy(
            () -> new ConvTranspose2d(1, 1, Conv2d.kernel(3).withPadding(Padding.same())))
        .hasMessageContaining("fixed number of zeros");
    assertThatThrownBy(() -> new ConvTranspose2d(1, 1, Conv2d.kernel(3), 1))
        .hasMessageContaining("outputPadding");
    var conv = Layer.initialized(new Conv2d(1, 1, 1), TestLayers.KEY);
    assertThatThrownBy(() -> conv.apply(Tensor.ones(1, 2, 2))).hasMessageContaining("[N, C, H, W]");
  }

  @Test
  void kernelsAndBordersMustBeOfThisWorld() {
    assertThatThrownBy(() -> Conv2d.kernel(3).withStride(0)).hasMessageContaining("stride=0x0");
    assertThatThrownBy(() -> Conv2d.kernel(3).withDilation(1, 0))
        .hasMessageContaining("dilation=1x0");
    assertThatThrownBy(() -> new MaxPool2d(0)).hasMessageContaining("kernel=0x0");
    assertThatThrownBy(() -> Conv2d.kernel(3).withPadding(1, -2))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("left -2");
  }

  @Test
  void printsWhatIsNotUsual() {
    assertThat(new Conv2d(3, 8, 3)).hasToString("Conv2d(3, 8, kernel=3, stride=1, padding=0)");
    var settings =
        Conv2d.kernel(3, 5)
            .withStride(2)
            .withPadding(1, 2)
            .withDilation(1, 2)
            .withPaddingMode(PaddingMode.CIRCULAR)
            .withBias(false);
    assertThat(new Conv2d(2, 4, settings.withGroups(2)))
        .hasToString(
            "Conv2d(2, 4, kernel=3x5, stride=2, dilation=1x2, padding=1/1/2/2, mode=circular,"
                + " groups=2, no bias)");
  }
}
