package dev.cortado.tensor.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.CortadoException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever the bytes, a file is read or refused in one line; nothing else ever happens. */
class SafetensorsProperties {
  private static final byte[] GOOD = good();

  @Property(tries = 3000)
  void damagedFilesAreReadOrRefused(
      @ForAll @Size(min = 1, max = 3) int[] where, @ForAll byte[] what, @ForAll boolean cut) {
    byte[] bytes = GOOD.clone();
    for (int i = 0; i < where.length; i++) {
      int at = Math.floorMod(where[i], bytes.length);
      bytes[at] = what.length == 0 ? (byte) ' ' : what[i % what.length];
    }
    int length = cut ? Math.floorMod(where[0] / 7, bytes.length) : bytes.length;
    readOrRefuse(java.util.Arrays.copyOf(bytes, length));
  }

  @Property(tries = 2000)
  void headersWithOtherNumbersAreReadOrRefused(
      @ForAll long begin, @ForAll long end, @ForAll long a, @ForAll @IntRange(max = 9) int b) {
    String json =
        "{\"w\":{\"dtype\":\"I16\",\"shape\":[%d,%d],\"data_offsets\":[%d,%d]}}"
            .formatted(a, b, begin, end);
    byte[] header = json.getBytes(UTF_8);
    var bytes = ByteBuffer.allocate(8 + header.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    readOrRefuse(bytes.putLong(header.length).put(header).array());
  }

  private static void readOrRefuse(byte[] bytes) {
    try {
      var file = Safetensors.read(new ByteArrayInputStream(bytes), "fuzz");
      long size = file.tensors().values().stream().mapToLong(t -> t.elements()).sum();
      assertThat(size).isLessThanOrEqualTo(bytes.length);
    } catch (CortadoException e) {
      assertThat(Objects.requireNonNull(e.getMessage())).startsWith("fuzz").doesNotContain("\n");
    }
  }

  private static byte[] good() {
    try (var in = SafetensorsProperties.class.getResourceAsStream("good/dtypes.safetensors")) {
      return Objects.requireNonNull(in).readAllBytes();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
