package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;

/**
 * The size of a kernel, its steps over the image and the spacing of its taps, in pixels, by height
 * and width.
 */
public record Kernel2d(
    int height, int width, int strideH, int strideW, int dilationH, int dilationW) {

  /**
   * Checks the numbers.
   *
   * @throws CortadoException if one of them is less than 1
   */
  public Kernel2d {
    if (Math.min(height, width) < 1
        || Math.min(strideH, strideW) < 1
        || Math.min(dilationH, dilationW) < 1) {
      throw new CortadoException(
          "size, stride and dilation of a kernel must be at least 1, got "
              + "kernel=%dx%d, stride=%dx%d, dilation=%dx%d"
                  .formatted(height, width, strideH, strideW, dilationH, dilationW));
    }
  }

  /** Returns a square kernel that takes steps of 1. */
  public static Kernel2d of(int size) {
    return of(size, size);
  }

  /** Returns a kernel that takes steps of 1. */
  public static Kernel2d of(int height, int width) {
    return new Kernel2d(height, width, 1, 1, 1, 1);
  }

  /** Returns this with equal steps both ways. */
  public Kernel2d withStride(int stride) {
    return withStride(stride, stride);
  }

  /** Returns this with other steps. */
  public Kernel2d withStride(int down, int right) {
    return new Kernel2d(height, width, down, right, dilationH, dilationW);
  }

  /** Returns this with equal spacing both ways. */
  public Kernel2d withDilation(int dilation) {
    return withDilation(dilation, dilation);
  }

  /** Returns this with other spacing. */
  public Kernel2d withDilation(int down, int right) {
    return new Kernel2d(height, width, strideH, strideW, down, right);
  }

  /** Returns how many rows the kernel reaches over, spacing included. */
  int reachH() {
    return dilationH * (height - 1) + 1;
  }

  /** Returns how many columns the kernel reaches over, spacing included. */
  int reachW() {
    return dilationW * (width - 1) + 1;
  }

  /** Returns "3" or "3x5", then what is not 1 of the rest, as settings are printed. */
  @Override
  public String toString() {
    return "kernel="
        + pair(height, width)
        + ", stride="
        + pair(strideH, strideW)
        + (dilationH == 1 && dilationW == 1 ? "" : ", dilation=" + pair(dilationH, dilationW));
  }

  private static String pair(int a, int b) {
    return a == b ? Integer.toString(a) : a + "x" + b;
  }
}
