package dev.cortado.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
  }
}
