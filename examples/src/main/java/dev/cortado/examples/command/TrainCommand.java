package dev.cortado.examples.command;

import dev.cortado.examples.drawings.DrawingsDataset;
import dev.cortado.tensor.Backends;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.RandomKey;
import dev.cortado.training.classify.ClassifierTraining;
import dev.cortado.training.classify.PhotoSet;
import dev.cortado.training.classify.Settings;
import dev.cortado.training.data.BadSamples;
import dev.cortado.training.run.DataUsed;
import dev.cortado.training.run.RunDirectory;
import dev.cortado.training.run.RunRecord;
import dev.cortado.vision.data.ImageFolder;
import dev.cortado.vision.data.ImageSplits;
import dev.cortado.vision.model.Model;
import dev.cortado.vision.model.Models;
import dev.cortado.vision.transform.Augmentation;
import dev.cortado.vision.transform.RandomHorizontalFlip;
import dev.cortado.vision.transform.RandomResizedCrop;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains a classifier of photos. */
@Command(
    name = "train",
    description = {
      "Trains a model to tell classes of photos apart.",
      "",
      "Without --data it draws pizzas, steaks and sushi itself and learns from the drawings."
          + " DIR holds train/ and test/, each with one folder of photos for each class.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  cortado train                                    the whole job, on drawings, offline",
      "  cortado train --data photos                      your photos, the bundled pretrained"
          + " model",
      "  cortado train --data photos --freeze none --lr 3e-4 --epochs 5     train every layer",
      "  cortado train --data photos --model vit_tiny_patch16_224 --weights vit_tiny.safetensors"
    })
public final class TrainCommand implements Runnable {
  private static final int SHEET_TILES = 24;

