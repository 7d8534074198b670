package dev.cortado.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import dev.cortado.training.data.Skipped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecordTest {
  private static final Hardware MACHINE =
      new Hardware("Imaginary 9000", 2, "Linux 6", "amd64", "OpenJDK 25", 1 << 30, 1L << 33);
  private static final EpochFigures FIRST =
      new EpochFigures(1, 0.9, 0.6, 0.5, 0.84, 63, 75, 2.5, 120, 0.001);
  private static final EpochFigures SECOND =
      new EpochFigures(2, 0.4, 0.9, 0.25, 0.96, 72, 75, 2.25, 125, 0.001);

  @TempDir Path folder;

  private static RunRecord started() {
    var settings = new LinkedHashMap<String, Object>();
    settings.put("lr", 0.001);
    settings.put("batch_size", 32);
    settings.put("freeze", "features");
    var setup =
        new RunRecord.Setup(
            "efficientnet_lite0",
            new WeightsUsed("lite0.safetensors", "ab12"),
            new DataUsed("data/food", "cd34", List.of("pizza", "steak", "sushi"), 225, 75),
            42,
            settings,
            "simd",
            2);
    return RunRecord.start(setup, "0.1.0", Instant.parse("2026-11-21T10:00:00.5Z"), MACHINE);
  }

  @Test
  void theFileIsWhatItsDocumentationSays() {
    var record =
        started()
            .withEpoch(FIRST, 3)
            .withEpoch(SECOND, 5.5)
            .withSkipped(List.of(new Skipped("train/pizza/1.jpg", "truncated JPEG")))
            .finished(6.25);
    assertThat(record.toJson())
        .isEqualTo(
            """
            {
              "status" : "finished",
              "error" : null,
              "model" : "efficientnet_lite0",
              "test_accuracy" : 0.96,
              "test_correct" : 72,
              "test_images" : 75,
              "test_loss" : 0.25,
              "seconds" : 6.25,
              "started" : "2026-11-21T10:00:00Z",
              "version" : "0.1.0",
              "seed" : 42,
              "settings" : {
                "batch_size" : 32,
                "freeze" : "features",
                "lr" : 0.001
              },
              "weights" : {
                "name" : "lite0.safetensors",
                "sha256" : "ab12"
              },
              "data" : {
                "path" : "data/food",
                "digest" : "cd34",
                "classes" : [
                  "pizza",
                  "steak",
                  "sushi"
                ],
                "train_images" : 225,
                "test_images" : 75
              },
              "backend" : "simd",
              "threads" : 2,
              "hardware" : {
                "cpu" : "Imaginary 9000",
                "cores" : 2,
                "os" : "Linux 6",
                "arch" : "amd64",
                "jvm" : "OpenJDK 25",
                "max_heap_bytes" : 1073741824,
                "memory_bytes" : 8589934592
              },
              "epochs" : [
                {
                  "epoch" : 1,
                  "train_loss" : 0.9,
                  "train_accuracy" : 0.6,
                  "test_loss" : 0.5,
                  "test_accuracy" : 0.84,
                  "test_correct" : 63,
                  "test_images" : 75,
                  "seconds" : 2.5,
                  "images_per_second" : 120.0,
                  "learning_rate" : 0.001
                },
                {
                  "epoch" : 2,
                  "train_loss" : 0.4,
                  "train_accuracy" : 0.9,
                  "test_loss" : 0.25,
                  "test_accuracy" : 0.96,
                  "test_correct" : 72,
                  "test_images" : 75,
                  "seconds" : 2.25,
                  "images_per_second" : 125.0,
                  "learning_rate" : 0.001
                }
              ],
              "skipped" : [
                {
                  "name" : "train/pizza/1.jpg",
                  "reason" : "truncated JPEG"
                }
              ]
            }
            """);
  }

  @Test
  void whatIsWrittenIsRead() {
    var file = folder.resolve("run.json");
    var record = started();
    for (var state :
        List.of(
            record,
            record.withEpoch(FIRST, 3),
            record.withEpoch(FIRST, 3).withEpoch(SECOND, 6).finished(7),
            record.withEpoch(FIRST, 3).failed("too little memory", 4))) {
      state.write(file);
      assertThat(RunRecord.read(file)).isEqualTo(state);
    }
  }

  @Test
  void aRunThatHasOnlyStartedHasNoFigures() {
    var record = started();
    assertThat(record.status()).isEqualTo(RunStatus.RUNNING);
    assertThat(record.testAccuracy()).isNull();
    assertThat(record.toJson()).contains("\"status\" : \"running\"", "\"test_loss\" : null");
  }

  @Test
  void aFailedRunKeepsItsEpochs() {
    var failed = started().withEpoch(FIRST, 3).failed("photo.jpg: truncated", 4);
    assertThat(failed.status()).isEqualTo(RunStatus.FAILED);
    assertThat(failed.error()).isEqualTo("photo.jpg: truncated");
    assertThat(failed.epochs()).containsExactly(FIRST);
    assertThat(failed.testCorrect()).isEqualTo(63);
  }

  @Test
  void aLossThatIsNoNumberStaysReadable() {
    var file = folder.resolve("run.json");
    var infinite = Double.POSITIVE_INFINITY;
    var diverged = new EpochFigures(1, Double.NaN, 0.3, infinite, 0.3, 22, 75, 1, 1, 1e9);
    var record = started().withEpoch(diverged, 1);
    record.write(file);
    assertThat(RunRecord.read(file)).isEqualTo(record);
    assertThat(record.toJson()).contains("\"train_loss\" : \"NaN\"");
  }

  @Test
  void aRecordOfALaterVersionIsRead() throws IOException {
    var file = folder.resolve("run.json");
    Files.writeString(file, started().toJson().replaceFirst("\\{", "{ \"something_new\" : [1],"));
    assertThat(RunRecord.read(file)).isEqualTo(started());
  }

  @Test
  void otherFilesAreRefusedInOneLine() throws IOException {
    for (var text : List.of("", "null", "{}", "[1]", "{\"status\": \"lost\"}", "{\"seed\"", "x")) {
      var file = Files.writeString(folder.resolve("run.json"), text);
      assertThatThrownBy(() -> RunRecord.read(file))
          .as(text)
          .isInstanceOf(CortadoException.class)
          .hasMessageStartingWith(file + " is no run's record: ")
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }
    var absent = folder.resolve("absent");
    assertThatThrownBy(() -> RunRecord.read(absent))
        .isInstanceOf(CortadoException.class)
        .hasMessage("cannot read " + absent + ": no such file or folder");
  }

  @Test
  void settingsAreCopied() {
    var settings = new HashMap<String, Object>(Map.of("lr", 1));
    var data = new DataUsed("d", "x", List.of(), 1, 1);
    var setup = new RunRecord.Setup("m", null, data, 0, settings, "reference", 1);
    var record = RunRecord.start(setup, "0.1.0", Instant.EPOCH, MACHINE);
    settings.put("lr", 2);
    assertThat(record.settings()).containsExactly(Map.entry("lr", 1));
    assertThat(record.weights()).isNull();
  }
}
