package dev.cortado.examples.command;

import dev.cortado.examples.weights.BundledWeights;
import dev.cortado.tensor.CortadoException;
import dev.cortado.training.run.WeightsUsed;
import dev.cortado.vision.image.Normalization;
import dev.cortado.vision.image.Preset;
import dev.cortado.vision.image.Resampling;
import dev.cortado.vision.model.Model;
import dev.cortado.vision.weights.Weights;
import dev.cortado.vision.weights.WeightsCatalog;
import dev.cortado.vision.weights.WeightsLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code --weights} means for a model.
 *
 * @param preset how photos are prepared for these weights
 * @param used the weights that were loaded; empty if the model starts from random numbers
 * @param description one line for people
 */
record WeightsChoice(Preset preset, Optional<WeightsUsed> used, String description) {
  /** Says that a model is to start from random numbers. */
  static final String NONE = "none";

  /**
   * Loads into {@code model} what the user asked for: a file, {@code none}, or if nothing was asked
   * for, the weights that come with Cortado.
   */
  static WeightsChoice load(Model model, @Nullable String asked) {
    var preferred = WeightsCatalog.preferred(model.name());
    if (NONE.equals(asked)) {
      var preset = preferred.map(Weights::preset).orElseGet(() -> plain(model));
      return new WeightsChoice(preset, Optional.empty(), "random numbers");
    }
    boolean bundled = model.name().equals(BundledWeights.LITE0.model());
    if (bundled
        && (asked == null || asked.equals("bundled") || asked.equals(WeightsCatalog.DEFAULT))) {
      var result = BundledWeights.loadInto(model);
      return new WeightsChoice(
          BundledWeights.LITE0.preset(),
          Optional.of(new WeightsUsed(BundledWeights.LITE0.title(), result.sha256())),
          "bundled, pretrained on ImageNet");
    }
    if (asked == null) {
      throw new CortadoException(
          "only "
              + BundledWeights.LITE0.model()
              + " comes with weights; for "
              + model.name()
              + " say --weights FILE.safetensors, or --weights none to start from random numbers"
              + preferred.map(w -> "; published weights: " + w.url()).orElse(""));
    }
    return fromFile(model, asked, preferred);
  }

  private static WeightsChoice fromFile(Model model, String asked, Optional<Weights> preferred) {
    var file = Path.of(asked);
    if (!Files.exists(file)) {
      var published =
          WeightsCatalog.of(model.name()).stream().filter(w -> w.name().equals(asked)).findFirst();
      published.ifPresent(
          w -> {
            throw new CortadoException(
                w.title()
                    + " is published at "
                    + w.url()
                    + "; Cortado does not download: fetch it, convert it to safetensors, and say"
                    + " --weights FILE");
          });
      throw new CortadoException(
          "there is no weights file "
              + asked
              + " (--weights takes a .safetensors file, 'none'"
              + (model.name().equals(BundledWeights.LITE0.model()) ? ", or 'bundled')" : ")"));
    }
    var result = WeightsLoader.load(model, file);
    var preset =
        result.published().or(() -> preferred).map(Weights::preset).orElseGet(() -> plain(model));
    return new WeightsChoice(
        preset,
        Optional.of(new WeightsUsed(file.getFileName().toString(), result.sha256())),
        result.summary());
  }

  /** What most weights expect, at the model's size. */
  private static Preset plain(Model model) {
    return new Preset(256, 224, Resampling.BICUBIC, Normalization.IMAGENET)
        .withCrop(model.inputSize());
  }
}
