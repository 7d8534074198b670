package dev.cortado.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.ConvolutionOp;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/**
 * Frozen means frozen. In PyTorch it is easy to freeze a trunk with {@code requires_grad = False}
 * and to think that it stands still. Then {@code model.train()}, at the head of each epoch, wakes
 * its batch norms and dropouts: the running statistics drift towards the new photos, the features
 * change from step to step, and what the head has learned no longer fits in evaluation.
 */
class FreezingTest {
  private static final String MEAN = "0.0.1.running_mean";

  private static void epochs(Layer model, int epochs) {
    for (int epoch = 0; epoch < epochs; epoch++) {
      model.train(); // the trap: called each time, as everybody does
      var x = TestLayers.images("epoch " + epoch, 4, 3, 8).add(3); // photos unlike the first ones
      Randomness.with(RandomKey.of(epoch), () -> model.apply(x));
    }
  }

  @Test
  void theTrapIsReal() {
    // What PyTorch does: parameters get no gradient, but the layer still acts as in training.
    var norm = Layer.initialized(new BatchNorm2d(3), TestLayers.KEY);
    double before = norm.state().get("running_mean").toDoubles()[0];
    var x = TestLayers.images("x", 4, 3, 8).add(3);
    norm.normalizeImages(x);
    assertThat(norm.state().get("running_mean").toDoubles()[0]).isGreaterThan(before + 0.2);
  }

  @Test
  void trainWakesNothingThatIsFrozen() {
    var model = TestLayers.classifier();
    model.freeze("0");
    var photo = TestLayers.images("photo", 2, 3, 8);
    model.eval();
    float[] features = model.children().get("0").apply(photo).toFloats();
    epochs(model, 3);
    assertThat(model.state().get(MEAN).toFloats()).containsOnly(0f);
    assertThat(model.children().get("0").apply(photo).toFloats()).isEqualTo(features);
    // The rest is awake: without a key the dropout before the head would throw.
    assertThat(model.layers().get("3").isTraining()).isTrue();
  }

  @Test
  void itDoesNotMatterWhetherLayersOrTheirParametersWereNamed() {
    var model = TestLayers.classifier();
    model.freeze("0.*.weight,0.*.bias");
    epochs(model, 2);
    assertThat(model.state().get(MEAN).toFloats()).containsOnly(0f);
  }

  @Test
  void whatIsNotFrozenMoves() {
    var model = TestLayers.classifier();
    model.freeze("0.1");
    epochs(model, 2);
    assertThat(model.state().get(MEAN).toFloats()).doesNotContain(0f);
    assertThat(model.state().get("0.1.1.running_mean").toFloats()).containsOnly(0f);
  }

  @Test
  void unfrozenPartsWakeUp() {
    var model = TestLayers.classifier();
    model.freeze("0");
    epochs(model, 1);
    model.unfreeze("0.0");
    epochs(model, 1);
    assertThat(model.state().get(MEAN).toFloats()).doesNotContain(0f);
    assertThat(model.state().get("0.1.1.running_mean").toFloats()).containsOnly(0f);
  }

  @Test
  void dropoutAndStochasticDepthOfAFrozenPartAreOff() {
    var model = new Sequential(new Dropout(0.5), new Dropout2d(0.5), new StochasticDepth(0.5));
    model.freeze("*");
    model.train();
    var x = TestLayers.images("x", 2, 3, 4);
    assertThat(model.apply(x)).isSameAs(x);
  }

  /** Not computed and thrown away: not computed. */
  @Test
  void noGradientOfAFrozenLayerIsComputed() {
    var model = TestLayers.classifier();
    model.eval();
    assertThat(weightGradients(model)).isEqualTo(2);
    model.freeze("0.1.0");
    assertThat(weightGradients(model)).isEqualTo(1);
    model.freeze("0");
    assertThat(Autograd.isTracked(model.children().get("0").apply(TestLayers.images("x", 2, 3, 8))))
        .isFalse();
    assertThat(weightGradients(model)).isZero();
  }

  private static int weightGradients(Layer model) {
    var seen = new ArrayList<ConvolutionOp>();
    var loss = model.apply(TestLayers.images("x", 2, 3, 8)).square().sum();
    var gradients =
        Ops.observed(
            (op, inputs) -> {
              if (op instanceof ConvolutionOp.Conv2dWeightGradient gradient) {
                seen.add(gradient);
              }
              return Ops.applyTraced(op, inputs);
            },
            () -> Autograd.backward(loss));
    assertThat(gradients.size())
        .isEqualTo((int) model.parameters().values().stream().filter(Parameter::trainable).count());
    assertThat(Autograd.isTracked(Tensor.ones(1))).isFalse();
    return seen.size();
  }
}
