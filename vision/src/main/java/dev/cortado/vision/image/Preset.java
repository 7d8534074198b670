package dev.cortado.vision.image;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.HostStorage;
import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import java.util.List;
import java.util.Objects;

/**
 * What a set of weights expects of a photo: torchvision's {@code ImageClassification} preset, bit
 * for bit.
 *
 * <ol>
 *   <li>resize so that the shorter side is {@code resize} (the longer becomes {@code floor(resize *
 *       longer / shorter)}),
 *   <li>cut out the centre, {@code crop} by {@code crop} pixels; where the image is smaller, pad
 *       with black,
 *   <li>normalise.
 * </ol>
 *
 * <p>{@link #batch} and {@link #writeTo} give the numbers in the channels-last order in which
 * Cortado keeps images in memory, {@link #planes} gives them colour by colour, as torchvision does.
 *
 * @param resize length of the shorter side after resizing
 * @param crop side of the square that is cut out
 * @param resampling filter of the resize
 * @param normalization what becomes of the samples
 */
public record Preset(int resize, int crop, Resampling resampling, Normalization normalization) {
  /** Checks the sizes. */
  public Preset {
    if (resize < 1 || crop < 1) {
      throw new IllegalArgumentException(
          "resize and crop must be at least 1, not " + resize + " and " + crop);
    }
  }

  /** Number of floats of one image: {@code 3 * crop * crop}. */
  public int length() {
    return 3 * crop * crop;
  }

  /** This preset for another input size, resizing in the same proportion (rounded down). */
  public Preset withCrop(int newCrop) {
    return new Preset((int) ((long) resize * newCrop / crop), newCrop, resampling, normalization);
  }

  /** The resized and cropped image, before normalisation: {@code crop} by {@code crop} pixels. */
  public RgbImage cropped(RgbImage image) {
    int width = image.width();
    int height = image.height();
    int outWidth = resized(width, height);
    int outHeight = resized(height, width);
    int left = centre(outWidth);
    int top = centre(outHeight);
    var part =
        new Resize.Region(
            Math.max(left, 0),
            Math.max(top, 0),
            Math.min(crop, outWidth),
            Math.min(crop, outHeight));
    RgbImage centre = Resize.resize(image, outWidth, outHeight, resampling, part);
    return part.width() == crop && part.height() == crop ? centre : padded(centre);
  }

  /**
   * A side's length after resizing.
   *
   * @throws CortadoException if the image is so elongated that it would be too large
   */
  int resized(int side, int otherSide) {
    if (side <= otherSide) {
      return resize;
    }
    long longer = (long) resize * side / otherSide;
    if (longer > Integer.MAX_VALUE) {
      throw new CortadoException(
          "an image of %d by %d pixels is too elongated to be resized".formatted(side, otherSide));
    }
    return (int) longer;
  }

  /** Where the square begins: half the surplus, rounded half to even as Python does. */
  private int centre(int side) {
    return side <= crop ? 0 : (int) Math.rint((side - crop) / 2.0);
  }

  private RgbImage padded(RgbImage image) {
    int left = (crop - image.width()) / 2;
    int top = (crop - image.height()) / 2;
    var out = new byte[length()];
    for (int y = 0; y < image.height(); y++) {
      System.arraycopy(
          image.rgb(),
          3 * y * image.width(),
          out,
          3 * ((top + y) * crop + left),
          3 * image.width());
    }
    return RgbImage.of(crop, crop, out);
  }

  /**
   * The network's input for some photos: an F32 tensor [N, 3, crop, crop], channels last in memory.
   */
  public Tensor batch(List<RgbImage> images) {
    return stack(images.stream().map(this::cropped).toList());
  }

  /**
   * Like {@link #batch} for images that {@link #cropped} or an augmentation has already brought to
   * size.
   *
   * @throws IllegalArgumentException if an image is not {@code crop} by {@code crop}
   */
  public Tensor stack(List<RgbImage> sized) {
    Shape shape = Shape.of(sized.size(), 3, crop, crop);
    var values = new float[Math.multiplyExact(sized.size(), length())];
    for (int i = 0; i < sized.size(); i++) {
      normalize(sized.get(i), values, i * length());
    }
    var storage = HostStorage.wrap(DType.F32, values);
    return new Tensor(shape, Layout.channelsLast(shape), storage, null);
  }

  /**
   * The network's input for one photo, colour by colour: element {@code (c * crop + y) * crop + x},
   * shape [3, crop, crop] in row major order.
   */
  public float[] planes(RgbImage image) {
    byte[] rgb = cropped(image).rgb();
    int area = crop * crop;
    var out = new float[3 * area];
    for (int channel = 0; channel < 3; channel++) {
      float[] table = normalization.table(channel);
      for (int i = 0; i < area; i++) {
        out[channel * area + i] = table[rgb[3 * i + channel] & 0xff];
      }
    }
    return out;
  }

  /**
   * Writes the network's input for one photo in channels-last order: element (c, y, x) goes to
   * {@code offset + (y * crop + x) * 3 + c}. A batch of N photos written at offsets 0, {@link
   * #length()}, ... is a tensor [N, 3, crop, crop] with channels-last strides ({@code 3 * crop *
   * crop, 1, 3 * crop, 3}).
   *
   * @throws IndexOutOfBoundsException if the photo does not fit behind the offset
   */
  public void writeTo(RgbImage image, float[] out, int offset) {
    normalize(cropped(image), out, offset);
  }

  /**
   * Like {@link #writeTo} for an image that {@link #cropped} or an augmentation has already brought
   * to size.
   *
   * @throws IllegalArgumentException if the image is not {@code crop} by {@code crop}
   */
  public void normalize(RgbImage sized, float[] out, int offset) {
    if (sized.width() != crop || sized.height() != crop) {
      throw new IllegalArgumentException(
          "expected a " + crop + "x" + crop + " image, not " + sized);
    }
    byte[] rgb = sized.rgb();
    Objects.checkFromIndexSize(offset, rgb.length, out.length);
    float[] red = normalization.table(0);
    float[] green = normalization.table(1);
    float[] blue = normalization.table(2);
    for (int i = 0; i < rgb.length; i += 3) {
      out[offset + i] = red[rgb[i] & 0xff];
      out[offset + i + 1] = green[rgb[i + 1] & 0xff];
      out[offset + i + 2] = blue[rgb[i + 2] & 0xff];
    }
  }
}
