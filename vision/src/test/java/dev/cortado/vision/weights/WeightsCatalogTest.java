package dev.cortado.vision.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cortado.tensor.CortadoException;
import dev.cortado.testkit.SharedData;
import dev.cortado.vision.image.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class WeightsCatalogTest {
  @Test
  void everyModelHasOneDefaultAndEverySetItsOwnName() {
    assertThat(WeightsCatalog.all()).hasSize(33);
    var titles = new HashSet<String>();
    for (var weights : WeightsCatalog.all()) {
      assertThat(titles.add(weights.title())).as(weights.title()).isTrue();
      var sets = WeightsCatalog.of(weights.model());
      assertThat(sets).filteredOn(Weights::preferred).containsExactly(sets.getFirst());
      assertThat(weights.url()).startsWith("https://").endsWith(weights.file());
      assertThat(weights.categories().size()).isEqualTo(1000);
      assertThat(weights.top5()).isBetween(weights.top1(), 100.0);
      assertThat(weights.licence()).isNotBlank();
      assertThat(weights.source()).startsWith("https://");
    }
  }

  @Test
  void findsByNameInEitherCaseAndByDefault() {
    assertThat(WeightsCatalog.find("efficientnet_b1", "default").name()).isEqualTo("IMAGENET1K_V2");
    assertThat(WeightsCatalog.find("efficientnet_b1", "imagenet1k_v1").preset().resize())
        .isEqualTo(256);
    assertThat(WeightsCatalog.preferred("efficientnet_b99")).isEmpty();
    assertThatThrownBy(() -> WeightsCatalog.find("efficientnet_b1", "V7"))
        .isInstanceOf(CortadoException.class)
        .hasMessage(
            "efficientnet_b1 has no weights called V7; there are: IMAGENET1K_V2, IMAGENET1K_V1");
    assertThatThrownBy(() -> WeightsCatalog.find("efficientnet_b99", "V1"))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("efficientnet_b99");
  }

  @Test
  void identifiesFilesByTheBeginningOfTheirDigest() {
    assertThat(WeightsCatalog.identify("C867DB91" + "0".repeat(56)))
        .hasValueSatisfying(w -> assertThat(w.title()).isEqualTo("vit_b_16 IMAGENET1K_V1"));
    assertThat(WeightsCatalog.identify("0".repeat(64))).isEmpty();
  }

  @Test
  void categoriesAreImageNets() {
    var names = Categories.IMAGENET.names();
    assertThat(names).hasSize(1000);
    assertThat(names.get(0)).isEqualTo("tench");
    assertThat(names.get(963)).isEqualTo("pizza");
    assertThat(names.get(999)).isEqualTo("toilet tissue");
    var expected = SharedData.json("golden/imagenet_categories.json");
    for (int i = 0; i < 1000; i++) {
      assertThat(names.get(i)).isEqualTo(expected.get(i).asText());
    }
  }

  @Test
  void agreesWithTorchvision() {
    var golden = SharedData.json("golden/weights.json");
    for (var expected : golden) {
      var weights =
          WeightsCatalog.find(expected.get("model").asText(), expected.get("weights").asText());
      assertThat(weights.preferred()).isEqualTo(expected.get("default").asBoolean());
      assertThat(weights.url()).isEqualTo(expected.get("url").asText());
      assertThat(weights.file()).isEqualTo(expected.get("file").asText());
      assertThat(weights.sha256()).isEqualTo(expected.get("sha256_prefix").asText());
      checkPreset(weights.preset(), expected, "resize_size", "crop_size");
      assertThat(weights.top1()).isEqualTo(expected.get("acc1").asDouble());
      assertThat(weights.top5()).isEqualTo(expected.get("acc5").asDouble());
      assertThat(weights.parameters()).isEqualTo(expected.get("num_params").asLong());
      assertThat(weights.gigaMultiplyAdds()).isEqualTo(expected.get("gflops").asDouble());
      assertThat(weights.source()).isEqualTo(expected.get("recipe").asText());
      assertThat(weights.licence().equals("not stated"))
          .isEqualTo(expected.get("license").isNull());
    }
    assertThat(golden).hasSize(22);
  }

  @Test
  void agreesWithTheManifestsOfTimm() throws IOException {
    int models = 0;
    try (var files = Files.list(SharedData.path("golden/manifests/timm"))) {
      for (var file : files.toList()) {
        var expected = SharedData.json("golden/manifests/timm/" + file.getFileName());
        var weights = WeightsCatalog.find(expected.get("model").asText(), WeightsCatalog.DEFAULT);
        checkPreset(weights.preset(), expected, "resize", "input_size");
        assertThat(weights.parameters()).isEqualTo(expected.get("num_params").asLong());
        assertThat(weights.categories().size()).isEqualTo(expected.get("num_classes").asInt());
        models++;
      }
    }
    assertThat(models).isEqualTo(11);
  }

  private static void checkPreset(Preset preset, JsonNode expected, String resize, String crop) {
    assertThat(preset.resize()).isEqualTo(expected.get(resize).asInt());
    assertThat(preset.crop()).isEqualTo(expected.get(crop).asInt());
    assertThat(preset.resampling().name().toLowerCase(Locale.ROOT))
        .isEqualTo(expected.get("interpolation").asText());
    for (int i = 0; i < 3; i++) {
      assertThat(preset.normalization().mean().get(i))
          .isEqualTo(expected.get("mean").get(i).asDouble());
      assertThat(preset.normalization().std().get(i))
          .isEqualTo(expected.get("std").get(i).asDouble());
    }
  }
}
