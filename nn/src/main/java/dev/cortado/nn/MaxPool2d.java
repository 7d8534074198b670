package dev.cortado.nn;

import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.PoolingOp;
import java.util.List;

/** The largest element of each window of images [N, C, H, W]; a border never wins. */
public final class MaxPool2d extends Layer {
  private final Kernel2d kernel;
  private final Padding padding;

  /** Creates a pool of square windows side by side. */
  public MaxPool2d(int size) {
    this(Kernel2d.of(size).withStride(size), Padding.NONE);
  }

  /** Creates a pool. Unlike a convolution's, a kernel's steps are not 1 unless it says so. */
  public MaxPool2d(int size, int stride, int padding) {
    this(Kernel2d.of(size).withStride(stride), Padding.of(padding));
  }

  /** Creates a pool. */
  public MaxPool2d(Kernel2d kernel, Padding padding) {
    this.kernel = kernel;
    this.padding = padding;
  }

  @Override
  public Tensor forward(Tensor x) {
    var window = padding.window(x.dim(2), x.dim(3), kernel);
    var op = new PoolingOp.MaxPool2d(kernel.height(), kernel.width(), window);
    return Ops.applyAll(op, List.of(x)).getFirst();
  }

  @Override
  protected Layer twin() {
    return new MaxPool2d(kernel, padding);
  }

  @Override
  protected String settings() {
    return kernel + ", padding=" + padding;
  }
}
