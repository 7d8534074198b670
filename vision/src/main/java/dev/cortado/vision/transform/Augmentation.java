package dev.cortado.vision.transform;

import dev.cortado.tensor.RandomKey;
import dev.cortado.vision.image.RgbImage;

/**
 * A random change of an image: the same image and key always give the same result.
 *
 * <p>A loader gives each sample of each epoch a key of its own, {@code
 * RandomKey.of(seed).split(epoch).split(index)}, so that the result depends neither on the order in
 * which samples are read nor on the number of threads.
 */
@FunctionalInterface
public interface Augmentation {
  /** The changed image; the given one stays as it is. */
  RgbImage apply(RgbImage image, RandomKey key);

  /** This change, then another, each with a key of its own. */
  default Augmentation then(Augmentation next) {
    return (image, key) -> next.apply(apply(image, key.split(0)), key.split(1));
  }
}
