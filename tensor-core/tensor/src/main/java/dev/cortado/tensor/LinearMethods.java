package dev.cortado.tensor;

import dev.cortado.tensor.op.ConvolutionOp;
import dev.cortado.tensor.op.Epilogue;
import dev.cortado.tensor.op.MatMul;
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

  /**
   * Returns the transposed convolution of this batch [N, C, H, W] with {@code weight} [C, O/groups,
   * kh, kw]: every pixel adds its multiple of the kernel to the result, {@code stride} apart. The
   * gradient of {@link #conv2d} by its input, as a layer.
   *
   * <p>The result is {@code (H − 1) · stride − borders + dilation · (kh − 1) + 1 + extraH} pixels
   * high; the borders are cut off.
   *
   * @param extraH rows added below, of the several heights that a convolution takes to H; below the
   *     stride
   * @param extraW columns added to the right
   */
  default Tensor convTranspose2d(
      Tensor weight, Window2d window, int extraH, int extraW, int groups) {
    var x = self();
    boolean fits =
        x.rank() == 4
            && weight.rank() == 4
            && groups >= 1
            && weight.dim(0) == x.dim(1)
            && x.dim(1) % groups == 0;
    if (!fits) {
      throw new CortadoException(
          "convTranspose2d: got "
              + x.spec()
              + " and weight "
              + weight.spec()
              + " in "
              + groups
              + " group(s); expected images [N, C, H, W] and a kernel [C, O/groups, kh, kw]");
    }
    if (extraH < 0 || extraW < 0 || extraH >= window.strideH() || extraW >= window.strideW()) {
      throw new CortadoException(
          "convTranspose2d: extra rows and columns must be at least 0 and below the stride, got "
              + extraH
              + " and "
              + extraW
              + " with "
              + window);
    }
    int height =
        (x.dim(2) - 1) * window.strideH()
            - window.top()
            - window.bottom()
            + window.dilationH() * (weight.dim(2) - 1)
            + 1
            + extraH;
    int width =
        (x.dim(3) - 1) * window.strideW()
            - window.left()
            - window.right()
            + window.dilationW() * (weight.dim(3) - 1)
            + 1
            + extraW;
    if (height < 1 || width < 1) {
      throw new CortadoException(
          "convTranspose2d: nothing is left of " + x.shape() + " inside the borders of " + window);
    }
    var image = Shape.of(x.dim(0), weight.dim(1) * groups, height, width);
    return x.apply(new ConvolutionOp.Conv2dInputGradient(window, groups, image), weight);
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
