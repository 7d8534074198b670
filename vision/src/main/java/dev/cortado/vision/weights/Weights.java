package dev.cortado.vision.weights;

import dev.cortado.vision.image.Preset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A published set of weights of a model, with everything one has to know to use it. Accuracies and
 * multiply-adds are the publisher's figures.
 *
 * @param model the model's name, torchvision's or timm's
 * @param name the set's name, unique within the model, for example {@code IMAGENET1K_V1}
 * @param preferred whether this is the model's default set
 * @param url where the file is published
 * @param sha256 the beginning of the file's SHA-256 in lower-case hex, as far as it is known; null
 *     if the publisher names none
 * @param preset how photos were prepared when the accuracies were measured
 * @param categories the classes of the head
 * @param parameters the number of trainable values, without batch-norm statistics
 * @param top1 per cent of ImageNet's validation images whose best guess is right
 * @param top5 per cent of ImageNet's validation images of whose five best guesses one is right
 * @param gigaMultiplyAdds multiply-adds for one image, in 10⁹ (torchvision calls them GFLOPS)
 * @param licence the licence of the weights as far as the publisher states one
 * @param source who trained them, or a page that says how
 */
public record Weights(
    String model,
    String name,
    boolean preferred,
    String url,
    @Nullable String sha256,
    Preset preset,
    Categories categories,
    long parameters,
    double top1,
    double top5,
    double gigaMultiplyAdds,
    String licence,
    String source) {
  /** Returns the name of the published file: what follows the last slash of the URL. */
  public String file() {
    return url.substring(url.lastIndexOf('/') + 1);
  }

  /**
   * Returns whether a file with this SHA-256 (64 hex digits) is this set; false if the publisher
   * names none.
   */
  public boolean isFile(String digest) {
    return sha256 != null && digest.toLowerCase(Locale.ROOT).startsWith(sha256);
  }

  /** Returns model and name: {@code efficientnet_b0 IMAGENET1K_V1}. */
  public String title() {
    return model + " " + name;
  }
}
