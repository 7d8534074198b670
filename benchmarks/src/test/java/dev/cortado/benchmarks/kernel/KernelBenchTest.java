package dev.cortado.benchmarks.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.examples.command.KernelBenchmarks;
import dev.cortado.tensor.CortadoException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelBenchTest {
  private static final KernelResult ROW =
      new KernelResult("add", "4x4", 2, 12.3456, "GB/s", 87.6543);

  /** The rows that a reader of the table looks for. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sgemm TT 1024x1024x1024",
        "sgemm NT 197x768x768",
        "conv 1x1 as sgemm 12544x96x16",
        "depthwise 5x5 s2 weight gradient",
        "conv 3x3 s1 input gradient",
        "batch norm \\+ SiLU backward",
        "layer norm forward",
        "softmax backward",
        "GELU forward",
        "^add",
        "sum of all",
        "permute NCHW to NHWC",
        "max pool 3x3 s2 backward",
        "average pool 2x2 s2 forward",
        "global average pool forward",
        "bilinear to twice the size forward",
        "argmax of rows",
        "max of rows",
        "gather rows",
        "sort rows",
        "cumulative sum of rows",
        "cast F16 to F32",
        "cast F32 to F16",
        "step of AdamW",
        "attention backward 8x12x197x64",
        "formula as epilogue"
      })
  void hasTheRow(String pattern) {
    assertThat(Cases.matching(pattern)).isNotEmpty();
  }

  @Test
  void namesAreUniqueAndControlsExist() {
    var names = Cases.all().stream().map(KernelCase::id).toList();
    assertThat(names).doesNotHaveDuplicates();
    for (var row : Cases.all()) {
      if (row.control() != null) {
        assertThat(names).contains(row.control() + " " + row.shape());
      }
    }
  }

  @Test
  void aPreparedCaseRuns() {
    Cases.named("conv 1x1 as sgemm 196x480x80").prepare().get().run();
    for (var row : Cases.matching("pool|bilinear|rows|cast")) {
      row.prepare().get().run();
    }
    assertThat(Cases.named("add 8x96x112x112").work()).isEqualTo(12.0 * 8 * 96 * 112 * 112);
  }

  @Test
  void saysWhatIsWrongWithAPattern() {
    assertThatThrownBy(() -> Cases.matching("sgem(")).hasMessageContaining("'sgem(' is no pattern");
    assertThatThrownBy(() -> Cases.matching("sgmem"))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("no kernel matches 'sgmem'; there are: sgemm NN");
  }

  @Test
  void jsonIsReadAgain(@TempDir Path folder) throws IOException {
    var json = KernelResult.toJson(List.of(ROW, ROW));
    assertThat(json.lines())
        .containsOnlyOnce(
            "  {\"kernel\":\"add\",\"shape\":\"4x4\",\"threads\":2,\"value\":12.346,"
                + "\"unit\":\"GB/s\",\"percentOfLimit\":87.654},");
    var file = folder.resolve("figures.json");
    Files.writeString(file, json);
    assertThat(KernelResult.read(file))
        .hasSize(2)
        .allMatch(row -> row.isRowOf(ROW) && row.value() == 12.346);
  }

  @Test
  void saysWhatIsWrongWithAFile(@TempDir Path folder) throws IOException {
    var file = folder.resolve("figures.json");
    assertThatThrownBy(() -> KernelResult.read(file))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("figures.json cannot be read");
    Files.writeString(file, "[1, 2");
    assertThatThrownBy(() -> KernelResult.read(file))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("is no list of figures");
  }

  @Test
  void showsHowMuchFasterARowIs() {
    var row = new KernelResult("add", "4x4", 2, 24.6912, "GB/s", 90);
    var out = new ByteArrayOutputStream();
    var table =
        new KernelTable(
            new PrintStream(out, true, StandardCharsets.UTF_8), LimitCases.all(), List.of(ROW));
    table.head();
    table.row(row);
    assertThat(out.toString(StandardCharsets.UTF_8).lines().toList().getLast())
        .startsWith("add ")
        .contains("24.7 GB/s", "90 %")
        .endsWith("2.00 x");
  }

  @Test
  void progressFitsALine() {
    assertThat(BenchProgress.line(30, 120, 60, "sgemm NN 1024x1024x1024"))
        .isEqualTo("[#####...............] 30/120, 3:00 left: sgemm NN 1024x1024x1024");
    assertThat(BenchProgress.line(0, 120, 0, "x".repeat(100))).hasSize(79);
  }

  @Test
  void isFoundByTheCommandLine() {
    assertThat(ServiceLoader.load(KernelBenchmarks.class)).hasSize(1);
  }
}
