package dev.cortado.examples.command;

import dev.cortado.autograd.Autograd;
import dev.cortado.examples.drawings.DrawingsDataset;
import dev.cortado.examples.drawings.FoodClass;
import dev.cortado.tensor.Backends;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.RandomKey;
import dev.cortado.training.classify.ClassifierTraining;
import dev.cortado.training.classify.PhotoSet;
import dev.cortado.training.classify.Settings;
import dev.cortado.training.classify.StepMemory;
import dev.cortado.training.run.RunDirectory;
import dev.cortado.training.run.RunRecord;
import dev.cortado.vision.model.Model;
import dev.cortado.vision.model.Models;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Trains a classifier of photos. Whatever can be wrong is looked for before anything slow begins.
 */
@Command(
    name = "train",
    sortOptions = false,
    description = {
      "Trains a model to tell classes of photos apart.",
      "",
      "With no options at all it draws pizzas, steaks and sushi, takes the bundled"
          + " EfficientNet-Lite0 that has seen a million photos, and trains a new head on it. Each"
          + " epoch prints a row; the folder of the run keeps the best and the last weights,"
          + " run.json with all figures, curves.png, predictions.png, and TensorBoard's events.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  cortado train",
      "      the whole job on drawings, without a network",
      "  cortado train --data photos",
      "      your photos, the bundled pretrained model: seconds",
      "  cortado train --data photos --freeze none --epochs 5 --lr 3e-4 --augment",
      "      every layer is trained: slower, needs more photos, can get further",
      "  cortado train --data photos --freeze none \\",
      "      --weights runs/first/best.safetensors",
      "      goes on from an earlier run, with its head",
      "  cortado train --data photos --model vit_tiny_patch16_224 \\",
      "      --weights vit_tiny_patch16_224.safetensors",
      "      another model, with weights in PyTorch's names"
    })
public final class TrainCommand implements Runnable {
  private static final int SHEET_TILES = 24;

  private static final List<String> DRAWN =
      Arrays.stream(FoodClass.values()).map(FoodClass::label).sorted().toList();

  @Mixin private TrainOptions options = new TrainOptions();
  @Mixin private Resources resources = new Resources();

  /** Creates the command; picocli fills it. */
  public TrainCommand() {}

  @Override
  public void run() {
    resources.apply();
    options.check();
    var console = System.out;
    var source = WeightsSource.of(options.model, options.weights);
    var pattern = options.freezing(source);
    var drawings = DrawingsDataset.standard();
    var given = Optional.ofNullable(options.data).map(TrainingData::open);
    var classes = given.map(d -> d.train().classes()).orElse(DRAWN);
    int photos = given.map(d -> d.train().size()).orElse(DRAWN.size() * drawings.trainPerClass());
    checkPlan(classes.size(), photos, pattern);

    var network = Models.define(options.model, classes.size());
    var loaded = source.loadInto(network, RandomKey.of(options.seed));
    if (source.pretrained() && !loaded.classes().equals(classes)) {
      // Small first logits: a head drawn as for training from nothing would drown what the features
      // say. The head of a run on the same classes stays.
      network.replaceHead(classes.size(), RandomKey.of(options.seed));
    }
    var out = Optional.ofNullable(options.out).map(RunDirectory::at);
    var data = given.orElseGet(() -> TrainingData.drawings(drawings, console));
    freeze(network, pattern);
    var settings = options.settings(network);
    var folder = out.orElseGet(() -> newFolder(data.root()));
    describe(console, network, loaded, data, pattern);
    var record = RunRecord.start(setup(network, loaded, data, settings, pattern), version());
    var training =
        new ClassifierTraining(network, loaded.preset(), settings, folder, record, console);
    var trainSet =
        new PhotoSet(data.train(), loaded.preset(), options.augmentation(loaded.preset()));
    var testSet = new PhotoSet(data.test(), loaded.preset(), Optional.empty());
    var finished =
        options.detectAnomalies
            ? Autograd.detectAnomalies(() -> training.run(trainSet, testSet))
            : training.run(trainSet, testSet);
    TrainReport.print(console, finished, folder);
    var guesses = Predictions.some(network, loaded.preset(), data.test(), SHEET_TILES);
    boolean sheet = Predictions.sheet(guesses, data.noun(), finished, folder);
    TrainReport.print(console, guesses, sheet ? folder.predictions() : null);
    console.printf("%nAsk it about a photo: ./cortado predict --run %s IMAGE%n", folder.path());
  }

  /** Finds out what cannot work on a model without numbers, which costs nothing. */
  private void checkPlan(int classes, int photos, String pattern) {
    var plan = Models.define(options.model, classes);
    freeze(plan, pattern);
    if (plan.trainableCount() == 0) {
      throw new CortadoException(
          "nothing is left to train: --freeze " + pattern + " freezes everything; leave the head");
    }
    options.unfreezing().apply(plan, options.epochs); // the most that is trained at a time
    boolean once = plan.featuresFrozen() && !options.augment;
    StepMemory.ofTraining(plan)
        .require(
            (once ? "computing features with " : "a training step of ") + options.model,
            Math.min(options.batchSize, photos),
            "--batch-size %d");
  }

  private static void freeze(Model network, String pattern) {
    if (!pattern.equals(WeightsSource.NONE)) {
      network.freeze(pattern);
    }
  }

  private RunDirectory newFolder(Path root) {
    var experiment = root.toAbsolutePath().normalize().getFileName();
    return RunDirectory.create(
        RunDirectory.ROOT,
        LocalDate.now(ZoneId.systemDefault()),
        experiment == null ? "photos" : experiment.toString(),
        options.model,
        options.epochs + "_epochs");
  }

  private RunRecord.Setup setup(
      Model network,
      WeightsSource.Loaded loaded,
      TrainingData data,
      Settings settings,
      String pattern) {
    var all = new LinkedHashMap<String, @Nullable Object>(settings.toMap());
    all.put("freeze", pattern);
    all.put("trainable_parameters", network.trainableCount());
    return new RunRecord.Setup(
        options.model,
        loaded.used().orElse(null),
        data.used(),
        options.seed,
        Map.copyOf(all),
        Backends.current().name(),
        Parallel.threads());
  }

  private void describe(
      PrintStream console,
      Model network,
      WeightsSource.Loaded loaded,
      TrainingData data,
      String pattern) {
    console.printf(
        Locale.ROOT,
        """
        Model    %s, %,d parameters, %,d to train (frozen: %s)
        Weights  %s
        %-8s %,d to train, %,d to test; classes: %s
        Machine  %s, %d thread%s
        """,
        options.model,
        network.parameterCount(),
        network.trainableCount(),
        pattern,
        loaded.description(),
        data.noun().substring(0, 1).toUpperCase(Locale.ROOT) + data.noun().substring(1),
        data.train().size(),
        data.test().size(),
        String.join(", ", data.train().classes()),
        Backends.current().description(),
        Parallel.threads(),
        Parallel.threads() == 1 ? "" : "s");
  }

  private static String version() {
    var version = TrainCommand.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
