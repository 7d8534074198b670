package dev.cortado.tensor.op;

import dev.cortado.tensor.Shape;
import java.util.List;

/** Linear maps between the places of images: the same for every image and channel. */
public sealed interface SpatialOp extends Op {
  /**
   * Every new pixel is a weighted sum of pixels: {@code y[n, c, i, j] = Σ rows(i, u) · columns(j,
   * v) · x[n, c, u, v]}. Interpolation and averages over windows, even or not; its gradient is the
   * same op with transposed maps. Input: x [N, C, H, W].
   */
  record Resample(Taps rows, Taps columns) implements SpatialOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 1);
      Check.floating(this, inputs);
      var x = inputs.getFirst();
      Check.that(
          x.shape().rank() == 4
              && x.shape().dim(2) == rows.inputs()
              && x.shape().dim(3) == columns.inputs(),
          this,
          inputs,
          "expected images [N, C, " + rows.inputs() + ", " + columns.inputs() + "]");
      var y = Shape.of(x.shape().dim(0), x.shape().dim(1), rows.outputs(), columns.outputs());
      return List.of(new TensorSpec(y, x.dtype()));
    }
  }

  /**
   * The windows that a kernel sees, one column each (im2col): x [N, C, H, W] to [N, C·kh·kw, L]
   * with L windows, row by row; a column's order is channel, kernel row, kernel column. The border
   * is 0.
   */
  record Unfold(int kernelH, int kernelW, Window2d window) implements SpatialOp {
    @Override
    public String name() {
      return "unfold2d";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 1);
      Check.floating(this, inputs);
      var x = inputs.getFirst();
      Check.that(x.shape().rank() == 4, this, inputs, "expected an image batch [N, C, H, W]");
      int height = window.outputHeight(x.shape().dim(2), kernelH);
      int width = window.outputWidth(x.shape().dim(3), kernelW);
      Check.that(
          kernelH >= 1 && kernelW >= 1 && height > 0 && width > 0,
          this,
          inputs,
          "the window does not fit into the image");
      int column = x.shape().dim(1) * kernelH * kernelW;
      return List.of(new TensorSpec(Shape.of(x.shape().dim(0), column, height * width), x.dtype()));
    }
  }

  /**
   * The gradient of {@link Unfold}, col2im: windows added up at their places in images of the given
   * size. Input: [N, C·kh·kw, L].
   */
  record Fold(int kernelH, int kernelW, Window2d window, int height, int width)
      implements SpatialOp {
    @Override
    public String name() {
      return "fold2d";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 1);
      Check.floating(this, inputs);
      var x = inputs.getFirst().shape();
      int area = kernelH * kernelW;
      Check.that(
          area >= 1 && x.rank() == 3 && x.dim(1) % area == 0,
          this,
          inputs,
          "expected windows [N, C·" + kernelH + "·" + kernelW + ", L]");
      int rows = window.outputHeight(height, kernelH);
      int columns = window.outputWidth(width, kernelW);
      Check.that(
          rows > 0 && columns > 0 && x.dim(2) == rows * columns,
          this,
          inputs,
          "an image of "
              + height
              + "×"
              + width
              + " has "
              + Math.max(0, rows)
              + "·"
              + Math.max(0, columns)
              + " windows");
      var image = Shape.of(x.dim(0), x.dim(1) / area, height, width);
      return List.of(new TensorSpec(image, inputs.getFirst().dtype()));
    }
  }
}
