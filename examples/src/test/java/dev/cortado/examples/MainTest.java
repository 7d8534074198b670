package dev.cortado.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cortado.tensor.Backends;
import dev.cortado.vision.model.Models;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

  @BeforeEach
  void listen() {
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setOut(out);
    System.setErr(err);
  }

  @Test
  void saysItsVersion() {
    assertThat(Main.run("--version")).isZero();
    assertThat(printed.toString(StandardCharsets.UTF_8)).startsWith("Cortado ");
  }

  @Test
  void helpIsAnOptionAndAWord() {
    assertThat(Main.run("help", "summary")).isZero();
    var asWord = printed.toString(StandardCharsets.UTF_8);
    printed.reset();
    assertThat(Main.run("summary", "--help")).isZero();
    assertThat(asWord)
        .contains("Usage: cortado summary")
        .isEqualTo(printed.toString(StandardCharsets.UTF_8));
  }

  @Test
  void wrongInputGetsOneLineAndExitCode2() {
    assertThat(Main.run("--versoin")).isEqualTo(2);
    assertThat(complained.toString(StandardCharsets.UTF_8).lines())
        .singleElement()
        .asString()
        .contains("--versoin", "did you mean --version?");
    assertThat(printed.size()).isZero();
    complained.reset();
    for (var typed : new String[] {"xyzzy", "foo", "serve"}) {
      assertThat(Main.run(typed)).isEqualTo(2);
    }
    assertThat(complained.toString(StandardCharsets.UTF_8))
        .contains("'xyzzy'", "'foo'", "'serve'")
        .doesNotContain("did you mean");
  }

  @Test
  void aSmallerBatchIsAdvisedOnlyWhereThereAreBatches() {
    var commands = new CommandLine(new Main());
    commands.parseArgs("train", "--epochs", "3");
    assertThat(Main.hasBatchSize(commands)).isTrue();
    commands.parseArgs("predict", "--run", "x", "y.jpg");
    assertThat(Main.hasBatchSize(commands)).isFalse();
    commands.parseArgs();
    assertThat(Main.hasBatchSize(commands)).isFalse();
  }

  @Test
  void jshellKnowsTheLibraryAndComputesFast(@TempDir Path folder) throws IOException {
    var snippets =
        """
        System.out.println(Tensor.arange(6).reshape(2, 3).sum(0))
        System.out.println(new Linear(2, 3).kind())
        System.out.println("backend " + Backends.current().name())
        x.nothing()
        /exit
        """;
    var file = Files.writeString(folder.resolve("mine.jsh"), snippets);
    assertThat(Main.run("jshell", file.toString())).isZero();
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("Tensor F32[3] [3., 5., 7.]", "Linear")
        .contains("backend " + Backends.current().name())
        .doesNotContain("ncubat");
    assertThat(complained.toString(StandardCharsets.UTF_8))
        .contains("cannot find symbol")
        .doesNotContain("ncubat");
    assertThat(Main.run("jshell", folder.resolve("none.jsh").toString())).isEqualTo(2);
    assertThat(complained.toString(StandardCharsets.UTF_8)).contains("there is no file");
  }

  @Test
  void modelsAreForProgramsToo() throws IOException {
    assertThat(Main.run("models", "--json")).isZero();
    var models = new JsonMapper().readTree(printed.toString(StandardCharsets.UTF_8));
    assertThat(models.size()).isEqualTo(Models.names().size());
    int bundled = 0;
    for (var model : models) {
      if (model.get("model").asText().equals("vit_b_16")) {
        assertThat(model.get("weights").get(0).get("parameters").asLong()).isEqualTo(86_567_656);
        assertThat(model.get("weights").get(0).get("url").asText()).startsWith("https://");
      }
      for (var weights : model.get("weights")) {
        bundled += weights.get("bundled").asBoolean() ? 1 : 0;
      }
    }
    assertThat(bundled).isEqualTo(1);
  }
}
