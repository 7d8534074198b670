package dev.cortado.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever is written is read again, and whatever the bytes, a file is read or refused. */
class NumpyProperties {
  private static final byte[] NPY = bytes("f4_fortran.npy");
  private static final byte[] NPZ = bytes("deflated.npz");

  @Property(tries = 3000)
  void damagedArraysAreReadOrRefused(
      @ForAll @Size(min = 1, max = 3) int[] where, @ForAll byte[] what, @ForAll boolean cut) {
    byte[] bytes = damaged(NPY, where, what, cut);
    try {
      long size = Npy.read(new ByteArrayInputStream(bytes), "fuzz").elements();
      assertThat(size).isLessThanOrEqualTo(bytes.length);
    } catch (CortadoException e) {
      assertThat(Objects.requireNonNull(e.getMessage())).startsWith("fuzz").doesNotContain("\n");
    }
  }

  @Property(tries = 500)
  void damagedArchivesAreReadOrRefused(
      @ForAll @Size(min = 1, max = 3) int[] where, @ForAll byte[] what, @ForAll boolean cut) {
    var path = temporary();
    try {
      Files.write(path, damaged(NPZ, where, what, cut));
      Npz.read(path);
    } catch (CortadoException e) {
      assertThat(Objects.requireNonNull(e.getMessage()))
          .startsWith(path.toString())
          .doesNotContain("\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      delete(path);
    }
  }

  /** Any type, any view, through all three formats: the same spec, the same bits. */
  @Property(tries = 150)
  void whatIsWrittenIsReadAgain(
      @ForAll @Size(max = 4) List<@IntRange(max = 5) Integer> dims,
      @ForAll DType dtype,
      @ForAll int seed) {
    var key = RandomKey.of(seed);
    var x = view(bits(dtype, key, Shape.of(dims.stream().mapToInt(i -> i).toArray())), key);
    var path = temporary();
    try {
      Safetensors.write(path, Map.of("x", x), Map.of());
      same(Safetensors.read(path).tensor("x"), x);
      Npz.write(path, Map.of("x", x));
      var stored = dtype == DType.BF16 ? x.to(DType.F32) : x;
      same(Npz.read(path).tensor("x"), stored);
      Npz.writeCompressed(path, new LinkedHashMap<>(Map.of("x", x)));
      same(Npz.read(path).tensor("x"), stored);
      Npy.write(path, x);
      same(Npy.read(path), stored);
    } finally {
      delete(path);
    }
  }

  private static Tensor bits(DType dtype, RandomKey key, Shape shape) {
    int n = shape.elements();
    Object array =
        switch (dtype) {
          case F32 -> {
            float[] a = new float[n];
            for (int i = 0; i < n; i++) {
              a[i] = Float.intBitsToFloat((int) key.word(i));
            }
            yield a;
          }
          case F64 -> {
            double[] a = new double[n];
            Arrays.setAll(a, i -> Double.longBitsToDouble(key.word(i)));
            yield a;
          }
          case I32 -> {
            int[] a = new int[n];
            Arrays.setAll(a, i -> (int) key.word(i));
            yield a;
          }
          case I64 -> {
            long[] a = new long[n];
            Arrays.setAll(a, key::word);
            yield a;
          }
          case F16, BF16 -> {
            short[] a = new short[n];
            for (int i = 0; i < n; i++) {
              a[i] = (short) key.word(i);
            }
            yield a;
          }
          case BOOL -> {
            byte[] a = new byte[n];
            for (int i = 0; i < n; i++) {
              a[i] = (byte) (key.word(i) & 1);
            }
            yield a;
          }
        };
    return Tensor.wrap(dtype, array, shape);
  }

  private static Tensor view(Tensor x, RandomKey key) {
    var turned = x.permute(key.split("order").permutation(x.rank()));
    for (int axis = 0; axis < turned.rank() && key.word(axis) % 2 == 0; axis++) {
      int from = Math.min(1, turned.dim(axis));
      turned = turned.narrow(axis, from, turned.dim(axis) - from);
    }
    return turned;
  }

  private static void same(Tensor back, Tensor x) {
    assertThat(back.spec()).isEqualTo(x.spec());
    var a = back.contiguous();
    var b = x.contiguous();
    for (int i = 0; i < x.elements(); i++) {
      int at = a.layout().offset() + i;
      int from = b.layout().offset() + i;
      switch (x.dtype()) {
        case I64 -> assertThat(a.host().longs()[at]).isEqualTo(b.host().longs()[from]);
        case F16, BF16 -> assertThat(a.host().shorts()[at]).isEqualTo(b.host().shorts()[from]);
        default ->
            assertThat(Double.compare(a.host().get(at), b.host().get(from)))
                .as("at %d", i)
                .isZero();
      }
    }
  }

  private static byte[] damaged(byte[] good, int[] where, byte[] what, boolean cut) {
    byte[] bytes = good.clone();
    for (int i = 0; i < where.length; i++) {
      int at = Math.floorMod(where[i], bytes.length);
      bytes[at] = what.length == 0 ? (byte) ' ' : what[i % what.length];
    }
    return Arrays.copyOf(bytes, cut ? Math.floorMod(where[0] / 7, bytes.length) : bytes.length);
  }

  private static Path temporary() {
    try {
      return Files.createTempFile("cortado", ".npz");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(String name) {
    try (var in = NumpyProperties.class.getResourceAsStream("numpy/" + name)) {
      return Objects.requireNonNull(in).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
