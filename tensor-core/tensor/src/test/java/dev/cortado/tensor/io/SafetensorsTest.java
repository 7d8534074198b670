package dev.cortado.tensor.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  static Stream<String> good() throws IOException {
    return names(index().get("good").fieldNames());
  }

  static Stream<String> bad() throws IOException {
    return StreamSupport.stream(index().get("bad").spliterator(), false).map(JsonNode::asText);
  }

  @ParameterizedTest
  @MethodSource
  void good(String name) throws IOException {
    Path path = copy("good/" + name);
    check(path, index().get("good").get(name));
    assertThat(Safetensors.read(new ByteArrayInputStream(Files.readAllBytes(path)), name))
        .satisfies(f -> assertThat(print(f)).isEqualTo(print(Safetensors.read(path))));
  }

  @ParameterizedTest
  @MethodSource
  void bad(String name) throws IOException {
    Path path = copy("bad/" + name);
    assertRefused(path);
  }

  @Test
  void everyGoldenFile() throws IOException {
    Path golden = golden();
    assumeTrue(golden != null, "skipped: no ../shared/golden beside the repository");
    Path folder = Objects.requireNonNull(golden).resolve("checkpoints");
    var index = JSON.readTree(folder.resolve("INDEX.json").toFile());
    int good = 0;
    for (var entry : index.get("good")) {
      String file = entry.get("file").asText();
      if (file.endsWith(".safetensors")) {
        check(folder.resolve(file), entry.get("tensors"));
        good++;
      }
    }
    int bad = 0;
    for (var entry : index.get("bad")) {
      String file = entry.get("file").asText();
      if (file.endsWith(".safetensors")) {
        assertRefused(folder.resolve(file));
        bad++;
      }
    }
    assertThat(good).isGreaterThan(10);
    assertThat(bad).isGreaterThan(39);
  }

  @Test
  void refusesDeepNestingWithoutOverflowingTheStack() throws IOException {
    String json = "{\"w\":" + "[".repeat(50_000) + "]".repeat(50_000) + "}";
    assertRefused(file(json, 16));
    assertRefused(file("{\"__metadata__\":{\"a\":" + "{\"a\":".repeat(50_000), 0));
  }

  @Test
  void refusesWhatOtherReadersLetPass() throws IOException {
    String w = "\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]";
    assertThat(Safetensors.read(file("{\"w\":{" + w + "}}", 16)).tensors()).containsKey("w");
    assertThat(refusal(file("{\"w\":{" + w + ",\"extra\":1}}", 16))).contains("extra");
    assertThat(refusal(file("{\"w\":{" + w + ",\"dtype\":\"F32\"}}", 16))).contains("twice");
    assertThat(refusal(file("{\"w\":{" + w.replace("16", "1e1") + "}}", 16))).contains("1e1");
    assertThat(refusal(file("{\"w\":{" + w.replace("[0", "[-0") + "}}", 16))).contains("-0");
    assertThat(refusal(file("{\"w\":{" + w.replace("[4]", "[]") + "}}", 16))).contains("4 bytes");
    assertThat(refusal(file("{\"w\":{" + w.replace("F32", "C64") + "}}", 16)))
        .contains("C64")
        .contains("F16");
    assertThat(refusal(file("{\"w\":null}", 0))).contains("JSON object");
    assertThat(refusal(file("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0))).contains("twice");
    assertThat(refusal(file("{\"__metadata__\":{},\"__metadata__\":{}}", 0))).contains("twice");
    assertThat(refusal(file("{} {}", 0))).contains("goes on");
    String eight = "{\"b\":{\"dtype\":\"BOOL\",\"shape\":[8],\"data_offsets\":[0,8]}}";
    assertThat(Safetensors.read(file(eight, 8)).tensor("b").toFloats()).containsOnly(0);
    byte[] bytes = Files.readAllBytes(file(eight, 8));
    bytes[bytes.length - 1] = 2;
    assertThat(refusal(Files.write(folder.resolve("x"), bytes))).contains("only 0 and 1");
  }

  @Test
  void everyTypeBecomesOneThatHoldsAllItsNumbers() throws IOException {
    assertThat(typed("U16", DType.I32, 0xFF, 0xFF, 1, 0)).containsExactly(65535, 1);
    assertThat(typed("U32", DType.I64, 0xFF, 0xFF, 0xFF, 0xFF)).containsExactly(4294967295.0);
    assertThat(typed("U64", DType.I64, 1, 0, 0, 0, 0, 1, 0, 0)).containsExactly(0x1p40 + 1);
    assertThat(refusal(raw("U64", 1, 0, 0, 0, 0, 0, 0, 0, 0x80)))
        .contains("9223372036854775808")
        .contains("beyond I64");
    for (int bits = 0; bits < 256; bits++) {
      assertThat(typed("F8_E5M2", DType.F16, bits))
          .as("E5M2 %02x", bits)
          .containsExactly(eightBits(bits, 2, 15, true));
      assertThat(typed("F8_E4M3", DType.F16, bits))
          .as("E4M3 %02x", bits)
          .containsExactly(eightBits(bits, 3, 7, false));
    }
  }

  /** The definition: sign, exponent, fraction. */
  private static double eightBits(int bits, int fractionBits, int bias, boolean infinities) {
    double sign = bits < 0x80 ? 1 : -1;
    int exponent = (bits & 0x7F) >> fractionBits;
    double fraction = (bits & ((1 << fractionBits) - 1)) / (double) (1 << fractionBits);
    if (infinities && exponent == 0x1F) {
      return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
    }
    if (!infinities && (bits & 0x7F) == 0x7F) {
      return Double.NaN;
    }
    return exponent == 0
        ? sign * fraction * Math.pow(2, 1 - bias)
        : sign * (1 + fraction) * Math.pow(2, exponent - bias);
  }

  private double[] typed(String type, DType becomes, int... bytes) throws IOException {
    int size = Objects.requireNonNull(ElementType.find(type)).bytes();
    var tensor = Safetensors.read(raw(type, bytes.length / size, bytes)).tensor("w");
    assertThat(tensor.dtype()).isEqualTo(becomes);
    return tensor.toDoubles();
  }

  private Path raw(String type, int count, int... bytes) throws IOException {
    String json =
        "{\"w\":{\"dtype\":\"%s\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
            .formatted(type, count, bytes.length);
    byte[] all = Files.readAllBytes(file(json, bytes.length));
    for (int i = 0; i < bytes.length; i++) {
      all[all.length - bytes.length + i] = (byte) bytes[i];
    }
    return Files.write(folder.resolve("typed.safetensors"), all);
  }

  /** Files that are meant for other readers, or for none, are no safetensors, npy or npz files. */
  @Test
  void everyHostileFileIsRefusedByEveryReader() throws IOException {
    Path golden = golden();
    assumeTrue(golden != null, "skipped: no ../shared/golden beside the repository");
    int count = 0;
    try (var files = Files.list(Objects.requireNonNull(golden).resolve("checkpoints/bad"))) {
      for (var path : files.toList()) {
        refusal(path);
        NumpyTest.refusal(path, () -> Npy.read(path));
        NumpyTest.refusal(path, () -> Npz.read(path));
        count++;
      }
    }
    assertThat(count).isGreaterThan(100);
  }

  @Test
  void messagesNameWhatTheFileReallyIs() throws IOException {
    assertThat(refusal(copy("bad/st_is_a_zip.safetensors"))).contains(".pth");
    Path pointer = folder.resolve("pointer");
    Files.writeString(pointer, "version https://git-lfs.github.com/spec/v1\noid sha256:00\n");
    assertThat(refusal(pointer)).contains("git lfs pull");
    Path page = folder.resolve("page");
    Files.writeString(page, "<!DOCTYPE html><html><body>404</body></html>");
    assertThat(refusal(page)).contains("web page");
    assertThat(refusal(folder.resolve("missing"))).contains("no file");
    assertThat(refusal(folder)).contains("not a file");
  }

  @Test
  void namesInMessagesCannotBreakTheLine() throws IOException {
    String json = "{\"a\\nb\\u001b[31m\\u202e\":{\"dtype\":\"X\"}}";
    assertThat(refusal(file(json, 0))).contains("a\\u000ab\\u001b[31m\\u202e");
    String endless = "{\"" + "n".repeat(10_000) + "\":{\"dtype\":\"X\"}}";
    assertThat(refusal(file(endless, 0)).length()).isLessThan(600);
  }

  @Test
  void writesEveryTypeInTheOrderOfTheMap() throws IOException {
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.put("truth", Tensor.of(new float[] {0, 2, 1}, 3).to(DType.BOOL));
    tensors.put("empty", Tensor.zeros(0, 3));
    tensors.put("ü\"\\\n", Tensor.of(new double[] {1e-300, Double.NaN}, 2));
    for (var type : List.of(DType.F32, DType.F16, DType.BF16, DType.I32, DType.I64)) {
      tensors.put(type.name(), Tensor.of(new float[] {-2, 0, 7}, 3, 1).to(type));
    }
    tensors.put("turned", Tensor.arange(6).reshape(2, 3).permute(1, 0));
    tensors.put("part", Tensor.arange(6).narrow(0, 2, 3));
    tensors.put("scalar", Tensor.scalar(5));
    Path path = folder.resolve("new/folder/all.safetensors");
    Safetensors.write(path, tensors, Map.of("format", "pt"));
    var back = Safetensors.read(path);
    assertThat(back.metadata()).containsExactly(Map.entry("format", "pt"));
    assertThat(back.tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
    tensors.forEach(
        (name, tensor) -> {
          var read = back.tensor(name);
          assertThat(read.spec()).as(name).isEqualTo(tensor.spec());
          assertThat(read.toDoubles()).as(name).isEqualTo(tensor.toDoubles());
        });
    assertThat(back.tensor("turned").toFloats()).containsExactly(0, 3, 1, 4, 2, 5);
    assertThat(back.tensor("part").toFloats()).containsExactly(2, 3, 4);
    assertThat(ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN).getLong(0))
        .satisfies(n -> assertThat(n % 8).isZero());
  }

  @Test
  void readsMoreThanOneBufferFull() {
    float[] values = new float[700_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 0.5f;
    }
    Path path = folder.resolve("big.safetensors");
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.put("f32", Tensor.of(values, 700_001));
    tensors.put("f16", Tensor.of(values, 700_001).to(DType.F16));
    Safetensors.write(path, tensors, Map.of());
    var back = Safetensors.read(path);
    assertThat(back.tensor("f32").toFloats()).isEqualTo(values);
    assertThat(back.tensor("f16").host().shorts()).isEqualTo(tensors.get("f16").host().shorts());
    assertThat(back.widened().tensor("f16").dtype()).isEqualTo(DType.F32);
    assertThat(back.widened().tensor("f16").toFloats()).isEqualTo(back.tensor("f16").toFloats());
  }

  @Test
  void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
    Path path = folder.resolve("kept.safetensors");
    Safetensors.write(path, Map.of("w", Tensor.ones(3)), Map.of());
    byte[] before = Files.readAllBytes(path);
    var unwritable = Map.of("w", Tensor.ones(2), "__metadata__", Tensor.ones(1));
    assertThatThrownBy(() -> Safetensors.write(path, unwritable, Map.of()))
        .isInstanceOf(CortadoException.class);
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    path,
                    out -> {
                      out.write(new byte[10]);
                      throw new IOException("disk full");
                    }))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("disk full")
        .hasMessageContaining("kept.safetensors");
    assertThat(Files.readAllBytes(path)).isEqualTo(before);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(path);
    }
    Path below = path.resolve("below.safetensors");
    assertThatThrownBy(() -> Safetensors.write(below, Map.of(), Map.of()))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("below.safetensors");
  }

  @Test
  void aMissingTensorIsNamedTogetherWithSomeThatExist() throws IOException {
    var file = Safetensors.read(copy("good/dtypes.safetensors"));
    assertThatThrownBy(() -> file.tensor("weight"))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("\"weight\"")
        .hasMessageContaining("\"i64\"")
        .hasMessageContaining("10 in all");
  }

  private static void check(Path path, JsonNode expected) {
    var file = Safetensors.read(path);
    assertThat(file.tensors().keySet())
        .as(path.toString())
        .containsExactlyInAnyOrderElementsOf(names(expected.fieldNames()).toList());
    file.tensors()
        .forEach(
            (name, tensor) -> {
              var entry = expected.get(name);
              String stored = entry.get("dtype").asText();
              assertThat(tensor.dtype()).isEqualTo(ElementType.valueOf(stored).dtype());
              assertThat(tensor.shape().toArray())
                  .isEqualTo(JSON.convertValue(entry.get("shape"), int[].class));
              assertThat(StoredBytes.sha256(tensor, ElementType.valueOf(stored)))
                  .as(path + " " + name)
                  .isEqualTo(entry.get("sha256").asText());
            });
  }

  private static void assertRefused(Path path) {
    refusal(path);
  }

  /** Returns the one line with which a file is refused. */
  private static String refusal(Path path) {
    try {
      Safetensors.read(path);
    } catch (CortadoException e) {
      String message = Objects.requireNonNull(e.getMessage());
      assertThat(message).contains(path.getFileName().toString()).doesNotContain("\n");
      return message;
    }
    throw new AssertionError(path + " was read, but should be refused");
  }

  private static Map<String, String> print(TensorFile file) {
    var result = new LinkedHashMap<String, String>();
    file.tensors().forEach((k, t) -> result.put(k, t.toString()));
    return result;
  }

  /** Writes a file with this header and so many zero bytes of data. */
  private Path file(String json, int dataBytes) throws IOException {
    byte[] header = json.getBytes(UTF_8);
    var bytes = ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length).put(header);
    return Files.write(folder.resolve("made.safetensors"), bytes.array());
  }

  private Path copy(String resource) throws IOException {
    Path path = folder.resolve(Path.of(resource).getFileName());
    try (var in = open(resource)) {
      Files.write(path, in.readAllBytes());
    }
    return path;
  }

  private static JsonNode index() throws IOException {
    try (var in = open("index.json")) {
      return JSON.readTree(in);
    }
  }

  private static InputStream open(String resource) {
    return Objects.requireNonNull(SafetensorsTest.class.getResourceAsStream(resource), resource);
  }

  private static Stream<String> names(java.util.Iterator<String> names) {
    return Stream.iterate(names, java.util.Iterator::hasNext, n -> n).map(java.util.Iterator::next);
  }

  private static @Nullable Path golden() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path golden = at.resolveSibling("shared/golden");
      if (Files.exists(golden.resolve("SPEC.md"))) {
        return golden;
      }
    }
    return null;
  }
}
