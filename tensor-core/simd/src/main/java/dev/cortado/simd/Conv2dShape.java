package dev.cortado.simd;

import dev.cortado.tensor.CortadoException;

/**
 * The sizes of a two-dimensional convolution. Images are {@code [n, height, width, channels]} in
 * memory (channels last).
 *
 * @param n images
 * @param height rows of the input
 * @param width columns of the input
 * @param inChannels channels of the input
 * @param outChannels channels of the output
 * @param kernelHeight rows of the kernel
 * @param kernelWidth columns of the kernel
 * @param strideHeight distance of the windows' rows
 * @param strideWidth distance of the windows' columns
 * @param top rows of zeros above the image
 * @param bottom rows of zeros below
 * @param left columns of zeros to the left
 * @param right columns of zeros to the right
 * @param dilationHeight distance of the kernel's rows
 * @param dilationWidth distance of the kernel's columns
 * @param groups into how many independent groups the channels are cut; {@code inChannels} of them
 *     is depthwise
 */
public record Conv2dShape(
    int n,
    int height,
    int width,
    int inChannels,
    int outChannels,
    int kernelHeight,
    int kernelWidth,
    int strideHeight,
    int strideWidth,
    int top,
    int bottom,
    int left,
    int right,
    int dilationHeight,
    int dilationWidth,
    int groups) {
  /** Checks that the sizes fit together. */
  public Conv2dShape {
    boolean positive =
        Math.min(Math.min(kernelHeight, kernelWidth), Math.min(strideHeight, strideWidth)) > 0
            && Math.min(dilationHeight, dilationWidth) > 0
            && Math.min(groups, Math.min(inChannels, outChannels)) > 0;
    boolean natural = Math.min(Math.min(top, bottom), Math.min(left, right)) >= 0;
    if (!positive || !natural || inChannels % groups != 0 || outChannels % groups != 0) {
      throw new CortadoException(
          ("a convolution needs positive kernel, stride, dilation, channels and groups, padding of"
               + " 0 or more, and channels that the groups divide; got kernel %dx%d, stride %dx%d,"
               + " dilation %dx%d, padding %d/%d/%d/%d, %d groups for %d to %d channels")
              .formatted(
                  kernelHeight,
                  kernelWidth,
                  strideHeight,
                  strideWidth,
                  dilationHeight,
                  dilationWidth,
                  top,
                  bottom,
                  left,
                  right,
                  groups,
                  inChannels,
                  outChannels));
    }
    if (height + top + bottom < (kernelHeight - 1) * dilationHeight + 1
        || width + left + right < (kernelWidth - 1) * dilationWidth + 1) {
      throw new CortadoException(
          "a kernel of %dx%d (dilation %dx%d) is larger than the padded image of %dx%d"
              .formatted(
                  kernelHeight,
                  kernelWidth,
                  dilationHeight,
                  dilationWidth,
                  height + top + bottom,
                  width + left + right));
    }
  }

  /**
   * Returns a convolution with one stride for both directions, the same padding on all sides, and
   * dilation 1.
   */
  public static Conv2dShape of(
      int n,
      int height,
      int width,
      int inChannels,
      int outChannels,
      int kernel,
      int stride,
      int padding,
      int groups) {
    return new Conv2dShape(
        n,
        height,
        width,
        inChannels,
        outChannels,
        kernel,
        kernel,
        stride,
        stride,
        padding,
        padding,
        padding,
        padding,
        1,
        1,
        groups);
  }

  /** Returns the rows of the output. */
  public int outHeight() {
    return (height + top + bottom - (kernelHeight - 1) * dilationHeight - 1) / strideHeight + 1;
  }

  /** Returns the columns of the output. */
  public int outWidth() {
    return (width + left + right - (kernelWidth - 1) * dilationWidth - 1) / strideWidth + 1;
  }

  /** Returns the floats of the input. */
  public int inputSize() {
    return n * height * width * inChannels;
  }

  /** Returns the floats of the output. */
  public int outputSize() {
    return n * outHeight() * outWidth() * outChannels;
  }

  /**
   * Returns the floats of the weights, {@code [outChannels, inChannels / groups, kernelHeight,
   * kernelWidth]}.
   */
  public int weightSize() {
    return outChannels * groupIn() * taps();
  }

  /** Returns the input channels of a group. */
  int groupIn() {
    return inChannels / groups;
  }

  /** Returns the output channels of a group. */
  int groupOut() {
    return outChannels / groups;
  }

  /** Returns the positions of the kernel. */
  int taps() {
    return kernelHeight * kernelWidth;
  }

  /** Returns the output pixels of an image. */
  int outPixels() {
    return outHeight() * outWidth();
  }

  /** Tells whether this is a plain product of the pixels with a matrix. */
  boolean isPointwise() {
    return taps() == 1
        && strideHeight == 1
        && strideWidth == 1
        && groups == 1
        && top + bottom + left + right == 0;
  }

  /** Tells whether each channel is convolved by itself. */
  boolean isDepthwise() {
    return groups == inChannels && groups == outChannels && groups > 1;
  }

  /** Returns a convolution with stride 1 over images as large as this one's output. */
  Conv2dShape reversed() {
    return new Conv2dShape(
        n,
        outHeight(),
        outWidth(),
        outChannels,
        inChannels,
        kernelHeight,
        kernelWidth,
        1,
        1,
        (kernelHeight - 1) * dilationHeight,
        (kernelHeight - 1) * dilationHeight,
        (kernelWidth - 1) * dilationWidth,
        (kernelWidth - 1) * dilationWidth,
        dilationHeight,
        dilationWidth,
        groups);
  }
}
