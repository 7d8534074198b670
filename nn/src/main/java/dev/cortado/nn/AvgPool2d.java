package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;

/** The mean of each window of images [N, C, H, W]. */
public final class AvgPool2d extends Layer {
  private final Kernel2d kernel;
  private final Padding padding;
  private final boolean ceil;
  private final boolean countBorder;
  private final int divisor;

  /** Creates a pool of square windows side by side. */
  public AvgPool2d(int size) {
    this(Kernel2d.of(size).withStride(size), Padding.NONE, true);
  }

  /**
   * Creates a pool.
   *
   * @param kernel without spacing
   * @param countBorder whether the border counts as zeros, as in torch unless told otherwise, or
   *     not at all
   */
  public AvgPool2d(Kernel2d kernel, Padding padding, boolean countBorder) {
    this(kernel, padding, false, countBorder, 0);
  }

  /**
   * Creates a pool, with all that torch knows.
   *
   * @param kernel without spacing
   * @param ceil whether a last window that hangs over the edge counts as one
   * @param countBorder whether the border counts as zeros, or not at all
   * @param divisor what sums are divided by, instead of the number of elements; 0 for that
   */
  public AvgPool2d(
      Kernel2d kernel, Padding padding, boolean ceil, boolean countBorder, int divisor) {
    if (kernel.dilationH() != 1 || kernel.dilationW() != 1) {
      throw new CortadoException("AvgPool2d takes no dilation, got " + kernel);
    }
    this.kernel = kernel;
    this.padding = padding;
    this.ceil = ceil;
    this.countBorder = countBorder;
    this.divisor = divisor;
  }

  @Override
  public Tensor forward(Tensor x) {
    MaxPool2d.checkImages(x, kind());
    var window = padding.window(x.dim(2), x.dim(3), kernel);
    return x.avgPool2d(kernel.height(), kernel.width(), window, ceil, countBorder, divisor);
  }

  @Override
  protected Layer twin() {
    return new AvgPool2d(kernel, padding, ceil, countBorder, divisor);
  }

  @Override
  protected String settings() {
    return kernel
        + ", padding="
        + padding
        + (ceil ? ", ceil" : "")
        + (countBorder ? "" : ", border not counted")
        + (divisor == 0 ? "" : ", divisor=" + divisor);
  }
}
