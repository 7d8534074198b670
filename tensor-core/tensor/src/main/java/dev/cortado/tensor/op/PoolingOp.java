package dev.cortado.tensor.op;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Shape;
import java.util.List;

/** Pooling over windows of an image. */
public sealed interface PoolingOp extends Op {
  private static TensorSpec pooled(
      PoolingOp op, List<TensorSpec> inputs, int kernelH, int kernelW, Window2d window) {
    Check.count(op, inputs, 1);
    Check.floating(op, inputs);
    Shape x = inputs.getFirst().shape();
    Check.that(x.rank() == 4, op, inputs, "expected an image batch [N, C, H, W]");
    Check.that(
        Math.max(window.top(), window.bottom()) <= window.dilationH() * (kernelH - 1)
            && Math.max(window.left(), window.right()) <= window.dilationW() * (kernelW - 1),
        op,
        inputs,
        "the border must be smaller than the kernel, or some windows see nothing else");
    int height = window.outputHeight(x.dim(2), kernelH);
    int width = window.outputWidth(x.dim(3), kernelW);
    Check.that(height > 0 && width > 0, op, inputs, "the window does not fit into the image");
    return new TensorSpec(Shape.of(x.dim(0), x.dim(1), height, width), inputs.getFirst().dtype());
  }

  /**
   * The largest element of each window. Results: y, and the place of that element in its H·W plane
   * (I64; the first of equals). Borders never win.
   */
  record MaxPool2d(int kernelH, int kernelW, Window2d window) implements PoolingOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      var y = pooled(this, inputs, kernelH, kernelW, window);
      return List.of(y, new TensorSpec(y.shape(), DType.I64));
    }
  }

  /**
   * The largest element of each of {@code height}×{@code width} windows that cover the image
   * evenly, whatever its size; see {@link Taps#adaptiveMeans} for the windows. Results as those of
   * {@link MaxPool2d}.
   */
  record AdaptiveMaxPool2d(int height, int width) implements PoolingOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 1);
      Check.floating(this, inputs);
      Shape x = inputs.getFirst().shape();
      Check.that(x.rank() == 4, this, inputs, "expected an image batch [N, C, H, W]");
      Check.that(
          height >= 1 && width >= 1 && x.dim(2) >= 1 && x.dim(3) >= 1,
          this,
          inputs,
          "the largest of nothing is undefined");
      var y = Shape.of(x.dim(0), x.dim(1), height, width);
      return List.of(new TensorSpec(y, inputs.getFirst().dtype()), new TensorSpec(y, DType.I64));
    }
  }

  /**
   * The gradient of {@link MaxPool2d} and {@link AdaptiveMaxPool2d} by x. Inputs: the gradient of
   * y, the places.
   */
  record MaxPool2dGradient(Shape input) implements PoolingOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 2);
      Check.floating(this, inputs.subList(0, 1));
      var places = new TensorSpec(inputs.getFirst().shape(), DType.I64);
      Check.that(inputs.get(1).equals(places), this, inputs, "the places must be " + places);
      return List.of(new TensorSpec(input, inputs.getFirst().dtype()));
    }
  }

  /**
   * The mean of each window; the border counts as zeros if {@code countBorder}, else not at all.
   */
  record AvgPool2d(int kernelH, int kernelW, Window2d window, boolean countBorder)
      implements PoolingOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      return List.of(pooled(this, inputs, kernelH, kernelW, window));
    }

    /** Returns the means over rows; with those over columns they are this op. */
    public Taps rows(int height) {
      return rows(height, window.bottom());
    }

    /** Returns the means over columns. */
    public Taps columns(int width) {
      return columns(width, window.right());
    }

    /**
     * Returns the means over rows of an image of which only {@code border} rows below count, though
     * windows may hang over farther.
     */
    public Taps rows(int height, int border) {
      int outputs = window.outputHeight(height, kernelH);
      var axis = new Means(kernelH, window.strideH(), window.dilationH(), window.top());
      return axis.taps(height, outputs, border, countBorder);
    }

    /** Returns the means over columns of which only {@code border} to the right count. */
    public Taps columns(int width, int border) {
      int outputs = window.outputWidth(width, kernelW);
      var axis = new Means(kernelW, window.strideW(), window.dilationW(), window.left());
      return axis.taps(width, outputs, border, countBorder);
    }
  }

  /** The gradient of {@link AvgPool2d} by x. Input: the gradient of y. */
  record AvgPool2dGradient(
      int kernelH, int kernelW, Window2d window, boolean countBorder, Shape input)
      implements PoolingOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 1);
      var x = new TensorSpec(input, inputs.getFirst().dtype());
      var y = pooled(this, List.of(x), kernelH, kernelW, window);
      Check.that(inputs.getFirst().equals(y), this, inputs, "the gradient must be " + y);
      return List.of(x);
    }
  }
}
