package dev.cortado.tensor.op;

import dev.cortado.tensor.Shape;
import java.util.List;

/**
 * Two-dimensional convolution (cross-correlation, as everywhere in deep learning) and its two
 * gradients.
 */
public sealed interface ConvolutionOp extends Op {
  /** Returns how the kernel walks. */
  Window2d window();

  /** Throws unless the first input has the shape of the convolution of {@code x} and {@code w}. */
  private static void checkGradient(
      ConvolutionOp op, List<TensorSpec> inputs, TensorSpec x, TensorSpec w) {
    var y = new Conv2d(op.window(), op.groups(), Epilogue.NONE).infer(List.of(x, w)).getFirst();
    Check.that(inputs.getFirst().equals(y), op, inputs, "the gradient must be " + y);
  }

  /** Returns into how many groups the channels are divided; as many as channels: depthwise. */
  int groups();

  /**
   * {@code y[n, o, i, j] = Σ x[n, c, i·stride − top + u·dilation, j·stride − left + v·dilation] ·
   * w[o, c, u, v]} over the channels c of o's group and the taps (u, v); outside the image x is 0;
   * then the epilogue. Inputs: x [N, C, H, W], w [O, C/groups, kh, kw], the epilogue's extras.
   */
  record Conv2d(Window2d window, int groups, Epilogue epilogue) implements ConvolutionOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 2 + epilogue.extras());
      Check.floating(this, inputs.subList(0, 2));
      Check.that(groups >= 1, this, inputs, "expected at least one group, not " + groups);
      Shape x = inputs.get(0).shape();
      Shape w = inputs.get(1).shape();
      Check.that(
          x.rank() == 4 && w.rank() == 4,
          this,
          inputs,
          "expected an image batch [N, C, H, W] and a kernel [O, C/groups, kh, kw]");
      Check.that(
          x.dim(1) == w.dim(1) * groups && w.dim(0) % groups == 0,
          this,
          inputs,
          "with "
              + groups
              + " group(s) the kernel must be [O, C/groups, kh, kw] with C = "
              + x.dim(1)
              + " and O a multiple of the groups");
      int height = window.outputHeight(x.dim(2), w.dim(2));
      int width = window.outputWidth(x.dim(3), w.dim(3));
      Check.that(
          height > 0 && width > 0,
          this,
          inputs,
          "the kernel does not fit into the image with " + window);
      var result =
          new TensorSpec(Shape.of(x.dim(0), w.dim(0), height, width), inputs.get(0).dtype());
      epilogue.check(this, result, inputs.subList(2, inputs.size()));
      return List.of(result);
    }
  }

  /** The gradient of {@link Conv2d} by x. Inputs: the gradient of y, w. */
  record Conv2dInputGradient(Window2d window, int groups, Shape input) implements ConvolutionOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 2);
      var x = new TensorSpec(input, inputs.get(0).dtype());
      checkGradient(this, inputs, x, inputs.get(1));
      return List.of(x);
    }
  }

  /** The gradient of {@link Conv2d} by w. Inputs: the gradient of y, x. */
  record Conv2dWeightGradient(Window2d window, int groups, Shape weight) implements ConvolutionOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 2);
      var w = new TensorSpec(weight, inputs.get(0).dtype());
      checkGradient(this, inputs, inputs.get(1), w);
      return List.of(w);
    }
  }
}
