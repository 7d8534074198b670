package dev.cortado.simd;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Two-dimensional convolutions of F32 images that lie channels-last, {@code [n, height, width,
 * channels]}, with weights {@code [outChannels, inChannels / groups, kernelHeight, kernelWidth]}:
 *
 * <pre>
 *   y[n, p, q, o] = Σ r,s,i  x[n, p·strideHeight + r·dilationHeight - top, q·strideWidth + s·dilationWidth - left, i] · w[o, i, r, s]
 * </pre>
 *
 * where {@code x} is zero outside the image. There are three ways through:
 *
 * <ul>
 *   <li>1×1 with stride 1 is the product of the pixels with a matrix: {@link Gemm}.
 *   <li>One channel per group: {@link DepthwiseKernels}.
 *   <li>Everything else is the product of the {@link Windows} with a matrix, whose rows are read
 *       where they lie. Groups run one after the other.
 * </ul>
 *
 * <p>Every number is summed in an order that depends on the shapes only.
 */
public final class Conv2dKernels {
  private Conv2dKernels() {}

  /**
   * Computes the convolution.
   *
   * @param s the sizes
   * @param x the input, from {@code xOffset}
   * @param w the weights, from {@code wOffset}
   * @param y the output, from {@code yOffset}
   * @param epilogue called once on each finished block of the output, whose rows are its pixels; or
   *     null
   */
  public static void forward(
      Conv2dShape s,
      float[] x,
      int xOffset,
      float[] w,
      int wOffset,
      float[] y,
      int yOffset,
      @Nullable TileEpilogue epilogue) {
    if (s.n() == 0) {
      return;
    }
    int in = s.inChannels();
    int out = s.outChannels();
    if (s.isPointwise()) {
      var pixels = MatrixView.rowMajor(x, xOffset, in);
      var weights = MatrixView.rowMajor(w, wOffset, in).transposed();
      Gemm.multiply(
          s.n() * s.outPixels(), out, in, pixels, weights, y, yOffset, out, false, epilogue);
      return;
    }
    if (s.isDepthwise()) {
      DepthwiseKernels.forward(s, x, xOffset, w, wOffset, y, yOffset, epilogue);
      return;
    }
    int depth = s.groupIn() * s.taps();
    for (int g = 0; g < s.groups(); g++) {
      var product = new WindowProduct(Windows.of(s, g), s.n(), s.groupOut());
      int from = wOffset + g * s.groupOut() * depth;
      float[] packed = Workspace.current().floats(Workspace.SHARED, product.packedSize());
      product.pack(w, (tap, o) -> from + o * depth + tap, s.taps(), packed, 0);
      int col = g * s.groupOut();
      int row = s.outWidth() * out;
      var to = new WindowProduct.Target(y, yOffset + col, s.outHeight() * row, row, out);
      product.run(x, xOffset, packed, to, col, epilogue);
    }
  }

  /**
   * Computes the gradient of the input from the gradient of the output.
   *
   * @param s the sizes
   * @param dy the output's gradient, from {@code dyOffset}
   * @param w the weights, from {@code wOffset}
   * @param dx the input's gradient, from {@code dxOffset}: overwritten
   */
  public static void inputGradient(
      Conv2dShape s, float[] dy, int dyOffset, float[] w, int wOffset, float[] dx, int dxOffset) {
    if (s.n() == 0) {
      return;
    }
    int in = s.inChannels();
    int out = s.outChannels();
    if (s.isPointwise()) {
      var pixels = MatrixView.rowMajor(dy, dyOffset, out);
      var weights = MatrixView.rowMajor(w, wOffset, in);
      Gemm.multiply(s.n() * s.outPixels(), in, out, pixels, weights, dx, dxOffset, in, false, null);
    } else if (s.isDepthwise()) {
      DepthwiseKernels.inputGradient(s, dy, dyOffset, w, wOffset, dx, dxOffset);
    } else {
      Conv2dInputGradient.run(s, dy, dyOffset, w, wOffset, dx, dxOffset);
    }
  }

  /**
   * Computes the gradient of the weights.
   *
   * @param s the sizes
   * @param x the input, from {@code xOffset}
   * @param dy the output's gradient, from {@code dyOffset}
   * @param dw the weights' gradient, from {@code dwOffset}: overwritten
   */
  public static void weightGradient(
      Conv2dShape s, float[] x, int xOffset, float[] dy, int dyOffset, float[] dw, int dwOffset) {
    if (s.n() == 0) {
      Arrays.fill(dw, dwOffset, dwOffset + s.weightSize(), 0f);
      return;
    }
    int in = s.inChannels();
    int out = s.outChannels();
    if (s.isPointwise()) {
      var gradients = MatrixView.rowMajor(dy, dyOffset, out).transposed();
      var pixels = MatrixView.rowMajor(x, xOffset, in);
      Gemm.multiply(
          out, in, s.n() * s.outPixels(), gradients, pixels, dw, dwOffset, in, false, null);
    } else if (s.isDepthwise()) {
      DepthwiseKernels.weightGradient(s, x, xOffset, dy, dyOffset, dw, dwOffset);
    } else {
      Conv2dWeightGradient.run(s, x, xOffset, dy, dyOffset, dw, dwOffset);
    }
  }
}
