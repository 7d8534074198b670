package dev.cortado.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that NumPy wrote, files that Cortado writes, and files that nobody should have written. */
class NumpyTest {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  @TempDir private Path folder;

  private record Expected(DType dtype, double... values) {}

  /** What numpy wrote under each name, as a 2 × 3 array. */
  private static final Map<String, Expected> ARRAYS =
      Map.ofEntries(
          Map.entry("f2", new Expected(DType.F16, 0.5, -0.0, INF, NAN, 65504, 0x1p-24)),
          Map.entry("f4", new Expected(DType.F32, 1.5, -0.0, INF, NAN, 3.4e38f, Float.MIN_VALUE)),
          Map.entry(
              "f8", new Expected(DType.F64, 1.0 / 3, -0.0, -INF, NAN, 1e300, Double.MIN_VALUE)),
          Map.entry("i1", new Expected(DType.I32, -128, 0, 127, 1, 2, 3)),
          Map.entry("u1", new Expected(DType.I32, 255, 0, 127, 1, 2, 3)),
          Map.entry("i2", new Expected(DType.I32, -32768, 0, 32767, 1, 2, 3)),
          Map.entry("u2", new Expected(DType.I32, 65535, 0, 32768, 1, 2, 3)),
          Map.entry(
              "i4", new Expected(DType.I32, Integer.MIN_VALUE, 0, Integer.MAX_VALUE, 1, 2, 3)),
          Map.entry("u4", new Expected(DType.I64, 0x1p32 - 1, 0, 0x1p31, 1, 2, 3)),
          Map.entry("i8", new Expected(DType.I64, Long.MIN_VALUE, 0, Long.MAX_VALUE, 1, 2, 3)),
          Map.entry("u8", new Expected(DType.I64, Long.MAX_VALUE, 0, 1, 1, 2, 3)),
          Map.entry("b1", new Expected(DType.BOOL, 1, 0, 1, 0, 0, 1)));

  static Stream<String> arrays() {
    return ARRAYS.keySet().stream().sorted();
  }

  private static void check(Tensor x, String name) {
    var expected = Objects.requireNonNull(ARRAYS.get(name));
    assertThat(x.dtype()).isEqualTo(expected.dtype);
    assertThat(x.shape().toArray()).containsExactly(2, 3);
    assertThat(x.toDoubles()).containsExactly(expected.values);
  }

  @ParameterizedTest
  @MethodSource("arrays")
  void readsWhatNumpyWrote(String name) throws IOException {
    check(Npy.read(copy(name + ".npy")), name);
    check(Npy.read(copy(name + "_fortran.npy")), name);
    if (!name.endsWith("1")) {
      check(Npy.read(copy(name + "_big.npy")), name);
    }
    try (var in = open(name + ".npy")) {
      check(Npy.read(in, name), name);
    }
  }

