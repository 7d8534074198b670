package dev.cortado.vision.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cortado.nn.Summary;
import dev.cortado.tensor.Shape;
import dev.cortado.testkit.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelSummaryTest {
  private static Summary summary(Model model, int size) {
    return Summary.of(model, 1, 3, size, size);
  }

  @ParameterizedTest
  @CsvSource({
    "efficientnet_b0, 3843, 4011391",
    "vit_b_16, 2307, 85800963",
    "tf_efficientnet_lite0, 3843, 3374851"
  })
  void frozenFeaturesLeaveTheHead(String name, long trainable, long parameters) {
    var model = Models.define(name, 3);
    model.freeze("features");
    var summary = summary(model, model.inputSize());
    assertThat(summary.trainable()).isEqualTo(trainable);
    assertThat(summary.parameters()).isEqualTo(parameters);
    assertThat(summary.rows().getFirst().output()).isEqualTo(Shape.of(1, 3));
  }

  /** torchvision's figures count what convolutions and matrix products multiply, rounded. */
  @Test
  void multiplyAddsAreThoseOfThePublishedWeights() {
    for (var weights : SharedData.json("golden/weights.json")) {
      int size = weights.get("crop_size").asInt();
      var name = weights.get("model").asText();
      double expected = weights.get("gflops").asDouble();
      var summary = summary(Models.define(name, 1000, size), size);
      assertThat(summary.multiplyAdds() / 1e9)
          .as(name + " " + weights.get("weights").asText())
          .isCloseTo(expected, within(0.0006));
      assertThat(summary.parameters()).isEqualTo(weights.get("num_params").asLong());
    }
  }
}