  @Option(names = "--data", paramLabel = "DIR", description = "Folder with train/ and test/.")
  private @Nullable Path data;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "tf_efficientnet_lite0",
      description = "The model (default: ${DEFAULT-VALUE}). 'cortado models' lists them.")
  private String model = "";

  @Option(
      names = "--weights",
      paramLabel = "FILE|NAME|none",
      description =
          "What it starts from: a .safetensors file, 'bundled', or 'none' for random numbers.")
  private @Nullable String weights;

  @Option(
      names = "--freeze",
      paramLabel = "PATTERN|none",
      description =
          "What stays as it is: 'features' is everything below the head; or names such as"
              + " features.0 or encoder.layers.*, separated by commas. Default: features for"
              + " pretrained weights, else none.")
  private @Nullable String freeze;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "10",
      description = "How often each photo is seen (default: ${DEFAULT-VALUE}).")
  private int epochs;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "32",
      description = "Photos in one step (default: ${DEFAULT-VALUE}).")
  private int batchSize;

  @Option(
      names = "--lr",
      paramLabel = "X",
      description =
          "The largest learning rate; it falls to 0 along a cosine. Default: 0.002 for a head"
              + " alone, else 0.0005.")
  private @Nullable Double learningRate;

  @Option(
      names = "--weight-decay",
      paramLabel = "X",
      defaultValue = "0.01",
      description = "AdamW's weight decay (default: ${DEFAULT-VALUE}).")
  private double weightDecay;

  @Option(
      names = "--label-smoothing",
      paramLabel = "X",
      defaultValue = "0",
      description = "Share of each target spread over all classes (default: ${DEFAULT-VALUE}).")
  private double labelSmoothing;

  @Option(names = "--augment", description = "Crop and flip training photos at random.")
  private boolean augment;

  @Option(
      names = "--bad-images",
      paramLabel = "skip|fail",
      defaultValue = "skip",
      description = "What becomes of photos that cannot be read (default: ${DEFAULT-VALUE}).")
  private String badImages = "";

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "Same seed, same result (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for the results (default: runs/DATE/DATA/MODEL/...).")
  private @Nullable Path out;

  @Mixin private Resources resources = new Resources();

  /** Creates the command; picocli fills it. */
  public TrainCommand() {}

  @Override
  public void run() {
    resources.apply();
    var console = System.out;
    Models.architecture(model);
    checkNumbers();
    var root = data == null ? drawings(console) : data;
    var splits = ImageSplits.open(root);
    var test = splits.test().orElseThrow(() -> noTest(root));
    var network = Models.create(model, splits.train().classes().size(), RandomKey.of(seed));
    var chosen = WeightsChoice.load(network, weights);
    if (chosen.used().isPresent()) {
      // Small first logits: a head drawn as for training from nothing would drown what the features
      // say.
      network.replaceHead(network.classes(), RandomKey.of(seed));
    }
    var pattern =
        freeze != null ? freeze : chosen.used().isPresent() ? "features" : WeightsChoice.NONE;
    if (!pattern.equals(WeightsChoice.NONE)) {
      network.freeze(pattern);
    }
    var settings = settings(network);
    var folder = out != null ? RunDirectory.at(out) : newFolder(root);
    describe(console, network, chosen, splits.train(), test, pattern);
    var record =
        RunRecord.start(setup(network, chosen, splits, test, settings, pattern), version());
    var training =
        new ClassifierTraining(network, chosen.preset(), settings, folder, record, console);
    var trainSet = new PhotoSet(splits.train(), chosen.preset(), augmentation(chosen));
    var testSet = new PhotoSet(test, chosen.preset(), Optional.empty());
    var finished = training.run(trainSet, testSet);
    TrainReport.print(console, finished, folder);
    Predictions.sheet(network, chosen.preset(), test, folder.predictions(), SHEET_TILES, finished);
    console.printf(
        "Look at %s, or predict: ./cortado predict --run %s IMAGE%n",
        folder.predictions(), folder.path());
  }

  /** Refuses bad numbers before anything slow happens. */
  private void checkNumbers() {
    settings(learningRate != null ? learningRate : 1);
  }

  private Settings settings(Model network) {
    return settings(
        learningRate != null ? learningRate : network.featuresFrozen() ? 0.002 : 0.0005);
  }

  private Settings settings(double rate) {
    return new Settings(
        epochs, batchSize, rate, weightDecay, labelSmoothing, seed, augment, policy());
  }

  private BadSamples policy() {
    return switch (badImages) {
      case "skip" -> BadSamples.SKIP;
      case "fail" -> BadSamples.FAIL;
      default ->
          throw new CortadoException("--bad-images must be skip or fail, got '" + badImages + "'");
    };
  }

  private Optional<Augmentation> augmentation(WeightsChoice chosen) {
    return augment
        ? Optional.of(
            new RandomResizedCrop(chosen.preset().crop(), chosen.preset().resampling())
                .then(new RandomHorizontalFlip()))
        : Optional.empty();
  }

  private static Path drawings(PrintStream console) {
    var folder = RunDirectory.ROOT.resolve("drawings");
    console.println("No --data given: drawing pizzas, steaks and sushi into " + folder);
    return DrawingsDataset.standard().write(folder, Parallel.threads());
  }

  private static CortadoException noTest(Path root) {
    return new CortadoException(
        root
            + " has no folder test beside train: without photos that training does not see, nobody"
            + " knows what was learned");
  }

  private RunDirectory newFolder(Path root) {
    var experiment = root.toAbsolutePath().normalize().getFileName();
    return RunDirectory.create(
        RunDirectory.ROOT,
        LocalDate.now(),
        experiment == null ? "photos" : experiment.toString(),
        model,
        epochs + "_epochs");
  }

  private RunRecord.Setup setup(
      Model network,
      WeightsChoice chosen,
      ImageSplits splits,
      ImageFolder test,
      Settings settings,
      String pattern) {
    var all = new LinkedHashMap<String, @Nullable Object>(settings.toMap());
    all.put("freeze", pattern);
    all.put("trainable_parameters", network.trainableCount());
    var used =
        new DataUsed(
            splits.train().root().toString(),
            splits.digest(),
            splits.train().classes(),
            splits.train().size(),
            test.size());
    return new RunRecord.Setup(
        model,
        chosen.used().orElse(null),
        used,
        seed,
        Map.copyOf(all),
        Backends.current().name(),
        Parallel.threads());
  }

  private void describe(
      PrintStream console,
      Model network,
      WeightsChoice chosen,
      ImageFolder train,
      ImageFolder test,
      String pattern) {
    console.printf(
        Locale.ROOT,
        """
        Model    %s, %,d parameters, %,d to train (frozen: %s)
        Weights  %s
        Photos   %d to train, %d to test; classes: %s
        Machine  %s, %d thread%s
        """,
        model,
        network.parameterCount(),
        network.trainableCount(),
        pattern,
        chosen.description(),
        train.size(),
        test.size(),
        String.join(", ", train.classes()),
        Backends.current().description(),
        Parallel.threads(),
        Parallel.threads() == 1 ? "" : "s");
  }

  private static String version() {
    var version = TrainCommand.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
