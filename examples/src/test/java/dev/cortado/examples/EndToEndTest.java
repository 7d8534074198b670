package dev.cortado.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cortado.examples.drawings.DrawingsDataset;
import dev.cortado.examples.weights.BundledWeights;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.io.Safetensors;
import dev.cortado.tensor.io.Sha256;
import dev.cortado.training.classify.Checkpoint;
import dev.cortado.training.run.RunRecord;
import dev.cortado.training.run.RunStatus;
import dev.cortado.training.tensorboard.EventReader;
import dev.cortado.vision.image.Images;
import dev.cortado.vision.model.Models;
import dev.cortado.vision.weights.Categories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small training as a user starts it, and what is done with its results. */
class EndToEndTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int EACH = 12;

  @TempDir private static Path dir;
  private static Path photos = Path.of("");
  private static Path run = Path.of("");
  private static Cli.Result trained = new Cli.Result(-1, "", "");
  private static int threads;

  @BeforeAll
  static void train() {
    threads = Parallel.threads();
    photos = new DrawingsDataset(EACH, 4, 11).write(dir.resolve("photos"), threads);
    run = dir.resolve("run");
    trained = training(run);
  }

  @AfterAll
  static void restore() {
    Parallel.setThreads(threads);
  }

  private static Cli.Result training(Path out, String... more) {
    var args = new ArrayList<Object>(List.of("train", "--data", photos, "--out", out));
    args.addAll(List.of("--epochs", "2", "--batch-size", "8"));
    args.addAll(List.of(more));
    return Cli.run(args.toArray());
  }

  private static JsonNode record(Path folder) throws IOException {
    return JSON.readTree(folder.resolve("run.json").toFile());
  }

  @Test
  void leavesEverythingInItsFolder() throws IOException {
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.complaints()).isEmpty();
    assertThat(trained.out())
        .contains("3,843 to train (frozen: features)", "36 to train, 12 to test", "train loss")
        .contains("Test accuracy", "curves.png", "cortado predict --run " + run);
    var record = record(run);
    assertThat(record.get("status").asText()).isEqualTo("finished");
    assertThat(record.get("test_images").asInt()).isEqualTo(12);
    double accuracy = record.get("test_accuracy").asDouble();
    assertThat(accuracy).isEqualTo(record.get("test_correct").asInt() / 12.0).isGreaterThan(0.6);
    assertThat(record.get("test_loss").asDouble()).isPositive();
    assertThat(record.get("seconds").asDouble()).isPositive();
    assertThat(record.get("epochs")).hasSize(2);
    assertThat(record.get("data").get("path").asText()).isEqualTo(photos.toString());
    assertThat(record.get("settings").get("learning_rate").asDouble()).isEqualTo(0.005);
    for (var picture : List.of("curves.png", "predictions.png")) {
      assertThat(ImageIO.read(run.resolve(picture).toFile()).getWidth()).isGreaterThan(500);
    }
    var best = Checkpoint.read(run.resolve("best.safetensors"));
    assertThat(best.classes()).containsExactly("pizza", "steak", "sushi");
    assertThat(run.resolve("last.safetensors")).exists();
    try (var files = Files.list(run)) {
      assertThat(files.map(f -> f.getFileName().toString()).filter(f -> f.startsWith(".")))
          .as("temporary files")
          .isEmpty();
    }
  }

  @Test
  void theOpWhereNumbersBlewUpIsNamed() {
    var wild = training(dir.resolve("wild"), "--lr", "1e38", "--detect-anomalies");
    assertThat(wild.code()).isEqualTo(2);
    assertThat(wild.complaints()).hasSize(1);
    assertThat(wild.complaints().getFirst())
        .containsPattern("(NaN|infinity) at \\[.*in layer \\w+");
  }

  @Test
  void tensorBoardFindsTheCurves() throws IOException {
    try (var files = Files.list(run)) {
      var events = files.filter(f -> f.toString().contains("tfevents")).toList();
      assertThat(events).hasSize(1);
      var scalars = EventReader.scalars(events.getFirst());
      assertThat(scalars)
          .containsOnlyKeys(
              "loss/train",
              "loss/test",
              "accuracy/train",
              "accuracy/test",
              "speed/images_per_second",
              "learning_rate");
      assertThat(scalars.values()).allMatch(points -> points.size() == 2);
    }
  }

  @Test
  void theSameSeedGivesTheSameBitsWithAnyNumberOfThreads() throws IOException {
    for (var more : List.of(List.<String>of(), List.of("--threads", "1"))) {
      var again = dir.resolve("again" + more.size());
      assertThat(training(again, more.toArray(String[]::new)).code()).isZero();
      assertThat(Sha256.file(again.resolve("last.safetensors")))
          .isEqualTo(Sha256.file(run.resolve("last.safetensors")));
      assertThat(untimed(record(again).get("epochs")))
          .isEqualTo(untimed(record(run).get("epochs")));
    }
    var other = dir.resolve("other");
    training(other, "--seed", "43");
    assertThat(Sha256.file(other.resolve("last.safetensors")))
        .isNotEqualTo(Sha256.file(run.resolve("last.safetensors")));
  }

  private static JsonNode untimed(JsonNode epochs) {
    epochs.forEach(epoch -> ((ObjectNode) epoch).remove(List.of("seconds", "images_per_second")));
    return epochs;
  }

  @Test
  void predictsInWordsAndInJson() throws IOException {
    var pizza = photos.resolve("test/pizza/pizza-0001.jpg");
    var sushi = photos.resolve("test/sushi/sushi-0002.jpg");
    var words = Cli.run("predict", "--run", run, pizza, sushi);
    assertThat(words.code()).isZero();
    assertThat(words.out().lines()).hasSize(2);
    assertThat(words.out()).contains(pizza + ":", " %", " ms)");

    var json = Cli.run("predict", "--run", run, "--json", "--top", "2", pizza, sushi);
    assertThat(json.code()).isZero();
    var answers = JSON.readTree(json.out());
    assertThat(answers).hasSize(2);
    for (var answer : answers) {
      assertThat(answer.get("predictions")).hasSize(2);
      assertThat(answer.get("milliseconds").asDouble()).isPositive();
    }
    var first = answers.get(0).get("predictions");
    assertThat(first.get(0).get("class").asText()).isEqualTo("pizza");
    assertThat(first.get(0).get("probability").asDouble())
        .isGreaterThanOrEqualTo(first.get(1).get("probability").asDouble())
        .isBetween(1 / 3.0, 1.0);
  }

  /** The count over a folder is the test accuracy of the epoch whose weights answer. */
  @Test
  void ofAFolderItTakesEveryPhotoAndCountsWhatIsRight() throws IOException {
    var last = run.resolve("last.safetensors");
    var words = Cli.run("predict", "--run", last, photos.resolve("test"));
    assertThat(words.code()).as(words.err()).isZero();
    assertThat(words.out().lines()).hasSize(13);
    long right = record(run).get("test_correct").asLong();
    assertThat(words.out().lines().reduce((a, b) -> b).orElseThrow())
        .startsWith(right + " of 12 right (")
        .contains("names of their folders");

    var json = Cli.run("predict", "--run", last, "--json", photos.resolve("test/sushi"));
    var answers = JSON.readTree(json.out());
    assertThat(answers).hasSize(4);
    for (var answer : answers) {
      assertThat(answer.get("truth").asText()).isEqualTo("sushi");
    }
    // A photo that is named by itself may lie anywhere: nothing is said of its folder.
    var one = photos.resolve("test/sushi/sushi-0002.jpg");
    assertThat(Cli.run("predict", "--run", last, one).out()).doesNotContain("right");
    var mute = JSON.readTree(Cli.run("predict", "--run", last, "--json", one).out());
    assertThat(mute.get(0).has("truth")).isFalse();
  }

  @Test
  void withoutARunTheBundledNetworkAnswers() throws IOException {
    var pizza = photos.resolve("test/pizza/pizza-0001.jpg");
    var words = Cli.run("predict", pizza);
    assertThat(words.code()).as(words.err()).isZero();
    assertThat(words.out()).startsWith("No --run given").contains(pizza + ":  ");
    var json = Cli.run("predict", "--json", "--top", "1000", pizza);
    var names = new ArrayList<String>();
    double sum = 0;
    for (var answer : JSON.readTree(json.out()).get(0).get("predictions")) {
      names.add(answer.get("class").asText());
      sum += answer.get("probability").asDouble();
    }
    var network = Models.define("tf_efficientnet_lite0", 1000);
    BundledWeights.loadInto(network);
    network.eval();
    var preset = BundledWeights.LITE0.preset();
    var logits = network.apply(preset.batch(List.of(Images.read(pizza))));
    assertThat(names.getFirst())
        .isEqualTo(Categories.IMAGENET.names().get((int) logits.argmax(1).item()));
    assertThat(names).hasSize(1000);
    assertThat(sum).isCloseTo(1, within(1e-5));
  }

  @Test
  void aPhotoThatCannotBeReadDoesNotHinderTheOthers() throws IOException {
    var broken = Files.writeString(dir.resolve("broken.jpg"), "no picture");
    var pizza = photos.resolve("test/pizza/pizza-0001.jpg");
    var words = Cli.run("predict", "--run", run, broken, pizza, dir.resolve("none.jpg"));
    assertThat(words.code()).isEqualTo(2);
    assertThat(words.complaints()).hasSize(2);
    assertThat(words.complaints().getFirst()).contains("broken.jpg: not an image");
    assertThat(words.out().lines()).singleElement().asString().contains("pizza-0001.jpg: ");
    var json = Cli.run("predict", "--run", run, "--json", broken, pizza);
    assertThat(json.code()).isEqualTo(2);
    assertThat(JSON.readTree(json.out()).get(0).get("error").asText()).contains("not an image");
  }

  /** With a learning rate of nearly nothing the result is that of the run it goes on from. */
  @Test
  void goesOnFromARunWithItsHead() throws IOException {
    var again = dir.resolve("on");
    var weights = run.resolve("last.safetensors").toString();
    var result = training(again, "--weights", weights, "--lr", "1e-12");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(record(again).get("weights").get("name").asText()).isEqualTo("last.safetensors");
    assertThat(record(again).get("test_loss").asDouble())
        .isCloseTo(record(run).get("test_loss").asDouble(), within(1e-5));
  }

  @Test
  void trainsEveryLayerWhenNothingIsFrozen() throws IOException {
    var few = Samples.photos(dir.resolve("few"), 2);
    var whole = dir.resolve("whole");
    var result =
        Cli.run(
            "train",
            "--data",
            few,
            "--freeze",
            "none",
            "--epochs",
            "3",
            "--batch-size",
            "3",
            "--out",
            whole);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("3,374,851 to train (frozen: none)");
    var epochs = record(whole).get("epochs");
    assertThat(epochs.get(2).get("train_loss").asDouble())
        .isLessThan(epochs.get(0).get("train_loss").asDouble());
    var before = BundledWeights.read().widened().tensor("bn1.running_mean").toFloats();
    var after = Safetensors.read(whole.resolve("last.safetensors"));
    assertThat(after.tensor("features.0.1.running_mean").toFloats()).isNotEqualTo(before);
  }

  @Test
  void badPhotosAreSkippedAndNamedOrFailTheRun() throws IOException {
    var some = Samples.photos(dir.resolve("some"), 2);
    Files.writeString(some.resolve("train/sea/notes.jpg"), "no picture");
    var cut = some.resolve("train/leaf/1.jpg");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 900));
    var skipped = Cli.run("train", "--data", some, "--epochs", "1", "--out", dir.resolve("skip"));
    assertThat(skipped.code()).as(skipped.err()).isZero();
    assertThat(skipped.out())
        .contains("2 photos could not be read")
        .contains("notes.jpg: not an image")
        .contains("1.jpg: truncated");
    assertThat(RunRecord.read(dir.resolve("skip/run.json")).skipped()).hasSize(2);

    var fail = dir.resolve("fail");
    var failed = Cli.run("train", "--data", some, "--bad-images", "fail", "--out", fail);
    assertThat(failed.code()).isEqualTo(2);
    assertThat(failed.complaints()).hasSize(1);
    assertThat(failed.complaints().getFirst()).contains(".jpg: ");
    assertThat(record(fail).get("status").asText()).isEqualTo("failed");
    assertThat(record(fail).get("error").asText()).contains(".jpg");
  }

  @Test
  void forwardTakesTheClassesFromTheWeights() throws IOException {
    var input = dir.resolve("in.safetensors");
    var output = dir.resolve("new/out.safetensors");
    var images = Tensor.full(Shape.of(2, 3, 64, 64), DType.F32, 0.25);
    Safetensors.write(input, Map.of("input", images), Map.of());
    var result =
        Cli.run(
            "forward",
            "--model",
            "tf_efficientnet_lite0",
            "--weights",
            run.resolve("best.safetensors"),
            "--input",
            input,
            "--output",
            output);
    assertThat(result.code()).as(result.err()).isZero();
    var logits = Safetensors.read(output).tensor("logits");
    assertThat(logits.shape()).isEqualTo(Shape.of(2, 3));
    var model = Checkpoint.read(run.resolve("best.safetensors")).restore();
    assertThat(logits.toFloats()).isEqualTo(model.apply(images.channelsLast()).toFloats());
  }

  @Test
  void aKilledRunLeavesWholeFilesAndSaysThatItWasRunning() throws Exception {
    var killed = dir.resolve("killed");
    var process =
        Cli.start(
            dir.resolve("killed.txt"),
            List.of("-Xmx1g"),
            "train",
            "--data",
            Samples.photos(dir.resolve("tiny"), 2),
            "--epochs",
            "100000",
            "--out",
            killed);
    var file = killed.resolve("run.json");
    var deadline = Instant.now().plus(Duration.ofMinutes(2));
    while (!Files.exists(file) || RunRecord.read(file).epochs().isEmpty()) {
      assertThat(process.isAlive()).as(Files.readString(dir.resolve("killed.txt"))).isTrue();
      assertThat(Instant.now()).isBefore(deadline);
      Thread.sleep(50);
    }
    process.destroyForcibly().waitFor();
    var record = RunRecord.read(file);
    assertThat(record.status()).isEqualTo(RunStatus.RUNNING);
    assertThat(record.epochs()).isNotEmpty();
    assertThat(Checkpoint.read(killed.resolve("last.safetensors")).restore().classes())
        .isEqualTo(3);
    var predicted = Cli.run("predict", "--run", killed, dir.resolve("tiny/test/sea/0.jpg"));
    assertThat(predicted.code()).isZero();
  }

  @Test
  void everyCommandExplainsItselfWithin80Columns() {
    for (var command :
        List.of(
            "", "train", "predict", "summary", "forward", "models", "info", "learn", "jshell")) {
      var help = command.isEmpty() ? Cli.run("--help") : Cli.run(command, "--help");
      assertThat(help.code()).isZero();
      assertThat(help.out().lines()).as(command).allMatch(line -> line.length() <= 80);
      assertThat(help.out()).contains("Usage: cortado");
    }
    assertThat(Cli.run().out()).isEqualTo(Cli.run("--help").out());
  }

  @Test
  void tellsWhatThereIs() {
    assertThat(Cli.run("models").out()).contains("vit_b_16", "tf_efficientnet_lite0", "Apache-2.0");
    assertThat(Cli.run("info").out()).contains("Backend", "Threads", "GiB heap");
    assertThat(
            Cli.run("summary", "--model", "vit_b_16", "--classes", "3", "--freeze", "features")
                .out())
        .contains("85,800,963", "2,307", "[1, 3]");
    assertThat(
            Cli.run(
                    "summary",
                    "efficientnet_b0",
                    "--classes",
                    "3",
                    "--freeze",
                    "features",
                    "--json")
                .out())
        .contains("\"parameters\" : 4011391", "\"trainable\" : 3843", "\"training_step_bytes\"");
  }
}
