package dev.cortado.simd;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.ConvolutionOp;
import dev.cortado.tensor.op.TensorSpec;
import dev.cortado.tensor.op.Window2d;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions and their gradients: brings images into channels-last memory and calls the kernel
 * that fits.
 */
final class Conv2dSimd {
  private Conv2dSimd() {}

  /** Returns the result, or null if the types need the reference. */
  static @Nullable Tensor run(ConvolutionOp op, List<Tensor> inputs, TensorSpec spec) {
    for (var input : inputs) {
      if (input.dtype() != DType.F32 || input.elements() == 0) {
        return null;
      }
    }
    return switch (op) {
      case ConvolutionOp.Conv2d c ->
          MatMulSimd.supports(c.epilogue()) ? forward(c, inputs, spec) : null;
      case ConvolutionOp.Conv2dInputGradient c -> inputGradient(c, inputs, spec);
      case ConvolutionOp.Conv2dWeightGradient c -> weightGradient(c, inputs, spec);
    };
  }

  private static Tensor forward(ConvolutionOp.Conv2d op, List<Tensor> inputs, TensorSpec spec) {
    var x = inputs.get(0).detach().channelsLast();
    var w = inputs.get(1).detach().contiguous();
    var extras = inputs.subList(2, inputs.size());
    var shape = shape(x.shape(), w.shape(), op.window(), op.groups());
    var y = image(spec, op.name());
    var epilogue = MatMulSimd.tileEpilogue(op.epilogue(), extras, y, w.dim(0));
    if (shape.isDepthwise()) {
      DepthwiseKernels.forward(shape, data(x), at(x), data(w), at(w), data(y), at(y), epilogue);
    } else {
      Conv2dKernels.forward(shape, data(x), at(x), data(w), at(w), data(y), at(y), epilogue);
    }
    if (epilogue == null) {
      MatMulSimd.apply(op.epilogue(), extras, y);
    }
    return y;
  }

  private static Tensor inputGradient(
      ConvolutionOp.Conv2dInputGradient op, List<Tensor> inputs, TensorSpec spec) {
    var dy = inputs.get(0).detach().channelsLast();
    var w = inputs.get(1).detach().contiguous();
    var shape = shape(op.input(), w.shape(), op.window(), op.groups());
    var dx = image(spec, op.name());
    if (shape.isDepthwise()) {
      DepthwiseKernels.inputGradient(shape, data(dy), at(dy), data(w), at(w), data(dx), at(dx));
    } else {
      Conv2dKernels.inputGradient(shape, data(dy), at(dy), data(w), at(w), data(dx), at(dx));
    }
    return dx;
  }

  private static Tensor weightGradient(
      ConvolutionOp.Conv2dWeightGradient op, List<Tensor> inputs, TensorSpec spec) {
    var dy = inputs.get(0).detach().channelsLast();
    var x = inputs.get(1).detach().channelsLast();
    var shape = shape(x.shape(), op.weight(), op.window(), op.groups());
    var dw = Tensor.empty(spec.shape(), DType.F32, op.name());
    if (shape.isDepthwise()) {
      DepthwiseKernels.weightGradient(shape, data(x), at(x), data(dy), at(dy), data(dw), 0);
    } else {
      Conv2dKernels.weightGradient(shape, data(x), at(x), data(dy), at(dy), data(dw), 0);
    }
    return dw;
  }

  private static Conv2dShape shape(Shape x, Shape w, Window2d window, int groups) {
    return new Conv2dShape(
        x.dim(0),
        x.dim(2),
        x.dim(3),
        x.dim(1),
        w.dim(0),
        w.dim(2),
        w.dim(3),
        window.strideH(),
        window.strideW(),
        window.top(),
        window.bottom(),
        window.left(),
        window.right(),
        window.dilationH(),
        window.dilationW(),
        groups);
  }

  private static Tensor image(TensorSpec spec, String origin) {
    return Aligned.empty(spec.shape(), Layout.channelsLast(spec.shape()), origin);
  }

  private static float[] data(Tensor x) {
    return x.host().floats();
  }

  private static int at(Tensor x) {
    return x.layout().offset();
  }
}