  @Test
  void readsEveryVersionAndRank() throws IOException {
    check(Npy.read(copy("v2.npy")), "f4");
    check(Npy.read(copy("v3.npy")), "f4");
    assertThat(Npy.read(copy("scalar.npy")).item()).isEqualTo(2.5);
    assertThat(Npy.read(copy("scalar.npy")).rank()).isZero();
    assertThat(Npy.read(copy("empty.npy")).shape().toArray()).containsExactly(2, 0, 3);
    assertThat(Npy.read(copy("vector.npy")).toFloats()).containsExactly(0, 1, 2, 3, 4);
    var four = Npy.read(copy("four_fortran.npy"));
    assertThat(four.shape().toArray()).containsExactly(2, 3, 4, 5);
    assertThat(four.toLongs()).isEqualTo(Tensor.arange(120).toLongs());
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain.npz", "deflated.npz"})
  void readsArchives(String name) throws IOException {
    var file = Npz.read(copy(name));
    assertThat(file.tensors().keySet())
        .containsExactly("f2", "f4", "f8", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "b1");
    file.tensors().forEach((key, tensor) -> check(tensor, key));
    assertThatThrownBy(() -> file.tensor("weight")).hasMessageContaining("12 in all");
  }

  @Test
  void readsArchivesOfOtherKinds() throws IOException {
    var large = Npz.read(copy("zip64.npz"));
    check(large.tensor("f4"), "f4");
    check(large.tensor("i8"), "i8");
    assertThat(Npz.read(copy("unnamed.npz")).tensors().keySet()).containsExactly("arr_0", "arr_1");
    assertThat(Npz.read(copy("none.npz")).tensors()).isEmpty();
  }

  /** Byte for byte what NumPy wrote, of every type that both know. */
  @ParameterizedTest
  @ValueSource(strings = {"f2", "f4", "f8", "i4", "i8", "b1"})
  void writesWhatNumpyWrites(String name) throws IOException {
    var path = folder.resolve("written.npy");
    Npy.write(path, Npy.read(copy(name + ".npy")));
    assertThat(Files.readAllBytes(path)).isEqualTo(Files.readAllBytes(copy(name + ".npy")));
    Npy.write(path, Npy.read(copy(name + "_fortran.npy")));
    assertThat(Files.readAllBytes(path)).isEqualTo(Files.readAllBytes(copy(name + "_fortran.npy")));
  }

  @Test
  void writesViewsOfAnyRank() throws IOException {
    var path = folder.resolve("new/folder/x.npy");
    for (var name : new String[] {"scalar", "empty", "vector", "four_fortran"}) {
      Npy.write(path, Npy.read(copy(name + ".npy")));
      assertThat(Files.readAllBytes(path)).isEqualTo(Files.readAllBytes(copy(name + ".npy")));
    }
    var part = Tensor.arange(24).reshape(2, 3, 4).permute(1, 0, 2).narrow(2, 1, 2);
    Npy.write(path, part);
    assertThat(Npy.read(path).toFloats()).isEqualTo(part.toFloats());
    var bf16 = Tensor.arange(3).to(DType.BF16);
    Npy.write(path, bf16);
    assertThat(Npy.read(path).dtype()).isEqualTo(DType.F32);
    assertThat(Npy.read(path).toFloats()).isEqualTo(bf16.toFloats());
  }

  @Test
  void archivesGoThereAndBack() throws IOException {
    var tensors = new LinkedHashMap<String, Tensor>();
    for (var type : new DType[] {DType.F32, DType.F64, DType.F16, DType.I32, DType.I64}) {
      tensors.put("ü " + type, Tensor.arange(300_000).reshape(300, 1000).t().to(type));
    }
    tensors.put("b", Tensor.arange(3).to(DType.BOOL));
    var stored = folder.resolve("stored.npz");
    var deflated = folder.resolve("deflated.npz");
    Npz.write(stored, tensors);
    Npz.writeCompressed(deflated, tensors);
    assertThat(Files.size(deflated)).isLessThan(Files.size(stored) / 2);
    for (var path : new Path[] {stored, deflated}) {
      var back = Npz.read(path).tensors();
      assertThat(back.keySet()).containsExactlyElementsOf(tensors.keySet());
      back.forEach(
          (name, tensor) -> {
            var written = Objects.requireNonNull(tensors.get(name));
            assertThat(tensor.spec()).isEqualTo(written.spec());
            assertThat(tensor.toDoubles()).isEqualTo(written.toDoubles());
          });
    }
    byte[] once = Files.readAllBytes(stored);
    Npz.write(stored, tensors);
    assertThat(Files.readAllBytes(stored)).isEqualTo(once);
  }

  @Test
  void saysWhatIsWrongAndAtWhichByte() throws IOException {
    refuses("bad_complex.npy", "\"<c8\"", "complex");
    refuses("bad_text.npy", "texts");
    refuses("bad_fields.npy", "at byte 20", "fields");
    refuses("bad_dates.npy", "dates");
    refuses("bad_objects.npy", "Python objects");
    refuses("bad_u8_large.npy", "9223372036854775808 at byte 136");
    byte[] good = Files.readAllBytes(copy("f4.npy"));
    refuses(Arrays.copyOf(good, 0), "empty");
    refuses(Arrays.copyOf(good, 9), "ends at byte 9");
    refuses(Arrays.copyOf(good, 100), "should end at byte 128", "ends at byte 100");
    refuses(Arrays.copyOf(good, 151), "should end at byte 152", "at byte 151: it is cut short");
    refuses(Arrays.copyOf(good, 153), "should end at byte 152", "at byte 153");
    refuses(changed(good, 0, "PK\3\4"), "byte 0 is 0x50, should be 0x93", "npz");
    refuses(changed(good, 6, "\4"), "byte 6", "version 4.0");
    refuses(changed(good, 9, "\77"), "byte 8", "16246 bytes long");
    refuses(changed(good, 11, "x"), "at byte 11");
    refuses(header("{'descr': '<f4', 'fortran_order': False, 'shape': (3), }"), "single size");
    refuses(header("{'descr': '<f4', 'fortran_order': False, 'shape': (-3,), }"), "no size");
    refuses(header("{'descr': '<f4', 'fortran_order': False}"), "no 'shape'");
    refuses(header("{'descr': '<f4', 'descr': '<f4'}"), "\"descr\" a second time");
    refuses(header("{'descr': '<f4', 'size': 3}"), "unknown key \"size\"");
    refuses(header("{'descr': '<f4', 'fortran_order': 0}"), "no True or False");
    refuses(header("{'descr': '<f4', 'fortran_order': False, 'shape': (), } x"), "something after");
    refuses(header("{'descr': '<f4' 'shape': ()}"), "no ',' or '}'");
    refuses(header("{'descr': '|f4', 'fortran_order': False, 'shape': (1,)}"), "unknown");
    refuses(
        header("{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536), }"),
        "more elements");
    refuses(
        header("{'descr': '<f4', 'fortran_order': False, 'shape': (" + "9".repeat(30) + ",), }"),
        "too large");
    byte[] truth = Files.readAllBytes(copy("b1.npy"));
    truth[130] = 7;
    refuses(truth, "holds the byte 7 at byte 130");
  }

  @Test
  void damagedArchivesAreRefused() throws IOException {
    byte[] good = Files.readAllBytes(copy("plain.npz"));
    int data = new String(good, StandardCharsets.ISO_8859_1).indexOf("NUMPY") + 130;
    byte[] flipped = good.clone();
    flipped[data] ^= 1;
    refusesArchive(flipped, "\"f2.npy\"", "checksum", "damaged");
    refusesArchive(Arrays.copyOf(good, good.length / 2), "not a usable npz file");
    refusesArchive(new byte[0], "not a usable npz file");
    byte[] npy = Files.readAllBytes(copy("f4.npy"));
    refusesArchive(npy, "not a usable npz file");
    refusesArchive(zip("readme.txt", npy), "\"readme.txt\" is not called");
    refusesArchive(zip("w.npy", Arrays.copyOf(npy, 150)), "\"w.npy\"", "cut short");
    byte[] twice = zip("a.npy", npy, "b.npy", npy);
    for (int i = 0; i < twice.length; i++) {
      twice[i] = twice[i] == 'b' && twice[i + 1] == '.' ? (byte) 'a' : twice[i];
    }
    refusesArchive(twice, "two entries");
  }

  private static byte[] zip(Object... namesAndBytes) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < namesAndBytes.length; i += 2) {
        zip.putNextEntry(new ZipEntry((String) namesAndBytes[i]));
        zip.write((byte[]) namesAndBytes[i + 1]);
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] changed(byte[] bytes, int at, String to) {
    byte[] result = bytes.clone();
    System.arraycopy(to.getBytes(StandardCharsets.ISO_8859_1), 0, result, at, to.length());
    return result;
  }

