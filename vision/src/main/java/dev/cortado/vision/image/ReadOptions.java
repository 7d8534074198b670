package dev.cortado.vision.image;

/**
 * How {@link Images} reads a file.
 *
 * @param applyOrientation whether the EXIF orientation is applied, so that photos taken with a
 *     turned camera stand upright; Pillow and torchvision do not do this by themselves
 * @param gray16 what becomes of 16-bit grey
 * @param maxPixels the largest number of pixels accepted, a guard against files that are small but
 *     unpack to gigabytes
 */
public record ReadOptions(boolean applyOrientation, Gray16 gray16, long maxPixels) {
  /** Upright photos, the high byte of 16-bit grey, at most 100 million pixels. */
  public static final ReadOptions DEFAULT = new ReadOptions(true, Gray16.HIGH_BYTE, 100_000_000);

  /**
   * The pixels that Pillow's {@code Image.open(file).convert("RGB")} gives: bit for bit, but for
   * TIFF files that are not upright, which Pillow turns by itself, and for lossy WebP, where
   * colours at sharp edges differ by some levels.
   */
  public static final ReadOptions LIKE_PILLOW = new ReadOptions(false, Gray16.CLIP, 100_000_000);

  /** Checks the limit. */
  public ReadOptions {
    if (maxPixels < 1) {
      throw new IllegalArgumentException(
          "the largest number of pixels must be at least 1, not " + maxPixels);
    }
  }

  /** These options, with or without applying the EXIF orientation. */
  public ReadOptions withOrientation(boolean apply) {
    return new ReadOptions(apply, gray16, maxPixels);
  }

  /** These options with another limit of pixels. */
  public ReadOptions withMaxPixels(long pixels) {
    return new ReadOptions(applyOrientation, gray16, pixels);
  }
}
