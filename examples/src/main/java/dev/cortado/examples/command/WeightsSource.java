package dev.cortado.examples.command;

import dev.cortado.examples.weights.BundledWeights;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.io.Safetensors;
import dev.cortado.tensor.io.Sha256;
import dev.cortado.training.classify.Checkpoint;
import dev.cortado.training.run.WeightsUsed;
import dev.cortado.vision.image.Normalization;
import dev.cortado.vision.image.Preset;
import dev.cortado.vision.image.Resampling;
import dev.cortado.vision.model.Model;
import dev.cortado.vision.model.Models;
import dev.cortado.vision.weights.LoadResult;
import dev.cortado.vision.weights.Weights;
import dev.cortado.vision.weights.WeightsCatalog;
import dev.cortado.vision.weights.WeightsLoader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@code --weights} means for a model: where its numbers come from. */
sealed interface WeightsSource {
  /** What users write for no weights at all, and for nothing frozen. */
  String NONE = "none";

  /** What users write for the weights that come with Cortado. */
  String BUNDLED = "bundled";

  /**
   * What was loaded.
   *
   * @param preset how photos are prepared for these weights
   * @param used the weights, for the record; empty if the numbers are random
   * @param classes the names of the classes of the file's head, if it tells them
   * @param headClasses how many classes the file's head is for; 0 if there is none
   * @param description one line for people
   */
  record Loaded(
      Preset preset,
      Optional<WeightsUsed> used,
      List<String> classes,
      int headClasses,
      String description) {}

  /** Returns whether the model starts from something learned. */
  boolean pretrained();

  /**
   * Fills a model that has no numbers yet (see {@link Models#define}).
   *
   * @param key the key from which random numbers are drawn
   */
  Loaded loadInto(Model model, RandomKey key);

  /**
   * Returns what the user asked for: {@code none}, {@code bundled}, a file, or if nothing was asked
   * for, the weights that come with Cortado. Nothing is read yet.
   *
   * @throws CortadoException if there are no such weights, saying which there are
   */
  static WeightsSource of(String model, @Nullable String asked) {
    if (NONE.equals(asked)) {
      return new Random(model);
    }
    boolean bundled = model.equals(BundledWeights.LITE0.model());
    if (asked == null || asked.equals(BUNDLED) || asked.equals(WeightsCatalog.DEFAULT)) {
      if (bundled) {
        return new Bundled();
      }
      throw new CortadoException(
          "only "
              + BundledWeights.LITE0.model()
              + " comes with weights; for "
              + model
              + " say --weights FILE.safetensors, or --weights none to start from random numbers"
              + WeightsCatalog.preferred(model)
                  .map(w -> "; published weights: " + w.url())
                  .orElse(""));
    }
    try {
      var file = Path.of(asked);
      if (Files.exists(file)) {
        return new OfFile(model, file);
      }
    } catch (InvalidPathException e) {
      // A name that no file can have.
    }
    throw absent(model, asked, bundled);
  }

  private static CortadoException absent(String model, String asked, boolean bundled) {
    return WeightsCatalog.of(model).stream()
        .filter(w -> w.name().equalsIgnoreCase(asked))
        .findFirst()
        .map(
            w ->
                new CortadoException(
                    w.title()
                        + " is published at "
                        + w.url()
                        + "; Cortado does not download: fetch it, convert it to safetensors, and"
                        + " say --weights FILE"))
        .orElseGet(
            () ->
                new CortadoException(
                    "there is no weights file "
                        + asked
                        + " (--weights takes a .safetensors file"
                        + (bundled ? ", 'none', or 'bundled')" : " or 'none')")));
  }

  /** Random numbers. */
  record Random(String model) implements WeightsSource {
    @Override
    public boolean pretrained() {
      return false;
    }

    @Override
    public Loaded loadInto(Model network, RandomKey key) {
      network.initialize(key);
      var preset =
          WeightsCatalog.preferred(model).map(Weights::preset).orElseGet(() -> plain(network));
      return new Loaded(preset, Optional.empty(), List.of(), 0, "random numbers");
    }
  }

  /** The weights that come with Cortado. */
  record Bundled() implements WeightsSource {
    @Override
    public boolean pretrained() {
      return true;
    }

    @Override
    public Loaded loadInto(Model network, RandomKey key) {
      var result = BundledWeights.loadInto(network, key);
      return new Loaded(
          BundledWeights.LITE0.preset(),
          Optional.of(new WeightsUsed(BundledWeights.LITE0.title(), result.sha256())),
          List.of(),
          result.fileClasses(),
          "bundled, pretrained on ImageNet");
    }
  }

  /** A safetensors file: published weights, or the checkpoint of a run. */
  record OfFile(String model, Path file) implements WeightsSource {
    @Override
    public boolean pretrained() {
      return true;
    }

    @Override
    public Loaded loadInto(Model network, RandomKey key) {
      var content = Safetensors.read(file);
      var sha256 = Sha256.file(file);
      var result = WeightsLoader.load(network, content, sha256, key);
      var used = Optional.of(new WeightsUsed(file.getFileName().toString(), sha256));
      if (Checkpoint.isOne(content)) {
        var checkpoint = Checkpoint.of(content);
        return new Loaded(
            checkpoint.preset(), used, checkpoint.classes(), result.fileClasses(), summary(result));
      }
      var preset =
          result
              .published()
              .or(() -> WeightsCatalog.preferred(model))
              .map(Weights::preset)
              .orElseGet(() -> plain(network));
      return new Loaded(preset, used, List.of(), result.fileClasses(), summary(result));
    }

    private static String summary(LoadResult result) {
      return String.join("; ", result.summary(), String.join("; ", result.notes()))
          .replaceAll("; $", "");
    }
  }

  /** What most weights expect, at the model's size. */
  private static Preset plain(Model model) {
    return new Preset(256, 224, Resampling.BICUBIC, Normalization.IMAGENET)
        .withCrop(model.inputSize());
  }
}
