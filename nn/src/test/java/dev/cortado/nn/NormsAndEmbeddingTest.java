package dev.cortado.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What the norms' settings mean, and embeddings. */
class NormsAndEmbeddingTest {
  @Test
  void withoutMomentumTheRunningStatisticsAreTheAverageOfAllBatches() {
    var norm = new BatchNorm1d(1, BatchNorm.Settings.DEFAULT.withCumulativeAverage());
    norm.initialize(TestLayers.KEY);
    double[][] batches = {{1, 3}, {5, 9}, {0, 6}};
    for (double[] batch : batches) {
      norm.apply(Tensor.of(new float[] {(float) batch[0], (float) batch[1]}, 2, 1));
    }
    assertThat(norm.state().get("running_mean").item()).isCloseTo((2 + 7 + 3) / 3.0, within(1e-6));
    assertThat(norm.state().get("running_var").item()).isCloseTo((2 + 8 + 18) / 3.0, within(1e-5));
    assertThat(norm.state().get("num_batches_tracked").item()).isEqualTo(3);
  }

  @Test
  void withoutTrackingTheBatchDecidesAlsoInEvaluation() {
    var norm = new BatchNorm2d(2, BatchNorm.Settings.DEFAULT.withoutTracking().withoutAffine());
    assertThat(norm.state()).isEmpty();
    norm.eval();
    var y = norm.apply(TestLayers.images("x", 3, 2, 4));
    assertThat(y.mean(0, 2, 3).toFloats()).usingComparatorWithPrecision(1e-6f).containsOnly(0f);
    assertThat(y.square().mean(0, 2, 3).toFloats())
        .usingComparatorWithPrecision(1e-4f)
        .containsOnly(1f);
    assertThat(norm.toString()).contains("no affine", "not tracked");
  }

  @Test
  void sequencesAreNormalisedOverTheirLength() {
    var norm = Layer.initialized(new BatchNorm1d(3), TestLayers.KEY);
    var x = Tensor.normal(TestLayers.KEY, 4, 3, 5);
    var y = norm.apply(x);
    assertThat(y.shape()).isEqualTo(x.shape());
    assertThat(y.mean(0, 2).toFloats()).usingComparatorWithPrecision(1e-6f).containsOnly(0f);
  }

  @Test
  void refusesWhatHasAnotherShape() {
    var oneD = Layer.initialized(new BatchNorm1d(3), TestLayers.KEY);
    assertThatThrownBy(() -> oneD.apply(Tensor.ones(2, 4)))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("[N, 3, L]");
    var layerNorm = Layer.initialized(new LayerNorm(4), TestLayers.KEY);
    assertThatThrownBy(() -> layerNorm.apply(Tensor.ones(4, 3)))
        .hasMessageContaining("[4] as the last axes");
    assertThatThrownBy(() -> new GroupNorm(2, 3)).hasMessageContaining("2 groups");
    for (var empty : new int[][] {{0, 4, 3, 3}, {0, 4}}) {
      var y = new GroupNorm(2, 4, 1e-5, false).apply(Tensor.zeros(empty));
      assertThat(y.shape()).isEqualTo(Shape.of(empty));
    }
    assertThatThrownBy(() -> new BatchNorm.Settings(1e-5, 1.5)).hasMessageContaining("1.5");
  }

  @Test
  void oneGroupIsLayerNormAndOneForEachChannelIsInstanceNorm() {
    var x = TestLayers.images("x", 2, 4, 3);
    var whole = new LayerNorm(Shape.of(4, 3, 3), 1e-5, LayerNorm.Affine.NONE).apply(x);
    assertThat(new GroupNorm(1, 4, 1e-5, false).apply(x).toFloats())
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(whole.toFloats());
    var each = new LayerNorm(Shape.of(3, 3), 1e-5, LayerNorm.Affine.NONE).apply(x);
    assertThat(new GroupNorm(4, 4, 1e-5, false).apply(x).toFloats())
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(each.toFloats());
  }

  @Test
  void anEmbeddingLooksUpRows() {
    var layer = Layer.initialized(new Embedding(5, 3), TestLayers.KEY);
    var indices = Tensor.of(new long[] {4, 0, 4, 2}, 2, 2);
    var y = layer.apply(indices);
    assertThat(y.shape()).isEqualTo(Shape.of(2, 2, 3));
    float[] row = layer.weight().value().select(0, 4).toFloats();
    assertThat(y.select(0, 0).select(0, 0).toFloats()).isEqualTo(row);
    assertThat(y.select(0, 1).select(0, 0).toFloats()).isEqualTo(row);
    var gradient = Autograd.backward(y.sum()).of(layer.weight().tensor());
    assertThat(gradient.sum(1).toFloats()).containsExactly(3, 0, 3, 0, 6);
    assertThatThrownBy(() -> layer.apply(Tensor.ones(2))).hasMessageContaining("indices (I64)");
    assertThatThrownBy(() -> layer.apply(Tensor.of(new long[] {5}, 1)))
        .isInstanceOf(CortadoException.class);
  }

  @Test
  void theRowOfThePaddingIndexIsZeroAndStaysSo() {
    var layer = Layer.initialized(new Embedding(4, 2, OptionalInt.of(1)), TestLayers.KEY);
    var y = layer.apply(Tensor.of(new long[] {1, 3, 1}, 3));
    assertThat(y.select(0, 0).toFloats()).containsOnly(0f);
    var gradient = Autograd.backward(y.sum()).of(layer.weight().tensor());
    assertThat(gradient.sum(1).toFloats()).containsExactly(0, 0, 0, 2);
    assertThatThrownBy(() -> new Embedding(4, 2, OptionalInt.of(4))).hasMessageContaining("0 … 3");
  }
}
