package dev.cortado.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LayersTest {
  @Test
  void linearSaysWhatItsInputShouldBe() {
    var layer = new Linear(2, 3);
    layer.initialize(RandomKey.of(1));
    for (var wrong : List.of(Tensor.ones(1, 5), Tensor.ones(4, 2, 3), Tensor.scalar(1))) {
      assertThatThrownBy(() -> layer.apply(wrong))
          .isInstanceOf(CortadoException.class)
          .hasMessage("Linear(2, 3): got " + wrong.spec() + "; its last axis must be 2");
    }
  }

  @Test
  void linearWorksOverTheLastAxisOfAnyShape() {
    var linear = Layer.initialized(new Linear(3, 2), TestLayers.KEY);
    linear.to(DType.F64);
    var x = Tensor.normal(TestLayers.KEY, 2, 4, 3).to(DType.F64);
    var y = linear.apply(x);
    assertThat(y.shape().toArray()).containsExactly(2, 4, 2);
    double[] w = linear.weight().value().toDoubles();
    double[] b = linear.state().get("bias").toDoubles();
    double[] row = x.select(0, 1).select(0, 2).toDoubles();
    double expected = b[1] + row[0] * w[3] + row[1] * w[4] + row[2] * w[5];
    assertThat(y.select(0, 1).select(0, 2).toDoubles()[1]).isCloseTo(expected, within(1e-12));
    var residual = Tensor.normal(TestLayers.KEY.split(1), 2, 4, 2).to(DType.F64);
    assertThat(linear.forward(x, residual).sub(y).sub(residual).abs().max(false).item())
        .isLessThan(1e-14);
  }

  @Test
  void attentionIsItsFormula() {
    int width = 6;
    int heads = 2;
    var layer = Layer.initialized(new MultiheadAttention(width, heads), TestLayers.KEY);
    layer.to(DType.F64);
    var x = Tensor.normal(TestLayers.KEY, 2, 4, width).to(DType.F64);
    double[] y = layer.apply(x).toDoubles();
    double[] expected = attention(layer, x, heads);
    for (int i = 0; i < y.length; i++) {
      assertThat(y[i]).isCloseTo(expected[i], within(1e-12));
    }
    var sum = layer.addTo(x, x).sub(x).toDoubles();
    assertThat(sum[5]).isCloseTo(expected[5], within(1e-12));
  }

  /** The formula sample by sample and head by head, with two-dimensional products only. */
  private static double[] attention(MultiheadAttention layer, Tensor x, int heads) {
    var state = layer.state();
    int width = x.dim(2);
    int size = width / heads;
    double[] result = new double[x.elements()];
    for (int n = 0; n < x.dim(0); n++) {
      var projected =
          x.select(0, n).matmul(state.get("in_proj_weight").t()).add(state.get("in_proj_bias"));
      var parts = new java.util.ArrayList<Tensor>();
      for (int h = 0; h < heads; h++) {
        var q = projected.narrow(1, h * size, size);
        var k = projected.narrow(1, width + h * size, size);
        var v = projected.narrow(1, 2 * width + h * size, size);
        parts.add(q.matmul(k.t()).div(Math.sqrt(size)).softmax(1).matmul(v));
      }
      var y =
          Tensor.cat(1, parts)
              .matmul(state.get("out_proj.weight").t())
              .add(state.get("out_proj.bias"));
      System.arraycopy(y.toDoubles(), 0, result, n * y.elements(), y.elements());
    }
    return result;
  }

  @Test
  void squeezeExcitationInOnePassGivesWhatItsPartsGive() {
    var layer = Layer.initialized(new SqueezeExcitation(6, 2), TestLayers.KEY);
    var x = TestLayers.images("x", 2, 6, 3);
    float[] together = layer.apply(x).toFloats();
    layer.children().values().forEach(child -> child.addHook(new LayerHook() {}));
    assertThat(layer.apply(x).toFloats())
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(together);
  }

  @Test
  void dropoutKeepsTheMeanAndRepeatsItself() {
    var dropout = new Dropout(0.25);
    var x = Tensor.ones(100, 100);
    var key = RandomKey.of(5);
    float[] y = Randomness.with(key, () -> dropout.apply(x)).toFloats();
    long kept = IntStream.range(0, y.length).filter(i -> y[i] != 0).count();
    assertThat(kept).isBetween(7300L, 7700L);
    assertThat(y).containsOnly(0f, 1 / 0.75f);
    assertThat(Randomness.with(key, () -> dropout.apply(x)).toFloats()).isEqualTo(y);
    dropout.eval();
    assertThat(dropout.apply(x)).isSameAs(x);
  }

  @Test
  void twoDropoutsOfOneStepDropDifferently() {
    var dropout = new Dropout(0.5);
    var x = Tensor.ones(64);
    var sum = Randomness.with(RandomKey.of(5), () -> dropout.apply(x).add(dropout.apply(x)));
    assertThat(sum.toFloats()).contains(2f);
  }

  @Test
  void dropoutWithoutAKeySaysWhatToDo() {
    assertThatThrownBy(() -> new Dropout(0.5).apply(Tensor.ones(3)))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("Randomness.with");
    assertThatThrownBy(() -> new Dropout(1.5)).hasMessageContaining("1.5");
    assertThat(
            Randomness.with(RandomKey.of(1), () -> new Dropout(1).apply(Tensor.ones(3))).toFloats())
        .containsOnly(0f);
  }

  @Test
  void stochasticDepthDropsWholeSamples() {
    var layer = new StochasticDepth(0.5);
    var x = Tensor.ones(200, 2, 2, 2);
    var key = RandomKey.of(5);
    var y = Randomness.with(key, () -> layer.apply(x));
    float[] perSample = y.sum(1, 2, 3).toFloats();
    assertThat(perSample).containsOnly(0f, 16f);
    assertThat(IntStream.range(0, 200).filter(i -> perSample[i] > 0).count()).isBetween(75L, 125L);
    var sum = Randomness.with(key, () -> layer.addTo(x, x));
    assertThat(sum.toFloats()).isEqualTo(y.add(x).toFloats());
  }

  @Test
  void stochasticDepthMayDropTheWholeBatch() {
    var layer = new StochasticDepth(0.5, StochasticDepth.Mode.BATCH);
    var x = Tensor.ones(50, 2);
    var seen = new java.util.TreeSet<Float>();
    for (int i = 0; i < 20; i++) {
      float[] y = Randomness.with(RandomKey.of(i), () -> layer.apply(x)).toFloats();
      assertThat(y).containsOnly(y[0]);
      seen.add(y[0]);
    }
    assertThat(seen).containsExactly(0f, 2f);
  }

  @Test
  void dropout2dDropsWholeChannels() {
    var layer = new Dropout2d(0.25);
    var y = Randomness.with(RandomKey.of(3), () -> layer.apply(Tensor.ones(40, 25, 2, 2)));
    float[] channels = y.mean(2, 3).toFloats();
    assertThat(channels).containsOnly(0f, 1 / 0.75f);
    assertThat(IntStream.range(0, 1000).filter(i -> channels[i] == 0).count())
        .isBetween(200L, 300L);
  }

  @Test
  void crossEntropyIsItsFormula() {
    var logits = Tensor.of(new double[] {1, 2, 0.5, -1, 0, 3}, 2, 3);
    var labels = Tensor.of(new long[] {1, 0}, 2);
    double[] p = logits.softmax(1).toDoubles();
    double plain = -(Math.log(p[1]) + Math.log(p[3])) / 2;
    assertThat(Losses.crossEntropy(logits, labels).item()).isCloseTo(plain, within(1e-12));
    double all = -IntStream.range(0, 6).mapToDouble(i -> Math.log(p[i])).sum() / 2;
    double smoothed = 0.9 * plain + 0.1 / 3 * all;
    assertThat(Losses.crossEntropy(logits, labels, 0.1).item()).isCloseTo(smoothed, within(1e-12));
    assertThatThrownBy(() -> Losses.crossEntropy(logits, logits))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("labels I64[N]");
  }
}
