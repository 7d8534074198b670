package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;

/** The largest element of each window of images [N, C, H, W]; a border never wins. */
public final class MaxPool2d extends Layer {
  private final Kernel2d kernel;
  private final Padding padding;
  private final boolean ceil;

  /** Creates a pool of square windows side by side. */
  public MaxPool2d(int size) {
    this(Kernel2d.of(size).withStride(size), Padding.NONE);
  }

  /** Creates a pool of square windows that lie {@code stride} pixels apart. */
  public MaxPool2d(int size, int stride, int padding) {
    this(Kernel2d.of(size).withStride(stride), Padding.of(padding));
  }

  /**
   * Creates a pool.
   *
   * @param kernel says how far windows lie apart; {@link Kernel2d#of} says 1, while torch's pools
   *     take the window's size unless told otherwise
   */
  public MaxPool2d(Kernel2d kernel, Padding padding) {
    this(kernel, padding, false);
  }

  /**
   * Creates a pool.
   *
   * @param ceil whether a last window that hangs over the edge counts as one
   */
  public MaxPool2d(Kernel2d kernel, Padding padding, boolean ceil) {
    this.kernel = kernel;
    this.padding = padding;
    this.ceil = ceil;
  }

  @Override
  public Tensor forward(Tensor x) {
    checkImages(x, kind());
    int h = x.dim(2);
    int w = x.dim(3);
    var window = padding.window(h, w, kernel);
    return x.maxPool2d(
        kernel.height(),
        kernel.width(),
        ceil ? window.ceil(h, w, kernel.height(), kernel.width()) : window);
  }

  static void checkImages(Tensor x, String kind) {
    if (x.rank() != 4) {
      throw new CortadoException(kind + " expects images [N, C, H, W], got " + x.spec());
    }
  }

  @Override
  protected Layer twin() {
    return new MaxPool2d(kernel, padding, ceil);
  }

  @Override
  protected String settings() {
    return kernel + ", padding=" + padding + (ceil ? ", ceil" : "");
  }
}
