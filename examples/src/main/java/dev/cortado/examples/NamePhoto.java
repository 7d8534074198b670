package dev.cortado.examples;

import dev.cortado.autograd.Autograd;
import dev.cortado.examples.weights.BundledWeights;
import dev.cortado.vision.image.Images;
import dev.cortado.vision.model.Models;
import java.nio.file.Path;
import java.util.List;

/** What does a photo show? Asks the bundled network, which knows ImageNet's 1,000 classes. */
public final class NamePhoto {
  private NamePhoto() {}

  /** Prints the likeliest class of the photo whose file is named. */
  public static void main(String[] args) {
    var network = Models.define("tf_efficientnet_lite0", 1000);
    BundledWeights.loadInto(network);
    network.eval();
    var batch = BundledWeights.LITE0.preset().batch(List.of(Images.read(Path.of(args[0]))));
    var probabilities = Autograd.noGrad(() -> network.apply(batch)).softmax(1);
    int best = (int) probabilities.argmax(1).item();
    System.out.printf(
        "%s (%.0f %%)%n",
        BundledWeights.LITE0.categories().names().get(best),
        100 * probabilities.select(1, best).item());
  }
}
