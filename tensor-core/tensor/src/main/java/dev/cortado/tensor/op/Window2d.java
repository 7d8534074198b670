package dev.cortado.tensor.op;

import dev.cortado.tensor.CortadoException;
import java.util.Arrays;

/**
 * How a kernel walks over an image: step, border and spacing of the taps, by height and width, in
 * pixels.
 *
 * @param top rows of border above; the four sides may differ
 */
public record Window2d(
    int strideH,
    int strideW,
    int top,
    int bottom,
    int left,
    int right,
    int dilationH,
    int dilationW) {
  /**
   * Checks the numbers.
   *
   * @throws CortadoException if a stride or dilation is less than 1 or a border is negative
   */
  public Window2d {
    require(strideH >= 1 && strideW >= 1, "strides of at least 1", strideH, strideW);
    require(dilationH >= 1 && dilationW >= 1, "dilations of at least 1", dilationH, dilationW);
    boolean borders = Math.min(Math.min(top, bottom), Math.min(left, right)) >= 0;
    require(borders, "borders of at least 0", top, bottom, left, right);
  }

  private static void require(boolean condition, String what, int... got) {
    if (!condition) {
      throw new CortadoException("a window needs " + what + ", got " + Arrays.toString(got));
    }
  }

  /** Returns a window with equal steps and equal borders on all sides. */
  public static Window2d of(int stride, int padding) {
    return new Window2d(stride, stride, padding, padding, padding, padding, 1, 1);
  }

  /**
   * Returns TensorFlow's "SAME" window: the output has {@code ceil(size / stride)} pixels, and
   * where the border is odd, the larger half lies below and to the right.
   */
  public static Window2d same(int height, int width, int kernelH, int kernelW, int stride) {
    return same(height, width, kernelH, kernelW, stride, stride, 1, 1);
  }

  /** Like {@link #same(int, int, int, int, int)}, with steps and spacings by axis. */
  public static Window2d same(
      int height,
      int width,
      int kernelH,
      int kernelW,
      int strideH,
      int strideW,
      int dilationH,
      int dilationW) {
    int v = border(height, dilationH * (kernelH - 1) + 1, strideH);
    int h = border(width, dilationW * (kernelW - 1) + 1, strideW);
    return new Window2d(strideH, strideW, v / 2, v - v / 2, h / 2, h - h / 2, dilationH, dilationW);
  }

  private static int border(int size, int reach, int stride) {
    return Math.max(0, (Math.ceilDiv(size, stride) - 1) * stride + reach - size);
  }

  /**
   * Returns this with a border below and to the right that is wide enough for a last window that
   * hangs over the edge (torch's {@code ceil_mode}). A window that would begin beyond the image is
   * none.
   */
  public Window2d ceil(int height, int width, int kernelH, int kernelW) {
    int below = overhang(height, top, bottom, dilationH * (kernelH - 1) + 1, strideH);
    int beside = overhang(width, left, right, dilationW * (kernelW - 1) + 1, strideW);
    return new Window2d(strideH, strideW, top, below, left, beside, dilationH, dilationW);
  }

  /** Returns this with {@code rows} less border below and {@code columns} less to the right. */
  public Window2d reaching(int rows, int columns) {
    return new Window2d(
        strideH, strideW, top, bottom - rows, left, right - columns, dilationH, dilationW);
  }

  private static int overhang(int size, int before, int after, int reach, int stride) {
    int windows = Math.ceilDiv(size + before + after - reach, stride) + 1;
    if ((windows - 1) * stride >= size + before) {
      windows--;
    }
    return Math.max(after, (windows - 1) * stride + reach - before - size);
  }

  /**
   * Returns the output height for an image and a kernel of the given heights; negative if the
   * kernel does not fit.
   */
  public int outputHeight(int height, int kernel) {
    return Math.floorDiv(height + top + bottom - dilationH * (kernel - 1) - 1, strideH) + 1;
  }

  /**
   * Returns the output width for an image and a kernel of the given widths; negative if the kernel
   * does not fit.
   */
  public int outputWidth(int width, int kernel) {
    return Math.floorDiv(width + left + right - dilationW * (kernel - 1) - 1, strideW) + 1;
  }
}
