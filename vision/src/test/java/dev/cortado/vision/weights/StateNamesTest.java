package dev.cortado.vision.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cortado.tensor.Backends;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.io.Safetensors;
import dev.cortado.testkit.SharedData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateNamesTest {
  @Test
  void timmBlocksAreToldApartByTheirParts() {
    var names =
        convert(
            "conv_stem.weight",
            "bn1.running_var",
            "blocks.0.0.conv.weight",
            "blocks.0.0.bn1.bias",
            "blocks.1.0.conv_exp.weight",
            "blocks.1.0.bn1.weight",
            "blocks.1.0.conv_pwl.weight",
            "blocks.1.0.bn2.weight",
            "blocks.2.0.conv_dw.weight",
            "blocks.2.0.bn1.weight",
            "blocks.2.0.se.conv_reduce.bias",
            "blocks.2.0.se.conv_expand.bias",
            "blocks.2.0.conv_pw.weight",
            "blocks.2.0.bn2.weight",
            "blocks.2.1.conv_dw.weight",
            "blocks.2.1.conv_pw.weight",
            "blocks.3.10.conv_pw.weight",
            "blocks.3.10.bn1.num_batches_tracked",
            "blocks.3.10.conv_dw.weight",
            "blocks.3.10.se.conv_reduce.weight",
            "blocks.3.10.conv_pwl.weight",
            "blocks.3.10.bn3.weight",
            "conv_head.weight",
            "bn2.weight",
            "classifier.bias");
    assertThat(names.naming()).isEqualTo(Naming.TIMM_EFFICIENTNET);
    assertThat(names.tensors().keySet())
        .containsExactly(
            "features.0.0.weight",
            "features.0.1.running_var",
            "features.1.0.block.0.0.weight",
            "features.1.0.block.0.1.bias",
            "features.2.0.block.0.0.weight",
            "features.2.0.block.0.1.weight",
            "features.2.0.block.1.0.weight",
            "features.2.0.block.1.1.weight",
            "features.3.0.block.0.0.weight",
            "features.3.0.block.0.1.weight",
            "features.3.0.block.1.fc1.bias",
            "features.3.0.block.1.fc2.bias",
            "features.3.0.block.2.0.weight",
            "features.3.0.block.2.1.weight",
            "features.3.1.block.0.0.weight",
            "features.3.1.block.1.0.weight",
            "features.4.10.block.0.0.weight",
            "features.4.10.block.0.1.num_batches_tracked",
            "features.4.10.block.1.0.weight",
            "features.4.10.block.2.fc1.weight",
            "features.4.10.block.3.0.weight",
            "features.4.10.block.3.1.weight",
            "features.5.0.weight",
            "features.5.1.weight",
            "classifier.1.bias");
  }

  @ParameterizedTest
  @CsvSource({
    "cls_token, class_token",
    "pos_embed, encoder.pos_embedding",
    "patch_embed.proj.bias, conv_proj.bias",
    "blocks.11.norm1.weight, encoder.layers.encoder_layer_11.ln_1.weight",
    "blocks.0.attn.qkv.bias, encoder.layers.encoder_layer_0.self_attention.in_proj_bias",
    "blocks.0.attn.proj.weight, encoder.layers.encoder_layer_0.self_attention.out_proj.weight",
    "blocks.0.norm2.bias, encoder.layers.encoder_layer_0.ln_2.bias",
    "blocks.0.mlp.fc1.weight, encoder.layers.encoder_layer_0.mlp.0.weight",
    "blocks.0.mlp.fc2.weight, encoder.layers.encoder_layer_0.mlp.3.weight",
    "norm.weight, encoder.ln.weight",
    "head.bias, heads.head.bias",
  })
  void timmVit(String timm, String cortado) {
    var names = convert("patch_embed.proj.weight", timm);
    assertThat(names.naming()).isEqualTo(Naming.TIMM_VIT);
    assertThat(names.tensors().keySet()).containsExactly("conv_proj.weight", cortado);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dist_token",
        "reg_token",
        "fc_norm.weight",
        "norm_pre.weight",
        "blocks.0.ls1.gamma",
        "blocks.0.attn.q_norm.weight",
        "blocks.99999999999999999999.norm1.weight",
        "head_dist.bias",
      })
  void whatHasNoCounterpartIsRefusedByName(String stranger) {
    assertThatThrownBy(() -> convert("patch_embed.proj.weight", stranger))
        .isInstanceOf(CortadoException.class)
        .hasMessageStartingWith("file: its names are timm's")
        .hasMessageContaining(stranger + " [1]");
  }

  @Test
  void strangersInAnEfficientNetAreRefusedByName() {
    assertThatThrownBy(
            () -> convert("conv_stem.weight", "blocks.0.0.aa.weight", "blocks.0.0.conv.gamma"))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("2 of its tensors")
        .hasMessageContaining("blocks.0.0.aa.weight [1], blocks.0.0.conv.gamma [1]");
  }

  @Test
  void huggingFaceStacksQueryKeyAndValue() {
    var tensors = new LinkedHashMap<String, Tensor>();
    String layer = "vit.encoder.layer.0.attention.attention.";
    tensors.put("vit.embeddings.patch_embeddings.projection.weight", Tensor.zeros(2, 3, 4, 4));
    tensors.put(layer + "value.weight", Tensor.of(new float[] {9, 10, 11, 12}, 2, 2));
    tensors.put(layer + "query.weight", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));
    tensors.put(layer + "key.weight", Tensor.of(new float[] {5, 6, 7, 8}, 2, 2));
    tensors.put("vit.pooler.dense.weight", Tensor.zeros(2, 2));
    var names = StateNames.convert("file", tensors);
    assertThat(names.naming()).isEqualTo(Naming.HUGGING_FACE_VIT);
    assertThat(names.dropped()).containsExactly("vit.pooler.dense.weight");
    var joined =
        names.tensors().get("encoder.layers.encoder_layer_0.self_attention.in_proj_weight");
    assertThat(joined).isNotNull();
    assertThat(joined.shape().toArray()).containsExactly(6, 2);
    assertThat(joined.toFloats()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    tensors.remove(layer + "key.weight");
    assertThatThrownBy(() -> StateNames.convert("file", tensors))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("query.weight but no")
        .hasMessageContaining("key.weight");
  }

  @Test
  void efficientNetPytorchNumbersBlocksThroughTheStages() {
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.put("_conv_stem.weight", Tensor.zeros(8, 3, 3, 3));
    tensors.put("_bn0.weight", Tensor.zeros(8));
    tensors.put("_blocks.0._depthwise_conv.weight", Tensor.zeros(8, 1, 3, 3));
    tensors.put("_blocks.0._bn1.weight", Tensor.zeros(8));
    tensors.put("_blocks.0._project_conv.weight", Tensor.zeros(4, 8, 1, 1));
    tensors.put("_blocks.0._bn2.weight", Tensor.zeros(4));
    for (int block = 1; block < 3; block++) {
      String prefix = "_blocks." + block + ".";
      tensors.put(prefix + "_expand_conv.weight", Tensor.zeros(24, 4, 1, 1));
      tensors.put(prefix + "_bn0.bias", Tensor.zeros(24));
      tensors.put(prefix + "_depthwise_conv.weight", Tensor.zeros(24, 1, 3, 3));
      tensors.put(prefix + "_se_reduce.bias", Tensor.zeros(1));
      tensors.put(prefix + "_project_conv.weight", Tensor.zeros(6, 24, 1, 1));
      tensors.put(prefix + "_bn2.bias", Tensor.zeros(6));
    }
    tensors.put("_conv_head.weight", Tensor.zeros(10, 6, 1, 1));
    tensors.put("_bn1.weight", Tensor.zeros(10));
    tensors.put("_fc.bias", Tensor.zeros(3));
    var names = StateNames.convert("file", tensors);
    assertThat(names.naming()).isEqualTo(Naming.EFFICIENTNET_PYTORCH);
    assertThat(names.tensors().keySet())
        .containsExactly(
            "features.0.0.weight",
            "features.0.1.weight",
            "features.1.0.block.0.0.weight",
            "features.1.0.block.0.1.weight",
            "features.1.0.block.1.0.weight",
            "features.1.0.block.1.1.weight",
            "features.2.0.block.0.0.weight",
            "features.2.0.block.0.1.bias",
            "features.2.0.block.1.0.weight",
            "features.2.0.block.2.fc1.bias",
            "features.2.0.block.3.0.weight",
            "features.2.0.block.3.1.bias",
            "features.2.1.block.0.0.weight",
            "features.2.1.block.0.1.bias",
            "features.2.1.block.1.0.weight",
            "features.2.1.block.2.fc1.bias",
            "features.2.1.block.3.0.weight",
            "features.2.1.block.3.1.bias",
            "features.3.0.weight",
            "features.3.1.weight",
            "classifier.1.bias");
  }

  @Test
  void wrappersAreTakenOff() {
    assertThat(convert("module.features.0.0.weight", "module.classifier.1.bias").tensors())
        .containsOnlyKeys("features.0.0.weight", "classifier.1.bias");
    assertThat(convert("model.module.conv_stem.weight").tensors())
        .containsOnlyKeys("features.0.0.weight");
    assertThat(convert("n_averaged", "module.conv_proj.weight").tensors())
        .containsOnlyKeys("conv_proj.weight");
    var unknown = convert("module.a", "b");
    assertThat(unknown.naming()).isEqualTo(Naming.UNKNOWN);
    assertThat(unknown.tensors()).containsOnlyKeys("module.a", "b");
    assertThat(convert().tensors()).isEmpty();
  }

  @Test
  void theOldNamesOfTorchvisionsTransformerAreRenamed() {
    String layer = "encoder.layers.encoder_layer_0.mlp.";
    assertThat(
            convert("conv_proj.weight", layer + "linear_1.bias", layer + "linear_2.weight")
                .tensors())
        .containsOnlyKeys("conv_proj.weight", layer + "0.bias", layer + "3.weight");
    assertThatThrownBy(() -> convert("conv_proj.weight", layer + "0.bias", layer + "linear_1.bias"))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("two tensors for " + layer + "0.bias");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"timm:efficientnet_b0", "timm:efficientnetv2_s", "timm:vit_base_patch16_224"})
  void agreesWithTheConversionsThatWereRun(String table) {
    checkTable(SharedData.json("golden/conversions.json").get("tables").get(table), 0, 1);
  }

  @Test
  void agreesWithTheManifestsOfTimm() throws IOException {
    int models = 0;
    try (var files = Files.list(SharedData.path("golden/manifests/timm"))) {
      for (var file : files.toList()) {
        var manifest = SharedData.json("golden/manifests/timm/" + file.getFileName());
        checkTable(manifest.get("state_dict"), "timm", "key");
        models++;
      }
    }
    assertThat(models).isEqualTo(11);
  }

  @ParameterizedTest
  @CsvSource({
    "tiny_effnet_v1.timm_names, tiny_effnet_v1, TIMM_EFFICIENTNET",
    "tiny_vit.timm_names, tiny_vit, TIMM_VIT",
    "tiny_vit.hf_names, tiny_vit, HUGGING_FACE_VIT",
  })
  void convertedFilesHoldTheSameNumbers(String file, String model, Naming naming) {
    var read =
        Safetensors.read(SharedData.path("golden/checkpoints/good/" + file + ".safetensors"));
    var names = StateNames.convert(file, read.tensors());
    assertThat(names.naming()).isEqualTo(naming);
    var expected = fingerprints(model);
    var found = new TreeMap<String, String>();
    names.tensors().forEach((name, tensor) -> found.put(name, fingerprint(tensor)));
    // timm's and torch's counters of batches are 0 here, and not every file has them.
    expected.keySet().removeIf(name -> name.endsWith("num_batches_tracked"));
    found.keySet().removeIf(name -> name.endsWith("num_batches_tracked"));
    assertThat(found).isEqualTo(expected).hasSizeGreaterThan(30);
  }

  /** The SHA-256 of every tensor of a tiny model, under torchvision's names. */
  private static SortedMap<String, String> fingerprints(String model) {
    var result = new TreeMap<String, String>();
    for (var entry : SharedData.json("golden/checkpoints/INDEX.json").get("good")) {
      if (entry.get("file").asText().equals("good/" + model + ".zip.pth")) {
        entry
            .get("tensors")
            .properties()
            .forEach(e -> result.put(e.getKey(), e.getValue().get("sha256").asText()));
      }
    }
    return result;
  }

  private static String fingerprint(Tensor tensor) {
    var bytes = ByteBuffer.allocate(4 * tensor.elements()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(tensor.toFloats());
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static void checkTable(JsonNode table, Object from, Object to) {
    var tensors = new LinkedHashMap<String, Tensor>();
    for (var row : table) {
      var shape = row.get("shape");
      tensors.put(field(row, from), shape == null ? Tensor.zeros(1) : shaped(shape));
    }
    assertThat(tensors.size()).isGreaterThan(100);
    var converted = StateNames.convert("file", tensors).tensors();
    var expected = new LinkedHashMap<String, Tensor>();
    table.forEach(
        row -> expected.put(field(row, to), tensors.getOrDefault(field(row, from), null)));
    assertThat(converted.keySet()).containsExactlyElementsOf(expected.keySet());
    converted.forEach((name, tensor) -> assertThat(tensor).isSameAs(expected.get(name)));
  }

  private static Tensor shaped(JsonNode shape) {
    var dims = Shape.of(SharedData.shape(shape));
    return Backends.shapesOnly(() -> Tensor.empty(dims, DType.F32, "test"));
  }

  private static String field(JsonNode row, Object which) {
    return (which instanceof String s ? row.get(s) : row.get((Integer) which)).asText();
  }

  private static NamedState convert(String... names) {
    var tensors = new LinkedHashMap<String, Tensor>();
    List.of(names).forEach(name -> tensors.put(name, Tensor.zeros(1)));
    return StateNames.convert("file", tensors);
  }
}
