package dev.cortado.training.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.training.report.ProgressBar.Mode;
import dev.cortado.training.report.ProgressBar.Style;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private static final Progress SOME = new Progress("epoch 3/10 train", 96, 225, 1.1, "loss 0.412");

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private long nanos;

  private ProgressBar bar(Mode mode) {
    return new ProgressBar("train", 100, out, mode, Style.ASCII, 60, () -> nanos);
  }

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void rendersToTheWidthItIsGiven() {
    assertThat(ProgressBar.render(SOME, 80, Style.ASCII))
        .isEqualTo(
            "epoch 3/10 train ====>-------  42 %  96/225  87 images/s  0:01 left  loss 0.412");
    assertThat(ProgressBar.render(SOME, 61, Style.UNICODE))
        .isEqualTo("epoch 3/10 train ━╸───  42 %  96/225  87 images/s  0:01 left");
    assertThat(ProgressBar.render(SOME, 40, Style.ASCII))
        .isEqualTo("epoch 3/10 train ==>-----  42 %  96/225");
    assertThat(ProgressBar.render(SOME, 20, Style.ASCII)).isEqualTo("epoch 3/10 tr  42 %");
  }

  @Test
  void beginsEmptyAndEndsFull() {
    var begun = new Progress("x", 0, 10, 0, "");
    assertThat(ProgressBar.render(begun, 60, Style.ASCII))
        .isEqualTo("x " + "-".repeat(30) + "   0 %  0/10  -:-- left");
    var done = new Progress("x", 10, 10, 4, "");
    assertThat(ProgressBar.render(done, 60, Style.ASCII))
        .isEqualTo("x " + "=".repeat(19) + " 100 %  10/10  2.5 images/s  0:00 left");
    assertThat(new Progress("x", 0, 0, 0, "").share()).isEqualTo(1);
  }

  @Test
  void aTerminalsLineIsRedrawnAtMostTenTimesASecondAndWiped() {
    try (var bar = bar(Mode.TERMINAL)) {
      for (int i = 0; i < 100; i++) {
        bar.step(1, "");
        nanos += 10_000_000;
      }
    }
    // What stands before the first return, ten drawings, and the blanks that wipe the last.
    var drawings = shown().split("\r");
    assertThat(drawings).hasSize(1 + 10 + 1);
    assertThat(drawings[1]).startsWith("train").contains("1/100");
    assertThat(drawings[10]).contains("91/100");
    assertThat(drawings[11]).isBlank().hasSameSizeAs(drawings[10]);
    assertThat(shown()).endsWith("\r").doesNotContain("\n");
  }

  @Test
  void aShorterDrawingCoversALongerOne() {
    try (var bar = bar(Mode.TERMINAL)) {
      bar.step(1, "a long note here");
      nanos += 1_000_000_000;
      bar.step(1, "");
    }
    var drawings = shown().split("\r");
    assertThat(drawings[2].length()).isGreaterThanOrEqualTo(drawings[1].length());
  }

  @Test
  void elsewhereThereIsALineInTenSeconds() {
    try (var bar = bar(Mode.LINES)) {
      for (int i = 0; i < 25; i++) {
        nanos += 1_000_000_000;
        bar.step(2, "loss 0.5");
      }
    }
    assertThat(shown().lines())
        .containsExactly(
            "train: 20/100, 2.0 images/s, 0:40 left, loss 0.5",
            "train: 40/100, 2.0 images/s, 0:30 left, loss 0.5");
  }

  /** The first step waits for photos and for the compiler. */
  @Test
  void theFirstStepSaysNothingAboutTheRest() {
    try (var bar = bar(Mode.TERMINAL)) {
      nanos += 30_000_000_000L;
      bar.step(10, "");
      nanos += 1_000_000_000L;
      bar.step(10, "");
    }
    var drawings = shown().split("\r");
    assertThat(drawings[1]).contains("10/100  -:-- left").doesNotContain("/s");
    assertThat(drawings[2]).contains("20/100  10 images/s  0:08 left");
  }

  /** Nor does it in a file, not even if it is the only one. */
  @Test
  void aLineHasNoRateBeforeThereIsOne() {
    try (var bar = bar(Mode.LINES)) {
      nanos += 30_000_000_000L;
      bar.step(100, "loss 0.5");
    }
    assertThat(shown().lines()).containsExactly("train: 100/100, -:-- left, loss 0.5");
  }

  @Test
  void silenceIsSilent() {
    try (var bar = bar(Mode.SILENT)) {
      nanos += 100_000_000_000L;
      bar.step(50, "");
    }
    assertThat(shown()).isEmpty();
  }

  @Test
  void timesAreReadable() {
    assertThat(ProgressBar.duration(0.4)).isEqualTo("0:00");
    assertThat(ProgressBar.duration(59.6)).isEqualTo("1:00");
    assertThat(ProgressBar.duration(3723)).isEqualTo("1:02:03");
  }

  @Test
  void theWidthIsTheTerminalsOrEighty() {
    assertThat(ProgressBar.width(Map.of("COLUMNS", "132"))).isEqualTo(132);
    assertThat(ProgressBar.width(Map.of("COLUMNS", "3"))).isEqualTo(80);
    assertThat(ProgressBar.width(Map.of("COLUMNS", "wide"))).isEqualTo(80);
    assertThat(ProgressBar.width(Map.of())).isEqualTo(80);
  }
}
