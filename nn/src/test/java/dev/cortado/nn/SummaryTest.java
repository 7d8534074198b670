package dev.cortado.nn;

import static org.assertj.core.api.Assertions.assertThat;

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
            layer            output   parameters  trainable  multiply-adds
            --------------------------------------------------------------
            Sequential       [4, 20]      20,020     20,020         80,000
              0: Linear      [4, 20]      20,020     20,020         80,000
              1: Sequential  [4, 20]           -          -              -
                0: Identity  [4, 20]           -          -              -

            input                 [4, 1000]
            parameters            20,020 (0.1 MB as F32)
            trainable parameters  20,020
            frozen parameters     0
            multiply-adds         80,000 (0.000 G)\
            """);
    assertThat(Summary.of(model, 4, 1000).table(0)).doesNotContain("0: Linear");
  }

  @Test
  void aModelWithNumbersStillComputesAfterwards() {
    var linear = Layer.initialized(new Linear(2, 2), TestLayers.KEY);
    Summary.of(linear, 1, 2);
    assertThat(linear.apply(Tensor.ones(1, 2)).toFloats()).hasSize(2);
  }
}
