package dev.cortado.examples.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.training.run.DataUsed;
import dev.cortado.training.run.EpochFigures;
import dev.cortado.training.run.RunDirectory;
import dev.cortado.training.run.RunRecord;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainReportTest {
  /** A run of 20 test pictures with so many right after each epoch. */
  private static RunRecord run(int... right) {
    var data = new DataUsed("photos", "0", List.of("a", "b"), 40, 20);
    var setup = new RunRecord.Setup("m", null, data, 1, Map.of(), "simd", 1);
    var record = RunRecord.start(setup, "test");
    for (int i = 0; i < right.length; i++) {
      record =
          record.withEpoch(
              new EpochFigures(i + 1, 1, 0.5, 1, right[i] / 20.0, right[i], 20, 1, 1, 1), i);
    }
    return record.finished(3);
  }

  private static String report(RunRecord record) {
    var bytes = new ByteArrayOutputStream();
    TrainReport.print(
        new PrintStream(bytes, true, StandardCharsets.UTF_8),
        record,
        new RunDirectory(Path.of("there")));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** The headline is the last epoch, which nobody chose; the better one is named with its flaw. */
  @Test
  void saysThatTheTestHasChosenTheBestEpoch() {
    assertThat(report(run(10, 19, 18)))
        .contains("Test accuracy 0.9000 (18 of 20)")
        .contains("Best was epoch 2 with 0.9500")
        .contains("flatters");
    assertThat(report(run(10, 18))).contains("0.9000 (18 of 20)").doesNotContain("Best was");
  }

  @Test
  void sheetsCallTheirPicturesWhatTheyAre() {
    assertThat(Predictions.title("drawings", run(19)))
        .isEqualTo("m: 95.0 % of 20 test drawings right");
    assertThat(Predictions.title("photos", run(19))).endsWith("test photos right");
  }

  @Test
  void whatOneWaitsForStandsInOneLineAndDisappears() {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    try (var waiting = new Waiting(out, true)) {
      waiting.on("reading");
      waiting.on("x".repeat(200));
      assertThat(bytes.toString(StandardCharsets.UTF_8))
          .isEqualTo("reading\r       \r" + "x".repeat(76) + "...");
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8)).endsWith("\r" + " ".repeat(79) + "\r");
    bytes.reset();
    try (var waiting = new Waiting(out, false)) {
      waiting.on("reading");
    }
    assertThat(bytes.size()).isZero();
  }
}
