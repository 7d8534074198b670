package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.op.Window2d;

/** How wide a border around an image a kernel sees. */
public sealed interface Padding {
  /** No border. */
  Padding NONE = of(0);

  /** Border widths in pixels that do not depend on the image. */
  record Sides(int top, int bottom, int left, int right) implements Padding {
    /**
     * Checks the widths.
     *
     * @throws CortadoException if one of them is negative
     */
    public Sides {
      if (Math.min(Math.min(top, bottom), Math.min(left, right)) < 0) {
        throw new CortadoException(
            "a border cannot be narrower than 0, got top %d, bottom %d, left %d, right %d"
                .formatted(top, bottom, left, right));
      }
    }

    @Override
    public Window2d window(int height, int width, Kernel2d k) {
      return new Window2d(
          k.strideH(), k.strideW(), top, bottom, left, right, k.dilationH(), k.dilationW());
    }

    /** Returns one number if all sides are equal. */
    @Override
    public String toString() {
      boolean equal = top == bottom && top == left && top == right;
      return equal ? Integer.toString(top) : "%d/%d/%d/%d".formatted(top, bottom, left, right);
    }
  }

  /**
   * TensorFlow's "SAME": as much as makes the output {@code ceil(size / stride)} pixels wide, so it
   * depends on the image; where it is odd, the larger half lies below and to the right. With steps
   * of 1 it is torch's "same".
   */
  record Same() implements Padding {
    @Override
    public Window2d window(int height, int width, Kernel2d k) {
      int v = missing(height, k.reachH(), k.strideH());
      int h = missing(width, k.reachW(), k.strideW());
      return new Sides(v / 2, v - v / 2, h / 2, h - h / 2).window(height, width, k);
    }

    private static int missing(int size, int reach, int stride) {
      return Math.max(0, (Math.ceilDiv(size, stride) - 1) * stride + reach - size);
    }

    @Override
    public String toString() {
      return "same";
    }
  }

  /** Returns equal borders on all sides. */
  static Padding of(int pixels) {
    return of(pixels, pixels);
  }

  /** Returns {@code rows} above and below, {@code columns} on the left and on the right. */
  static Padding of(int rows, int columns) {
    return new Sides(rows, rows, columns, columns);
  }

  /** Returns the border that keeps the size at stride 1, for an odd kernel: half of it. */
  static Padding half(int kernel) {
    return of((kernel - 1) / 2);
  }

  /** Returns TensorFlow's "SAME". */
  static Padding same() {
    return new Same();
  }

  /** Returns how a kernel walks over an image of the given size. */
  Window2d window(int height, int width, Kernel2d kernel);
}
