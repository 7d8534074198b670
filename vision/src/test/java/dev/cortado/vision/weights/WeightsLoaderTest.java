package dev.cortado.vision.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.io.Safetensors;
import dev.cortado.vision.model.Model;
import dev.cortado.vision.model.Models;
import dev.cortado.vision.model.PositionEmbeddings;
import dev.cortado.vision.model.VisionTransformerArchitecture;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsLoaderTest {
  private static final String LITE = "tf_efficientnet_lite0";
  private static final String STEM = "features.0.0.weight";
  private static final String HEAD = "classifier.1.weight";

  @TempDir private static Path folder;

  private static SequencedMap<String, Tensor> state = new LinkedHashMap<>();

  @BeforeAll
  static void draw() {
    state = Models.create(LITE, 1000, RandomKey.of(1)).state();
  }

  @Test
  void aWholeStateGoesIntoAModelWithoutNumbers() {
    var model = Models.define(LITE, 1000);
    var result = WeightsLoader.load(model, write(state));
    assertThat(result.naming()).isEqualTo(Naming.TORCHVISION);
    assertThat(result.headReplaced()).isFalse();
    assertThat(result.halfPrecision()).isFalse();
    assertThat(result.fileClasses()).isEqualTo(1000);
    assertThat(result.tensors()).isEqualTo(296);
    assertThat(result.published()).isEmpty();
    assertThat(result.sha256()).hasSize(64);
    assertThat(result.notes()).isEmpty();
    var loaded = model.state();
    state.forEach((name, tensor) -> assertSame(name, tensor, get(loaded, name)));
  }

  @Test
  void countersMayBeAbsentAndHalfPrecisionIsWidened() {
    var small = new LinkedHashMap<String, Tensor>();
    state.forEach(
        (name, tensor) -> {
          if (!name.endsWith("num_batches_tracked")) {
            small.put("module." + name, tensor.rank() > 1 ? tensor.to(DType.F16) : tensor);
          }
        });
    var model = Models.define(LITE, 1000);
    var result = WeightsLoader.load(model, write(small));
    assertThat(result.halfPrecision()).isTrue();
    assertThat(result.tensors()).isEqualTo(247);
    var stem = get(model.state(), STEM);
    assertThat(stem.dtype()).isEqualTo(DType.F32);
    assertThat(stem.toFloats()).isEqualTo(get(state, STEM).to(DType.F16).toFloats());
    assertThat(result.summary()).contains("half precision").contains("247 tensors");
  }

  @Test
  void anotherNumberOfClassesKeepsTheModelsOwnHead() {
    var model = Models.create(LITE, 3, RandomKey.of(7));
    float[] own = get(model.state(), HEAD).toFloats();
    var result = WeightsLoader.load(model, write(state));
    assertThat(result.headReplaced()).isTrue();
    assertThat(result.fileClasses()).isEqualTo(1000);
    assertThat(result.tensors()).isEqualTo(294);
    assertThat(result.summary()).contains("its head for 1000 classes is left out");
    assertThat(get(model.state(), HEAD).toFloats()).isEqualTo(own);
    assertSame(STEM, get(state, STEM), get(model.state(), STEM));
  }

  @Test
  void aModelWithoutNumbersGetsANewHeadFromTheKey() {
    Path file = write(state);
    var model = Models.define(LITE, 3);
    WeightsLoader.load(model, file, RandomKey.of(5));
    float[] head = get(model.state(), HEAD).toFloats();
    assertThat(head).hasSize(3 * 1280);
    var again = Models.define(LITE, 3);
    WeightsLoader.load(again, file, RandomKey.of(5));
    assertThat(get(again.state(), HEAD).toFloats()).isEqualTo(head);
    var other = Models.define(LITE, 3);
    WeightsLoader.load(other, file, RandomKey.of(6));
    assertThat(get(other.state(), HEAD).toFloats()).isNotEqualTo(head);
  }

  @Test
  void everythingThatDoesNotFitIsNamedAtOnceAndNothingIsLoaded() {
    var broken = new LinkedHashMap<>(state);
    broken.remove("features.0.1.bias");
    broken.put("features.8.0.weight", Tensor.zeros(1280, 320, 3, 3));
    broken.put("stranger", Tensor.zeros(2));
    var model = Models.create(LITE, 1000, RandomKey.of(9));
    float[] before = get(model.state(), STEM).toFloats();
    assertThatThrownBy(() -> WeightsLoader.load(model, write(broken)))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("state.safetensors does not fit tf_efficientnet_lite0")
        .hasMessageContaining("features.0.1.bias")
        .hasMessageContaining("[1280, 320, 3, 3]")
        .hasMessageContaining("[1280, 320, 1, 1]")
        .hasMessageContaining("stranger");
    assertThat(get(model.state(), STEM).toFloats()).isEqualTo(before);
  }

  @Test
  void weightsOfAnotherModelAreRecognised() {
    Path file = write(state);
    assertThatThrownBy(() -> WeightsLoader.load(Models.define("vit_tiny_patch16_224", 3), file))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining(
            "does not fit vit_tiny_patch16_224: these are weights of tf_efficientnet_lite0\n")
        .hasMessageContaining("missing")
        .hasMessageContaining("class_token");
    assertThatThrownBy(
            () ->
                WeightsLoader.load(
                    Models.define(LITE, 3), write(Map.of("a.weight", Tensor.zeros(2)))))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("not those of any known library");
  }

  @Test
  void aHeadThatDiffersInMoreThanTheClassesIsNoOtherHead() {
    var broken = new LinkedHashMap<>(state);
    broken.put(HEAD, Tensor.zeros(1000, 1281));
    Model model = Models.define(LITE, 3);
    assertThatThrownBy(() -> WeightsLoader.load(model, write(broken)))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("[1000, 1281]");
  }

  private static Path write(Map<String, Tensor> tensors) {
    Path file = folder.resolve("state.safetensors");
    Safetensors.write(file, tensors, Map.of());
    return file;
  }

  private static Tensor get(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  private static void assertSame(String name, Tensor expected, Tensor found) {
    assertThat(found.spec()).as(name).isEqualTo(expected.spec());
    assertThat(found.toDoubles()).as(name).isEqualTo(expected.toDoubles());
  }

  private static final VisionTransformerArchitecture TINY =
      new VisionTransformerArchitecture("tiny", 32, 8, 1, 2, 8, 16, 0, 0, 0);

  @Test
  void positionEmbeddingsForAnotherSizeAreInterpolated() {
    var small = TINY.build(5);
    small.initialize(RandomKey.of(3));
    var large = TINY.withInputSize(56).build(5);
    var result = WeightsLoader.load(large, write(small.state()));
    assertThat(result.notes())
        .containsExactly("position embeddings for images of 32 pixels were interpolated for 56");
    var before = get(small.state(), PositionEmbeddings.KEY);
    var after = get(large.state(), PositionEmbeddings.KEY);
    assertThat(after.dim(1)).isEqualTo(50);
    // The class token and, with aligned corners, the corners stay.
    int[][] same = {{0, 0}, {1, 1}, {4, 7}, {13, 43}, {16, 49}};
    for (int[] rows : same) {
      assertThat(after.select(1, rows[1]).toFloats())
          .containsExactly(before.select(1, rows[0]).toFloats(), within(1e-6f));
    }
    var again = WeightsLoader.load(TINY.build(5), write(small.state()));
    assertThat(again.notes()).isEmpty();
  }

  @Test
  void embeddingsOfAnotherModelAreNotInterpolated() {
    var other = new VisionTransformerArchitecture("other", 64, 8, 1, 2, 16, 16, 0, 0, 0).build(5);
    other.initialize(RandomKey.of(3));
    var file = write(other.state());
    assertThatThrownBy(() -> WeightsLoader.load(TINY.build(5), file))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("conv_proj.weight is F32[16, 3, 8, 8]");
  }
}
