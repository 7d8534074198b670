package dev.cortado.nn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import org.junit.jupiter.api.Test;

class SummaryTest {
  @Test
  void countsWithoutComputingAndLeavesTheModelAsItWas() {
    var model = TestLayers.classifier();
    model.freeze("0.0");
    var mean = model.state().get("0.1.1.running_mean");
    int version = mean.storage().version();
    var summary = Summary.of(model, 2, 3, 8, 8);
    assertThat(summary.input()).isEqualTo(Shape.of(2, 3, 8, 8));
    assertThat(summary.parameters()).isEqualTo(model.parameterCount());
    assertThat(summary.trainable()).isEqualTo(model.trainableCount());
    long first = 2 * 4 * 16 * 27;
    long second = 2 * 6 * 16 * 36;
    assertThat(summary.multiplyAdds()).isEqualTo(first + second + 2 * 6 * 3);
    var trunk = summary.rows().get(1);
    assertThat(trunk.multiplyAdds()).isEqualTo(first + second);
    assertThat(trunk.output()).isEqualTo(Shape.of(2, 6, 4, 4));
    assertThat(model.layers().get("0.1").isTraining()).isTrue();
    assertThat(model.isObserved()).isFalse();
    assertThat(mean.storage().version()).isEqualTo(version);
  }

  @Test
  void printsATable() {
    var model = new Sequential(new Linear(1000, 20), new Sequential(new Identity()));
    assertThat(Summary.of(model, 4, 1000).toString())
        .isEqualTo(
            """
            layer            input      output   parameters  trainable  multiply-adds
            -------------------------------------------------------------------------
            Sequential       [4, 1000]  [4, 20]      20,020     20,020         80,000
              0: Linear      [4, 1000]  [4, 20]      20,020     20,020         80,000
              1: Sequential  [4, 20]    [4, 20]           -          -              -
                0: Identity  [4, 20]    [4, 20]           -          -              -

            input                 [4, 1000]
            parameters            20,020 (0.1 MB as F32)
            trainable parameters  20,020
            frozen parameters     0
            multiply-adds         80,000 (0.000 G)
            training step         about 0.3 MB: model 0.1, AdamW 0.2, forward 0.0, backward 0.0\
            """);
    assertThat(Summary.of(model, 4, 1000).table(0)).doesNotContain("0: Linear");
  }

  @Test
  void isJsonToo() throws JsonProcessingException {
    var model = TestLayers.classifier();
    model.freeze("0");
    var json = new ObjectMapper().readTree(Summary.of(model, 2, 3, 8, 8).toJson(1));
    assertThat(json.get("input").toString()).isEqualTo("[2,3,8,8]");
    assertThat(json.get("parameters").asLong()).isEqualTo(model.parameterCount());
    assertThat(json.get("trainable").asLong()).isEqualTo(21);
    assertThat(json.get("layers")).hasSize(6);
    assertThat(json.get("layers").get(5).get("name").asText()).isEqualTo("4");
    assertThat(json.get("layers").get(5).get("input").toString()).isEqualTo("[2,6]");
    assertThat(json.get("training_step_bytes").get("gradients").asLong()).isEqualTo(84);
  }

  @Test
  void countsTheMemoryOfAStep() {
    var model = new Sequential(new Linear(100, 50), ActivationLayer.relu(), new Linear(50, 10));
    long parameters = 4 * (100 * 50 + 50 + 50 * 10 + 10);
    long results = 4 * 8 * (50 + 50 + 10);
    assertThat(TrainingMemory.of(model, Shape.of(8, 100)))
        .isEqualTo(
            new TrainingMemory(
                4 * 800, parameters, parameters, 2 * parameters, results, results / 2));
    model.freeze("0");
    var frozen = TrainingMemory.of(model, Shape.of(8, 100));
    assertThat(frozen.gradients()).isEqualTo(4 * 510);
    assertThat(frozen.backward()).isEqualTo(4 * 8 * 10 / 2);
    assertThat(frozen.results()).isEqualTo(results);
  }

  @Test
  void theEstimateIsAboutWhatAStepHolds() {
    var model =
        Layer.initialized(
            new Sequential(
                TestLayers.convNorm(3, 16, 1, Padding.half(3)),
                TestLayers.convNorm(16, 24, 2, Padding.half(3)),
                new AdaptiveAvgPool2d(1),
                new Flatten(),
                new Linear(24, 3)),
            TestLayers.KEY);
    var x = TestLayers.images("x", 16, 3, 64);
    var estimate = TrainingMemory.of(model, x.shape());
    try (var warmUp = Scope.open()) {
      Autograd.backward(model.apply(x.narrow(0, 0, 2)).square().sum());
    }
    long before = liveBytes();
    try (var step = Scope.open()) {
      var gradients = Autograd.backward(model.apply(x).square().sum());
      // What was recycled on the way waits in the pool: all that the step ever held is there.
      double held = liveBytes() - before;
      long expected = estimate.results() + estimate.backward() + estimate.gradients();
      assertThat(expected).isGreaterThan(16_000_000);
      assertThat(held / expected).isBetween(0.6, 2.0);
      assertThat(gradients.size()).isEqualTo(8);
    }
  }

  private static long liveBytes() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      var runtime = Runtime.getRuntime();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  @Test
  void aModelWithNumbersStillComputesAfterwards() {
    var linear = Layer.initialized(new Linear(2, 2), TestLayers.KEY);
    Summary.of(linear, 1, 2);
    assertThat(linear.apply(Tensor.ones(1, 2)).toFloats()).hasSize(2);
  }
}
