package dev.cortado.nn;

import dev.cortado.tensor.op.Window2d;

/** The border of zeros around an image that a convolution sees. */
public sealed interface Padding {
  /** No border. */
  Padding NONE = of(0);

  /** Border widths in pixels that do not depend on the image. */
  record Sides(int top, int bottom, int left, int right) implements Padding {
    @Override
    public Window2d window(int height, int width, int kernel, int stride) {
      return new Window2d(stride, stride, top, bottom, left, right, 1, 1);
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
   * depends on the image; where it is odd, the larger half lies below and to the right.
   */
  record Same() implements Padding {
    @Override
    public Window2d window(int height, int width, int kernel, int stride) {
      return Window2d.same(height, width, kernel, kernel, stride);
    }

    @Override
    public String toString() {
      return "same";
    }
  }

  /** Returns equal borders on all sides. */
  static Padding of(int pixels) {
    return new Sides(pixels, pixels, pixels, pixels);
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
  Window2d window(int height, int width, int kernel, int stride);
}
