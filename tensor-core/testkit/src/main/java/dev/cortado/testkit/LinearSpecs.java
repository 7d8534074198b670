package dev.cortado.testkit;

import static dev.cortado.tensor.formula.Formula.input;
import static dev.cortado.tensor.formula.Formula.sigmoid;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.ConvolutionOp;
import dev.cortado.tensor.op.Epilogue;
import dev.cortado.tensor.op.MatMul;
import dev.cortado.tensor.op.TensorSpec;
import dev.cortado.tensor.op.Window2d;
import java.util.ArrayList;
import java.util.List;

/** Specs of products and convolutions, with and without a formula behind them. */
final class LinearSpecs {
  private LinearSpecs() {}

  static List<OpSpec> all() {
    return List.of(
        OpSpec.of(MatMul.class, LinearSpecs::matMul),
        OpSpec.of(ConvolutionOp.Conv2d.class, LinearSpecs::conv2d),
        OpSpec.of(ConvolutionOp.Conv2dInputGradient.class, LinearSpecs::inputGradient),
        OpSpec.of(ConvolutionOp.Conv2dWeightGradient.class, LinearSpecs::weightGradient));
  }

  private static Epilogue epilogue(Draw d) {
    var biased = input(0).plus(input(1));
    return d.of(
        Epilogue.NONE,
        Epilogue.BIAS,
        new Epilogue(input(0).times(-0.5), 0),
        new Epilogue(biased.times(input(2)), 2),
        new Epilogue(biased.times(sigmoid(biased)).plus(input(2)), 2));
  }

  /** Adds the epilogue's inputs, which broadcast to {@code result}. */
  private static OpCase withExtras(
      Draw d, dev.cortado.tensor.op.Op op, Epilogue epilogue, Shape result, Tensor... first) {
    var inputs = new ArrayList<>(List.of(first));
    for (int i = 0; i < epilogue.extras(); i++) {
      inputs.add(d.tensor(d.narrower(result)));
    }
    return new OpCase(op, inputs);
  }

  private static OpCase matMul(Draw d) {
    int m = d.size();
    int k = d.size();
    int n = d.size();
    var batch = d.shape(0, 2);
    var a = concat(d.maybe() ? batch : d.narrower(batch), m, k);
    var b = concat(d.maybe() ? batch : d.narrower(batch), k, n);
    var epilogue = epilogue(d);
    var result = new MatMul(Epilogue.NONE).infer(specs(d, a, b)).getFirst().shape();
    return withExtras(d, new MatMul(epilogue), epilogue, result, d.tensor(a), d.tensor(b));
  }

  private static Shape concat(Shape batch, int rows, int columns) {
    int[] dims = java.util.Arrays.copyOf(batch.toArray(), batch.rank() + 2);
    dims[batch.rank()] = rows;
    dims[batch.rank() + 1] = columns;
    return Shape.of(dims);
  }

  private static List<TensorSpec> specs(Draw d, Shape... shapes) {
    var specs = new ArrayList<TensorSpec>();
    for (var shape : shapes) {
      specs.add(new TensorSpec(shape, d.type()));
    }
    return specs;
  }

  /** The shapes of one convolution. */
  private record Sizes(Window2d window, int groups, Shape x, Shape w, Shape y) {}

  private static Sizes sizes(Draw d) {
    int depth = d.size(3, 140);
    int groups = d.of(1, 1, 2, depth);
    int inputs = groups == depth ? 1 : d.size(2, 40);
    int kernelH = d.between(1, 3);
    int kernelW = d.between(1, 3);
    var window = d.window();
    int outputs = groups == depth ? d.between(1, 2) : d.size(2, 40);
    int height = window.dilationH() * (kernelH - 1) + d.size(3, 33);
    int width = window.dilationW() * (kernelW - 1) + d.size(4, 33);
    var x = Shape.of(d.between(1, 2), groups * inputs, height, width);
    var w = Shape.of(groups * outputs, inputs, kernelH, kernelW);
    var plain = new ConvolutionOp.Conv2d(window, groups, Epilogue.NONE);
    return new Sizes(window, groups, x, w, plain.infer(specs(d, x, w)).getFirst().shape());
  }

  // Whether the zeros of a border, and pixels between the strides, are left out or multiplied by 0
  // is up to the kernel; where the other factor is infinite it would show: 0 · ∞ is NaN.
  private static OpCase conv2d(Draw d) {
    var s = sizes(d);
    var epilogue = epilogue(d);
    var op = new ConvolutionOp.Conv2d(s.window, s.groups, epilogue);
    return withExtras(d, op, epilogue, s.y, d.tensor(s.x), d.finite(s.w));
  }

  private static OpCase inputGradient(Draw d) {
    var s = sizes(d);
    var op = new ConvolutionOp.Conv2dInputGradient(s.window, s.groups, s.x);
    return OpCase.of(op, d.tensor(s.y), d.finite(s.w));
  }

  private static OpCase weightGradient(Draw d) {
    var s = sizes(d);
    var op = new ConvolutionOp.Conv2dWeightGradient(s.window, s.groups, s.w);
    return OpCase.of(op, d.finite(s.y), d.finite(s.x));
  }
}
