package dev.cortado.examples.command;

import dev.cortado.tensor.CortadoException;
import dev.cortado.training.classify.Settings;
import dev.cortado.training.classify.Unfreezing;
import dev.cortado.training.data.BadSamples;
import dev.cortado.vision.image.Preset;
import dev.cortado.vision.model.Model;
import dev.cortado.vision.model.Models;
import dev.cortado.vision.transform.Augmentation;
import dev.cortado.vision.transform.RandomHorizontalFlip;
import dev.cortado.vision.transform.RandomResizedCrop;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a user may choose about a training. */
final class TrainOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Your photos: DIR/train/CLASS/*.jpg to learn from and DIR/test/CLASS/*.jpg to be tested"
              + " with. Without it: drawings.")
  @Nullable Path data;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "tf_efficientnet_lite0",
      description = "The model (default: ${DEFAULT-VALUE}). 'cortado models' lists them.")
  String model = "";

  @Option(
      names = "--weights",
      paramLabel = "FILE|NAME|none",
      description =
          "What it starts from: a .safetensors file (published weights, or the checkpoint of a"
              + " run), 'bundled', or 'none' for random numbers. Default: the bundled ones, where"
              + " the model has them.")
  @Nullable String weights;

  @Option(
      names = "--freeze",
      paramLabel = "PATTERN|none",
      description =
          "What stays as it is. 'features' is everything below the head; other patterns are names"
              + " of layers as 'cortado summary' shows them, such as 'encoder' or 'features.[0-5]',"
              + " or stages: 'stage.0-3'. Separate several by commas. Default: 'features' for"
              + " pretrained weights, else 'none'.")
  private @Nullable String freeze;

  @Option(
      names = "--unfreeze",
      paramLabel = "EPOCH:PATTERN",
      description =
          "What is frozen at first and trained from an epoch on, such as '3:features' or"
              + " '5:stage.6-8'. May be given several times.")
  private List<String> unfreeze = List.of();

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "10",
      description = "How often each photo is seen (default: ${DEFAULT-VALUE}).")
  int epochs;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "32",
      description = "Photos in one step (default: ${DEFAULT-VALUE}). Fewer need less memory.")
  int batchSize;

  @Option(
      names = "--lr",
      paramLabel = "X",
      description =
          "The learning rate at the start; it falls to 0 along a cosine. Default: 0.005 for a head"
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

  @Option(
      names = "--clip-norm",
      paramLabel = "X",
      description =
          "The largest norm of all gradients together; larger ones are scaled down to it, which"
              + " keeps a transformer's training steady. Default: any.")
  private @Nullable Double clipNorm;

  @Option(names = "--augment", description = "Crop and flip training photos at random.")
  boolean augment;

  @Option(
      names = "--bad-images",
      paramLabel = "skip|fail",
      defaultValue = "skip",
      description = "What becomes of photos that cannot be read (default: ${DEFAULT-VALUE}).")
  private String badImages = "";

  @Option(
      names = "--detect-anomalies",
      description =
          "Stop at the first NaN or infinity and name the op and the layer that made it. Slower.")
  boolean detectAnomalies;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "Same seed, same result, to the bit (default: ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for the results (default: runs/DATE/DATA/MODEL/EPOCHS).")
  @Nullable Path out;

  /** Refuses what cannot be meant, before anything slow happens. */
  void check() {
    Models.architecture(model);
    settings(learningRate != null ? learningRate : 1);
    unfreezing();
  }

  /** Returns the pattern of what is to be frozen, or {@code none}. */
  String freezing(WeightsSource source) {
    if (freeze != null) {
      return freeze;
    }
    return source.pretrained() ? "features" : WeightsSource.NONE;
  }

  /** Returns what is unfrozen on the way. */
  Unfreezing unfreezing() {
    return Unfreezing.parse(unfreeze, epochs);
  }

  /** Returns the choices for a model that is already frozen as it will be. */
  Settings settings(Model frozen) {
    boolean headOnly = frozen.featuresFrozen() && unfreeze.isEmpty();
    double rate = headOnly ? Settings.HEAD_RATE : Settings.WHOLE_RATE;
    return settings(learningRate != null ? learningRate : rate);
  }

  private Settings settings(double rate) {
    return new Settings(
        epochs,
        batchSize,
        rate,
        weightDecay,
        labelSmoothing,
        clipNorm != null ? clipNorm : Double.POSITIVE_INFINITY,
        seed,
        augment,
        policy(),
        unfreezing());
  }

  private BadSamples policy() {
    return switch (badImages) {
      case "skip" -> BadSamples.SKIP;
      case "fail" -> BadSamples.FAIL;
      default ->
          throw new CortadoException("--bad-images must be skip or fail, got '" + badImages + "'");
    };
  }

  /** Returns what is done to training photos at random. */
  Optional<Augmentation> augmentation(Preset preset) {
    return augment
        ? Optional.of(
            new RandomResizedCrop(preset.crop(), preset.resampling())
                .then(new RandomHorizontalFlip()))
        : Optional.empty();
  }
}
