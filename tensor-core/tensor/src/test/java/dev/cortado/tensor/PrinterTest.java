package dev.cortado.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.io.Npz;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PrinterTest {
  /** What NumPy's array2string made of an array of printing.npz. */
  private record Sample(String name, int precision, String text) {
    @Override
    public String toString() {
      return name + ", precision " + precision;
    }
  }

  @TempDir private static Path folder;

  private static InputStream open(String name) {
    return Objects.requireNonNull(PrinterTest.class.getResourceAsStream(name), name);
  }

  static List<Sample> samples() throws IOException {
    try (var in = open("printing.txt")) {
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      var samples = new ArrayList<Sample>();
      for (var part : ("\n" + text.strip()).split("\n== ")) {
        if (!part.isEmpty()) {
          var lines = part.split("\n", 2);
          var head = lines[0].split(" ");
          samples.add(new Sample(head[0], Integer.parseInt(head[1]), lines[1]));
        }
      }
      return samples;
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void looksLikeNumpys(Sample sample) throws IOException {
    var file = folder.resolve("printing.npz");
    if (!Files.exists(file)) {
      try (var in = open("printing.npz")) {
        Files.write(file, in.readAllBytes());
      }
    }
    var x = Npz.read(file).tensor(sample.name);
    var body =
        x.dtype() == DType.BOOL
            ? sample.text.replace("True", "true").replace("False", "false")
            : sample.text;
    var gap = body.contains("\n") ? "\n" : " ";
    assertThat(x.toString(sample.precision)).isEqualTo("Tensor " + x.spec() + gap + body);
  }

  @Test
  void saysTypeAndShapeFirst() {
    assertThat(Tensor.scalar(1.5)).hasToString("Tensor F32[] 1.5");
    assertThat(Tensor.vector(1, 2.5)).hasToString("Tensor F32[2] [1. , 2.5]");
    assertThat(Tensor.of(new float[] {1, -2, 3, 4}, 2, 2))
        .hasToString("Tensor F32[2, 2]\n[[ 1., -2.],\n [ 3.,  4.]]");
    assertThat(Tensor.zeros(2, 0)).hasToString("Tensor F32[2, 0] []");
  }

  @Test
  void showsViewsInTheirOwnOrder() {
    var x = Tensor.arange(6).reshape(2, 3);
    assertThat(x.t().narrow(0, 1, 2)).hasToString("Tensor F32[2, 2]\n[[1., 4.],\n [2., 5.]]");
    assertThat(Tensor.scalar(7).expand(2, 2))
        .hasToString("Tensor F32[2, 2]\n[[7., 7.],\n [7., 7.]]");
  }

  @Test
  void sixteenBitNumbersHaveAsFewDigitsAsTheyNeed() {
    var x = Tensor.vector(0.1, 3.140625, -1e-3);
    assertThat(x.to(DType.BF16)).hasToString("Tensor BF16[3] [ 1.00e-01,  3.14e+00, -9.99e-04]");
    assertThat(Tensor.vector(0.1, 1.1).to(DType.BF16)).hasToString("Tensor BF16[2] [0.1, 1.1]");
  }

  @Test
  void tensorsWithoutNumbersHaveAShape() {
    assertThat(Backends.shapesOnly(() -> Tensor.zeros(2, 3))).hasToString("Tensor F32[2, 3]");
    Tensor stale;
    try (var scope = Scope.open()) {
      stale = Tensor.ones(3).add(1);
    }
    assertThat(stale)
        .hasToString("Tensor F32[3] (stale: made by add inside a Scope that is closed)");
  }
}
