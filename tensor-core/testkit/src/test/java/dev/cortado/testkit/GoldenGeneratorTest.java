package dev.cortado.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Against the vectors that the makers of the golden files left. */
class GoldenGeneratorTest {
  private static JsonNode vectors(String section) {
    var vectors = SharedData.json("golden/generator_vectors.json").get(section);
    assertThat(vectors).isNotEmpty();
    return vectors;
  }

  private static byte[] bytes(Tensor tensor) {
    if (tensor.dtype() == DType.I64) {
      var buffer = ByteBuffer.allocate(8 * tensor.elements()).order(ByteOrder.LITTLE_ENDIAN);
      buffer.asLongBuffer().put(tensor.toLongs());
      return buffer.array();
    }
    var buffer = ByteBuffer.allocate(4 * tensor.elements()).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(tensor.toFloats());
    return buffer.array();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String digest(Tensor tensor) {
    var digest = sha256();
    digest.update(bytes(tensor));
    return hex(digest);
  }

  private static Shape shape(JsonNode node) {
    return Shape.of(SharedData.shape(node.get("shape")));
  }

  @Test
  void knownValues() {
    assertThat(GoldenGenerator.seed("")).isEqualTo(0xcbf29ce484222325L);
    assertThat(GoldenGenerator.seed("a")).isEqualTo(0xaf63dc4c8601ec8cL);
    assertThat(GoldenGenerator.word("a", 1)).isEqualTo(0xff84f1bdb6d3884fL);
    assertThat(GoldenGenerator.unit("a", 0)).isEqualTo(-0.25653815269470215);
  }

  @Test
  void hashes() {
    for (var vector : vectors("hash")) {
      var name = vector.get("name").asText();
      for (int i = 0; i < vector.get("words").size(); i++) {
        long word = Long.parseUnsignedLong(vector.get("words").get(i).asText(), 16);
        assertThat(GoldenGenerator.word(name, i)).as(name).isEqualTo(word);
        assertThat(GoldenGenerator.unit(name, i)).isEqualTo(vector.get("unit").get(i).asDouble());
      }
    }
  }

  @Test
  void entries() {
    for (var vector : vectors("tensor")) {
      var tag = vector.path("seed_tag").asText();
      var key = vector.get("key").asText();
      var tensor = GoldenGenerator.entry(tag, key, shape(vector));
      assertThat(digest(tensor)).as(key).isEqualTo(vector.get("sha256").asText());
    }
  }

  @Test
  void imagesAndLabels() {
    for (var vector : vectors("image")) {
      var image = GoldenGenerator.image(vector.get("name").asText(), shape(vector).toArray());
      assertThat(digest(image)).isEqualTo(vector.get("sha256").asText());
    }
    for (var vector : vectors("labels")) {
      int count = vector.get("count").asInt();
      int classes = vector.get("num_classes").asInt();
      var labels = GoldenGenerator.labels(vector.get("name").asText(), count, classes);
      for (int i = 0; i < count; i++) {
        assertThat(labels.toLongs()[i]).isEqualTo(vector.get("values").get(i).asLong());
      }
    }
  }

  @Test
  void wholeModels() {
    for (var vector : vectors("model")) {
      var model = vector.get("model").asText();
      var digest = sha256();
      for (var entry : SharedData.json("golden/manifests/" + model + ".json").get("state_dict")) {
        digest.update(bytes(GoldenGenerator.entry("", entry.get("key").asText(), shape(entry))));
      }
      assertThat(hex(digest))
          .as(model)
          .isEqualTo(vector.get("sha256_of_all_tensors_in_order").asText());
    }
  }
}
