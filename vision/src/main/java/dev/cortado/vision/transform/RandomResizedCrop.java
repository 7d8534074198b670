package dev.cortado.vision.transform;

import dev.cortado.tensor.RandomKey;
import dev.cortado.vision.image.Resampling;
import dev.cortado.vision.image.Resize;
import dev.cortado.vision.image.RgbImage;

/**
 * Cuts a random rectangle out of an image and resizes it to a square, as torchvision's transform of
 * the same name ("Inception crop", Szegedy et al. 2015): its area is a share of the image drawn
 * uniformly from the scale, its width to height drawn log-uniformly from the ratio. After ten draws
 * that do not fit, the largest central rectangle within the ratio is taken.
 *
 * @param size side of the square
 * @param minScale smallest share of the area, above 0
 * @param maxScale largest share of the area, at most 1
 * @param minRatio smallest width to height
 * @param maxRatio largest width to height
 * @param resampling filter of the resize
 */
public record RandomResizedCrop(
    int size,
    double minScale,
    double maxScale,
    double minRatio,
    double maxRatio,
    Resampling resampling)
    implements Augmentation {
  private static final int DRAWS = 10;

  /** torchvision's defaults: 8 % to 100 % of the area, 3:4 to 4:3. */
  public RandomResizedCrop(int size, Resampling resampling) {
    this(size, 0.08, 1, 3.0 / 4, 4.0 / 3, resampling);
  }

  /** Checks the ranges. */
  public RandomResizedCrop {
    if (size < 1) {
      throw new IllegalArgumentException("the size must be at least 1, not " + size);
    }
    if (!(minScale > 0 && minScale <= maxScale && maxScale <= 1)) {
      throw new IllegalArgumentException(
          "the scale must lie in 0..1 and ascend: " + minScale + ".." + maxScale);
    }
    if (!(minRatio > 0 && minRatio <= maxRatio && maxRatio < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the ratio must be above 0 and ascend: " + minRatio + ".." + maxRatio);
    }
  }

  @Override
  public RgbImage apply(RgbImage image, RandomKey key) {
    return Resize.resize(rectangle(image, key), size, size, resampling);
  }

  private RgbImage rectangle(RgbImage image, RandomKey key) {
    int width = image.width();
    int height = image.height();
    double area = (double) width * height;
    for (long draw = 0; draw < DRAWS; draw++) {
      double share = minScale + (maxScale - minScale) * key.uniform(4 * draw);
      double logRatio =
          StrictMath.log(minRatio)
              + StrictMath.log(maxRatio / minRatio) * key.uniform(4 * draw + 1);
      double ratio = StrictMath.exp(logRatio);
      int w = (int) Math.rint(Math.sqrt(area * share * ratio));
      int h = (int) Math.rint(Math.sqrt(area * share / ratio));
      if (w >= 1 && w <= width && h >= 1 && h <= height) {
        int left = (int) (key.uniform(4 * draw + 2) * (width - w + 1));
        int top = (int) (key.uniform(4 * draw + 3) * (height - h + 1));
        return image.crop(left, top, w, h);
      }
    }
    return centre(image);
  }

  private RgbImage centre(RgbImage image) {
    int width = image.width();
    int height = image.height();
    double ratio = (double) width / height;
    int w = ratio > maxRatio ? (int) Math.rint(height * maxRatio) : width;
    int h = ratio < minRatio ? (int) Math.rint(width / minRatio) : height;
    return image.crop((width - w) / 2, (height - h) / 2, w, h);
  }
}
