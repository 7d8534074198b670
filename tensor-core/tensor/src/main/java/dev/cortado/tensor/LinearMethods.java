package dev.cortado.tensor;

import dev.cortado.tensor.op.ConvolutionOp;
import dev.cortado.tensor.op.Epilogue;
import dev.cortado.tensor.op.MatMul;
import dev.cortado.tensor.op.PoolingOp;
import dev.cortado.tensor.op.Window2d;

/** Products and convolutions. */
public sealed interface LinearMethods permits Tensor {
  /** Returns the matrix product over the last two axes; leading axes broadcast. */
  default Tensor matmul(Tensor other) {
    return self().apply(new MatMul(Epilogue.NONE), other);
  }

  /** Returns {@code this · weightᵀ + bias} for this […, in], weight [out, in] and bias [out]. */
  default Tensor linear(Tensor weight, Tensor bias) {
    return self().apply(new MatMul(Epilogue.BIAS), weight.t(), bias);
  }

  /**
   * Returns the convolution of this batch [N, C, H, W] with {@code weight} [O, C/groups, kh, kw].
   */
  default Tensor conv2d(Tensor weight, Window2d window, int groups) {
    return self().apply(new ConvolutionOp.Conv2d(window, groups, Epilogue.NONE), weight);
  }

  /** Returns the largest element of each {@code kernel}×{@code kernel} window. */
  default Tensor maxPool2d(int kernel, Window2d window) {
    return self().apply(new PoolingOp.MaxPool2d(kernel, kernel, window));
  }

  /**
   * Returns the mean of each {@code kernel}×{@code kernel} window, the border counting as zeros.
   */
  default Tensor avgPool2d(int kernel, Window2d window) {
    return self().apply(new PoolingOp.AvgPool2d(kernel, kernel, window, true));
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
