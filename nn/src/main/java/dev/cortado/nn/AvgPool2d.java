package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.PoolingOp;

/** The mean of each window of images [N, C, H, W]. */
public final class AvgPool2d extends Layer {
  private final Kernel2d kernel;
  private final Padding padding;
  private final boolean countBorder;

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
    if (kernel.dilationH() != 1 || kernel.dilationW() != 1) {
      throw new CortadoException("AvgPool2d takes no dilation, got " + kernel);
    }
    this.kernel = kernel;
    this.padding = padding;
    this.countBorder = countBorder;
  }

  @Override
  public Tensor forward(Tensor x) {
    var window = padding.window(x.dim(2), x.dim(3), kernel);
    return x.apply(new PoolingOp.AvgPool2d(kernel.height(), kernel.width(), window, countBorder));
  }

  @Override
  protected Layer twin() {
    return new AvgPool2d(kernel, padding, countBorder);
  }

  @Override
  protected String settings() {
    return kernel + ", padding=" + padding + (countBorder ? "" : ", border not counted");
  }
}
