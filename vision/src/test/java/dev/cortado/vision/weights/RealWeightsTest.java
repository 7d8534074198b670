package dev.cortado.vision.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.Backends;
import dev.cortado.tensor.Tensor;
import dev.cortado.testkit.SharedData;
import dev.cortado.vision.image.Images;
import dev.cortado.vision.image.ReadOptions;
import dev.cortado.vision.model.Model;
import dev.cortado.vision.model.Models;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Pretrained models give PyTorch's answers: a photo goes through the preset of the catalogue and
 * the model with its published weights.
 */
class RealWeightsTest {
  /** What single precision may cost, relative to the largest logit. */
  private static final double EXACT = 2e-4;

  /** What another JPEG decoder may cost, absolute. */
  private static final double PHOTO = 0.15;

  @BeforeEach
  void needsAFastBackend() {
    assumeFalse(
        Backends.current() == Backends.reference(),
        "skipped: only the reference backend is there, which takes minutes");
  }

  @ParameterizedTest
  @CsvSource({
    "vit_tiny_patch16_224, vit_tiny_patch16_224",
    "tf_efficientnetv2_b0, tf_efficientnetv2_b0",
    "tf_efficientnet_lite0, tf_efficientnet_lite0.f16"
  })
  void exactInputs(String name, String file) {
    var images = SharedData.json("golden/real_png.json").get(name).get("images");
    var model = load(name, file);
    int checked = 0;
    for (var entry : images.properties()) {
      var expected = entry.getValue();
      float[] logits =
          logits(model, SharedData.path("golden/preproc/images/" + entry.getKey() + ".png"));
      double tolerance = EXACT * Math.abs(expected.get("top5_logits").get(0).asDouble());
      checkTop5(logits, expected.get("top5"), expected.get("top5_logits"), tolerance);
      for (int i = 0; i < 10; i++) {
        assertThat((double) logits[100 * i])
            .as("%s, class %d", entry.getKey(), 100 * i)
            .isCloseTo(expected.get("every_100th").get(i).asDouble(), within(tolerance));
      }
      double squares = 0;
      for (float logit : logits) {
        squares += (double) logit * logit;
      }
      assertThat(Math.sqrt(squares))
          .isCloseTo(expected.get("l2").asDouble(), within(EXACT * Math.sqrt(squares)));
      checked++;
    }
    assertThat(checked).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({
    "vit_tiny_patch16_224, vit_tiny_patch16_224",
    "tf_efficientnetv2_b0, tf_efficientnetv2_b0",
    "tf_efficientnet_lite0, tf_efficientnet_lite0.f16"
  })
  void photos(String name, String file) {
    var photos = SharedData.json("golden/real_photos.json").get(name).get("photos");
    var model = load(name, file);
    int checked = 0;
    for (var entry : photos.properties()) {
      float[] logits = logits(model, SharedData.path(entry.getKey()));
      checkTop5(logits, entry.getValue().get("top5"), entry.getValue().get("logits"), PHOTO);
      checked++;
    }
    assertThat(checked).isEqualTo(5);
  }

  private static Model load(String name, String file) {
    var model = Models.define(name, 1000);
    WeightsLoader.load(model, SharedData.path("weights/" + file + ".safetensors"));
    model.eval();
    return model;
  }

  private static float[] logits(Model model, Path image) {
    var preset = WeightsCatalog.find(model.name(), WeightsCatalog.DEFAULT).preset();
    float[] planes = preset.planes(Images.read(image, ReadOptions.LIKE_PILLOW));
    var input = Tensor.of(planes, 1, 3, preset.crop(), preset.crop());
    return Autograd.noGrad(() -> model.apply(input)).toFloats();
  }

  private static void checkTop5(
      float[] logits, JsonNode classes, JsonNode values, double tolerance) {
    for (int i = 0; i < 5; i++) {
      int index = classes.get(i).asInt();
      assertThat((double) logits[index])
          .as("class %d", index)
          .isCloseTo(values.get(i).asDouble(), within(tolerance));
    }
    double fifth = values.get(4).asDouble();
    for (int c = 0; c < logits.length; c++) {
      if (logits[c] > fifth + 2 * tolerance) {
        assertThat(classes).extracting(JsonNode::asInt).contains(c);
      }
    }
  }
}
