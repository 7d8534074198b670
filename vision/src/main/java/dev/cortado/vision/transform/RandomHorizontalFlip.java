package dev.cortado.vision.transform;

import dev.cortado.tensor.RandomKey;
import dev.cortado.vision.image.RgbImage;

/**
 * Exchanges left and right in some of the images.
 *
 * @param probability how often, 0 to 1
 */
public record RandomHorizontalFlip(double probability) implements Augmentation {
  /** Half of the images. */
  public RandomHorizontalFlip() {
    this(0.5);
  }

  /** Checks the probability. */
  public RandomHorizontalFlip {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("a probability lies between 0 and 1, not " + probability);
    }
  }

  @Override
  public RgbImage apply(RgbImage image, RandomKey key) {
    return key.uniform(0) < probability ? image.flippedHorizontally() : image;
  }
}
