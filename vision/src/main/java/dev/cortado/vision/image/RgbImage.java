package dev.cortado.vision.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.util.Arrays;

/**
 * An image of 8-bit red, green and blue samples, interleaved row by row: pixel (x, y) has its red
 * sample at {@code 3 * (y * width + x)}, green and blue behind it.
 *
 * <p>An image is a value: two images of the same size and samples are equal, and nothing in this
 * package changes an image after it was made. To stay fast the array is neither copied in nor out,
 * so whoever makes an image hands its array over, and whoever looks into {@link #rgb()} must not
 * write to it.
 */
public final class RgbImage {
  private final int width;
  private final int height;
  private final byte[] rgb;

  private RgbImage(int width, int height, byte[] rgb) {
    this.width = width;
    this.height = height;
    this.rgb = rgb;
  }

  /**
   * An image over the given samples. The array is kept, not copied: do not write to it any more.
   *
   * @param width number of columns, at least 1
   * @param height number of rows, at least 1
   * @param rgb {@code 3 * width * height} samples
   * @throws IllegalArgumentException if a size is below 1 or the array has another length
   */
  public static RgbImage of(int width, int height, byte[] rgb) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "an image needs at least one pixel, not " + width + "x" + height);
    }
    if (rgb.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "a "
              + width
              + "x"
              + height
              + " image has "
              + 3L * width * height
              + " samples, not "
              + rgb.length);
    }
    return new RgbImage(width, height, rgb);
  }

  /**
   * A copy of a {@link BufferedImage}'s colours. Transparency is dropped without compositing.
   *
   * @throws IllegalArgumentException if its samples are of a kind that has no 8-bit meaning, such
   *     as floats
   */
  public static RgbImage of(BufferedImage image) {
    return RasterToRgb.convert(image, Gray16.HIGH_BYTE);
  }

  /** Number of columns. */
  public int width() {
    return width;
  }

  /** Number of rows. */
  public int height() {
    return height;
  }

  /** The samples themselves, not a copy: read only. */
  public byte[] rgb() {
    return rgb;
  }

  /**
   * The colour of one pixel as {@code 0xRRGGBB}.
   *
   * @throws IndexOutOfBoundsException if the pixel lies outside
   */
  public int pixel(int x, int y) {
    if (x < 0 || x >= width || y < 0 || y >= height) {
      throw new IndexOutOfBoundsException(
          "pixel (" + x + ", " + y + ") of a " + width + "x" + height + " image");
    }
    int at = 3 * (y * width + x);
    return (rgb[at] & 0xff) << 16 | (rgb[at + 1] & 0xff) << 8 | (rgb[at + 2] & 0xff);
  }

  /**
   * The part of the image inside a rectangle.
   *
   * @throws IndexOutOfBoundsException if the rectangle is not inside the image
   */
  public RgbImage crop(int left, int top, int cropWidth, int cropHeight) {
    if (left < 0
        || top < 0
        || cropWidth < 1
        || cropHeight < 1
        || cropWidth > width - left
        || cropHeight > height - top) {
      throw new IndexOutOfBoundsException(
          "rectangle %dx%d at (%d, %d) of a %dx%d image"
              .formatted(cropWidth, cropHeight, left, top, width, height));
    }
    var out = new byte[3 * cropWidth * cropHeight];
    for (int y = 0; y < cropHeight; y++) {
      System.arraycopy(rgb, 3 * ((top + y) * width + left), out, 3 * y * cropWidth, 3 * cropWidth);
    }
    return new RgbImage(cropWidth, cropHeight, out);
  }

  /** The image as seen in a mirror: left and right exchanged. */
  public RgbImage flippedHorizontally() {
    return Orientation.FLIPPED_HORIZONTALLY.apply(this);
  }

  /** A copy for Java2D and ImageIO, of type {@link BufferedImage#TYPE_3BYTE_BGR}. */
  public BufferedImage toBufferedImage() {
    var image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    byte[] bgr = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < rgb.length; i += 3) {
      bgr[i] = rgb[i + 2];
      bgr[i + 1] = rgb[i + 1];
      bgr[i + 2] = rgb[i];
    }
    return image;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RgbImage that
        && width == that.width
        && height == that.height
        && Arrays.equals(rgb, that.rgb);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * width + height) + Arrays.hashCode(rgb);
  }

  @Override
  public String toString() {
    return "RgbImage[" + width + "x" + height + "]";
  }
}