  private static byte[] header(String text) {
    byte[] bytes = new byte[10 + text.length() + 4];
    System.arraycopy(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}, 0, bytes, 0, 8);
    bytes[8] = (byte) text.length();
    System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, bytes, 10, text.length());
    return bytes;
  }

  private void refuses(String name, String... says) throws IOException {
    var path = copy(name);
    assertThat(refusal(path, () -> Npy.read(path))).contains(says);
  }

  private void refuses(byte[] bytes, String... says) throws IOException {
    var path = Files.write(folder.resolve("bad.npy"), bytes);
    assertThat(refusal(path, () -> Npy.read(path))).contains(says);
    var message = refusal(Path.of("bad"), () -> Npy.read(new ByteArrayInputStream(bytes), "bad"));
    assertThat(message).contains(says);
  }

  private void refusesArchive(byte[] bytes, String... says) throws IOException {
    var path = Files.write(folder.resolve("bad.npz"), bytes);
    assertThat(refusal(path, () -> Npz.read(path))).contains(says);
  }

  /** Returns the one line with which a file is refused. */
  static String refusal(Path path, Runnable reading) {
    try {
      reading.run();
    } catch (CortadoException e) {
      String message = Objects.requireNonNull(e.getMessage());
      assertThat(message).contains(path.getFileName().toString()).doesNotContain("\n");
      return message;
    }
    throw new AssertionError(path + " was read, but should be refused");
  }

  private Path copy(String name) throws IOException {
    try (var in = open(name)) {
      return Files.write(folder.resolve(name), in.readAllBytes());
    }
  }

  private static java.io.InputStream open(String name) {
    return Objects.requireNonNull(NumpyTest.class.getResourceAsStream("numpy/" + name), name);
  }
}
