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
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
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
  void whatIsUnfrozenLaterIsTrainedFromThenOn() throws IOException {
    var model = Small.network(3);
    model.freeze("features");
    var plain = settings(3, BadSamples.SKIP);
    var record = train(model, unfreezing(plain, "2:stage.3", "3:stage.1-2"), run());
    assertThat(record.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(record.settings()).containsEntry("unfreeze", "2:stage.3 3:stage.1-2");
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("Epoch 2: stage.3 is trained too", "Epoch 3: stage.1-2 is trained too");
    var start = Small.network(3).state();
    model
        .state()
        .forEach(
            (name, tensor) ->
                assertThat(!Arrays.equals(tensor.toDoubles(), start.get(name).toDoubles()))
                    .as(name)
                    .isEqualTo(!name.startsWith("features.0.")));

    // Until the first epoch with something new, it is the training without anything new.
    var other = Small.network(3);
    other.freeze("features");
    train(other, unfreezing(plain, "3:features"), RunDirectory.at(folder.resolve("other")));
    assertThat(features(other)).isNotEqualTo(features(Small.network(3)));
  }

  private static Settings unfreezing(Settings s, String... stages) {
    return new Settings(
        s.epochs(),
        s.batchSize(),
        s.learningRate(),
        s.weightDecay(),
        s.labelSmoothing(),
        s.clipNorm(),
        s.seed(),
        s.augment(),
        s.badImages(),
        Unfreezing.parse(List.of(stages), s.epochs()));
  }

  private static List<Double> features(Model model) {
    return Arrays.stream(model.state().get("features.1.0.block.0.0.weight").toDoubles())
        .boxed()
        .toList();
  }

  @Test
  void unfreezingHasAFormAndAPlaceInTheTraining() {
    assertThatThrownBy(() -> Unfreezing.parse(List.of("features"), 5))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("EPOCH:PATTERN")
        .hasMessageContaining("'features'");
    assertThatThrownBy(() -> Unfreezing.parse(List.of("6:features"), 5))
        .hasMessageContaining("between 2 and 5");
    assertThatThrownBy(() -> Unfreezing.parse(List.of("1:features"), 5))
        .hasMessageContaining("not frozen");
    assertThatThrownBy(() -> Small.network(3).freeze("stage.2-9"))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("small has the stages 0 to 3, not 2 to 9");
    // Going on after a stop, an epoch unfreezes what those before it would have.
    var schedule = Unfreezing.parse(List.of("2:stage.3", "4:stage.2"), 5);
    var model = Small.network(3);
    model.freeze("features");
    schedule.apply(model, 5);
    var stepwise = Small.network(3);
    stepwise.freeze("features");
    for (int epoch = 1; epoch <= 5; epoch++) {
      schedule.apply(stepwise, epoch);
    }
    assertThat(model.trainableCount()).isEqualTo(stepwise.trainableCount());
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
