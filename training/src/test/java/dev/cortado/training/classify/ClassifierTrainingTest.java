package dev.cortado.training.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.io.Safetensors;
import dev.cortado.training.data.BadSamples;
import dev.cortado.training.run.DataUsed;
import dev.cortado.training.run.EpochFigures;
import dev.cortado.training.run.RunDirectory;
import dev.cortado.training.run.RunRecord;
import dev.cortado.training.run.RunStatus;
import dev.cortado.vision.data.ImageSplits;
import dev.cortado.vision.model.Model;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifierTrainingTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @BeforeEach
  void write() throws IOException {
    Small.writePhotos(folder.resolve("photos"), 6);
  }

  private static Settings settings(int epochs, BadSamples badImages) {
    return new Settings(epochs, 6, 0.01, 0.01, 0, 5, 7, false, badImages);
  }

  private RunDirectory run() {
    return RunDirectory.at(folder.resolve("run"));
  }

  private RunRecord train(Model model, Settings settings, RunDirectory run) {
    var splits = ImageSplits.open(folder.resolve("photos"));
    var test = splits.test().orElseThrow();
    var data = new DataUsed("photos", splits.digest(), splits.train().classes(), 18, test.size());
    var setup = new RunRecord.Setup("small", null, data, 7, settings.toMap(), "any", 1);
    var out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    return new ClassifierTraining(
            model, Small.PRESET, settings, run, RunRecord.start(setup, "test"), out)
        .run(
            new PhotoSet(splits.train(), Small.PRESET, Optional.empty()),
            new PhotoSet(test, Small.PRESET, Optional.empty()));
  }

  @Test
  void theWholeNetworkLearnsColours() {
    var run = run();
    var record = train(Small.network(3), settings(6, BadSamples.SKIP), run);
    assertThat(record.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(RunRecord.read(run.record())).isEqualTo(record);
    var epochs = record.epochs();
    assertThat(epochs).hasSize(6);
    assertThat(epochs.getLast().trainLoss()).isLessThan(0.7 * epochs.getFirst().trainLoss());
    assertThat(record.testAccuracy()).isGreaterThan(0.8);
    assertThat(run.curves()).exists();
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("train loss", "6/6");
  }

  @Test
  void theSameSeedGivesTheSameBits() throws IOException {
    var first = run();
    train(Small.network(3), settings(2, BadSamples.SKIP), first);
    var second = RunDirectory.at(folder.resolve("again"));
    train(Small.network(3), settings(2, BadSamples.SKIP), second);
    assertThat(Files.readAllBytes(second.lastCheckpoint()))
        .isEqualTo(Files.readAllBytes(first.lastCheckpoint()));
  }

  @Test
  void theLastCheckpointIsTheModelAndTheBestThatOfTheBestEpoch() throws IOException {
    var run = run();
    var model = Small.network(3);
    var record = train(model, settings(4, BadSamples.SKIP), run);
    var last = Safetensors.read(run.lastCheckpoint());
    assertThat(Checkpoint.of(last).classes()).containsExactly("blue", "green", "red");
    assertThat(Checkpoint.of(last).model()).isEqualTo("small");
    assertThat(Checkpoint.of(last).preset()).isEqualTo(Small.PRESET);
    model
        .state()
        .forEach(
            (name, tensor) ->
                assertThat(last.tensor(name).toDoubles()).as(name).isEqualTo(tensor.toDoubles()));
    var better =
        Comparator.comparingDouble(EpochFigures::testAccuracy)
            .thenComparing(Comparator.comparingDouble(EpochFigures::testLoss).reversed());
    var best = record.epochs().stream().max(better).orElseThrow();
    boolean same = Files.mismatch(run.bestCheckpoint(), run.lastCheckpoint()) < 0;
    assertThat(same).isEqualTo(best.epoch() == record.epochs().size());
  }

  @Test
  void aFailureLeavesItsReasonInTheRecord() throws IOException {
    Files.writeString(folder.resolve("photos/train/red/0.png"), "no picture");
    var run = run();
    assertThatThrownBy(() -> train(Small.network(3), settings(2, BadSamples.FAIL), run))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("0.png");
    var record = RunRecord.read(run.record());
    assertThat(record.status()).isEqualTo(RunStatus.FAILED);
    assertThat(record.error()).contains("0.png");
  }

  @Test
  void aLossThatIsNoNumberStopsTheRunAndSaysWhatMayHelp() {
    var run = run();
    var wild = new Settings(3, 6, 1e30, 0, 0, Double.POSITIVE_INFINITY, 7, false, BadSamples.SKIP);
    assertThatThrownBy(() -> train(Small.network(3), wild, run))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("the loss became")
        .hasMessageContaining("lower learning rate");
    assertThat(RunRecord.read(run.record()).status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void skippedPhotosAreNamedOnceAndTheOthersAreUsed() throws IOException {
    Files.writeString(folder.resolve("photos/train/red/0.png"), "no picture");
    Files.writeString(folder.resolve("photos/test/blue/1.png"), "no picture");
    for (boolean frozen : new boolean[] {false, true}) {
      var model = Small.network(3);
      if (frozen) {
        model.freeze("features");
      }
      var run = RunDirectory.at(folder.resolve("run" + frozen));
      var record = train(model, settings(2, BadSamples.SKIP), run);
      assertThat(record.status()).isEqualTo(RunStatus.FINISHED);
      assertThat(record.testImages()).isEqualTo(17);
      assertThat(record.skipped()).hasSize(2);
      assertThat(record.skipped())
          .allSatisfy(
              skipped -> {
                assertThat(skipped.name()).endsWith(".png");
                assertThat(skipped.reason()).contains("not an image").doesNotContain(".png");
              });
    }
  }

  @Test
  void curvesThatCannotBeDrawnDoNotSpoilTheRun() throws IOException {
    var run = run();
    Files.createDirectories(run.curves().resolve("in the way"));
    var record = train(Small.network(3), settings(1, BadSamples.SKIP), run);
    assertThat(record.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("No curves.png: ");
  }

  @Test
  void settingsAreInTheRecord() {
    assertThat(settings(2, BadSamples.FAIL).toMap())
        .containsAllEntriesOf(Map.of("epochs", 2, "batch_size", 6, "bad_images", "fail"));
  }
}
