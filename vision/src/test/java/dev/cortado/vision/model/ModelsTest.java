package dev.cortado.vision.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.Backends;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import dev.cortado.vision.model.EfficientNetArchitecture.Block;
import dev.cortado.vision.model.EfficientNetArchitecture.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModelsTest {
  static List<String> names() {
    return Models.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyModelTurnsImagesIntoFeaturesAndLogits(String name) {
    Backends.shapesOnly(
        () -> {
          var model = Models.create(name, 5);
          model.eval();
          var images = Tensor.zeros(2, 3, model.inputSize(), model.inputSize());
          var features = model.features(images);
          assertThat(features.shape().toArray()).containsExactly(2, model.featureSize());
          assertThat(model.head(features).shape().toArray()).containsExactly(2, 5);
          assertThat(model.apply(images).shape().toArray()).containsExactly(2, 5);
          return model;
        });
  }

  @ParameterizedTest
  @CsvSource({
    "efficientnet-b0, efficientnet_b0",
    "EfficientNet_B7, efficientnet_b7",
    "vit_b16, vit_b_16",
    "vit_tiny, vit_tiny_patch16_224",
    "tf_efficientnet_lite9, tf_efficientnet_lite0"
  })
  void anUnknownNameListsTheKnownAndTheNearest(String wrong, String nearest) {
    assertThatThrownBy(() -> Models.create(wrong, 3))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("unknown model '" + wrong + "'")
        .hasMessageContaining("did you mean " + nearest + "?")
        .hasMessageContaining("efficientnet_v2_l")
        .hasMessageContaining("vit_small_patch16_224");
  }

  @Test
  void whatIsNothingLikeAModelGetsNoSuggestion() {
    assertThatThrownBy(() -> Models.create("resnet50", 3))
        .hasMessageStartingWith("unknown model 'resnet50'. Known are efficientnet_b0, ");
  }

  @Test
  void distanceCountsEdits() {
    assertThat(Models.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(Models.distance("", "abc")).isEqualTo(3);
    assertThat(Models.distance("same", "same")).isZero();
  }

  @Test
  void aTransformerTakesImagesOfItsSizeOnly() {
    var model = Models.define("vit_b_16", 10, 384);
    assertThat(model.entries().get("encoder.pos_embedding").spec().shape().toArray())
        .containsExactly(1, 577, 768);
    Backends.shapesOnly(
        () -> {
          assertThatThrownBy(() -> model.apply(Tensor.zeros(1, 3, 224, 224)))
              .isInstanceOf(CortadoException.class)
              .hasMessageContaining("exactly 384 x 384 pixels");
          return model;
        });
    assertThatThrownBy(() -> Models.define("vit_b_16", 10, 230))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("multiple");
  }

  @Test
  void greyImagesAreRefused() {
    assertThatThrownBy(() -> tiny().build(3).apply(Tensor.zeros(2, 1, 32, 32)))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("[N, 3, height, width]");
    assertThatThrownBy(() -> tiny().build(0)).hasMessageContaining("at least one class");
  }

  @Test
  void aNewHeadKeepsTheTrunk() {
    var model = tiny().build(4);
    model.initialize(RandomKey.of(1));
    model.eval();
    var images = Tensor.normal(RandomKey.of(2), 2, 3, 16, 16);
    float[] features = model.features(images).toFloats();
    model.replaceHead(7, RandomKey.of(3));
    assertThat(model.features(images).toFloats()).isEqualTo(features);
    assertThat(model.apply(images).shape().toArray()).containsExactly(2, 7);
    assertThat(model.classes()).isEqualTo(7);
    assertThat(model.state().keySet()).containsAll(model.classifierKeys());
    assertThat(model.layers().get("classifier.0")).matches(layer -> !layer.isTraining());
  }

  @Test
  void featuresMeansEverythingBelowTheHead() {
    var model = new VisionTransformerArchitecture("tiny", 16, 8, 2, 2, 8, 16, 6, 0.5, 0).build(3);
    model.freeze("encoder.layers.*");
    assertThat(model.featuresFrozen()).isFalse();
    model.freeze("features");
    assertThat(model.featuresFrozen()).isTrue();
    model.train();
    assertThat(model.layers().get("encoder.dropout").isTraining()).isFalse();
    assertThat(model.trainableCount()).isEqualTo(8 * 6 + 6 + 6 * 3 + 3);
    model.unfreeze("features");
    model.freeze("head");
    assertThat(model.parameters().get("heads.pre_logits.bias").trainable()).isFalse();
    assertThat(model.parameters().get("class_token").trainable()).isTrue();
  }

  @Test
  void featuresAreFrozenWhateverPatternFrozeThem() {
    var model = tiny().build(3);
    model.freeze("features.[0-2]");
    assertThat(model.featuresFrozen()).isFalse();
    model.freeze("features.3.*");
    assertThat(model.featuresFrozen()).isTrue();
    model.unfreeze("features.2.1.stochastic_depth");
    assertThat(model.featuresFrozen()).isFalse();
  }

  private static EfficientNetArchitecture tiny() {
    var base = (EfficientNetArchitecture) Models.architecture("efficientnet_b0");
    var stages =
        List.of(
            new Stage(Block.MBCONV, 1, 3, 1, 8, 8, 1), new Stage(Block.FUSED, 2, 3, 2, 8, 16, 2));
    return new EfficientNetArchitecture(
        "tiny", 32, 8, stages, 24, 0.2, 0.2, base.norm(), base.activation(), true, false);
  }
}
