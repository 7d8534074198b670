package dev.cortado.autograd;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.ConvolutionOp;
import dev.cortado.tensor.op.ConvolutionOp.Conv2d;
import dev.cortado.tensor.op.ConvolutionOp.Conv2dInputGradient;
import dev.cortado.tensor.op.ConvolutionOp.Conv2dWeightGradient;
import dev.cortado.tensor.op.Epilogue;
import org.jspecify.annotations.Nullable;

/**
 * The rules of convolution. Y, X and W hang together by one sum of products x·w that lands in y, so
 * the convolution and its two gradients are each other's derivatives, and the family is closed.
 */
final class ConvolutionRules {
  private ConvolutionRules() {}

  static Rule of(ConvolutionOp op) {
    return switch (op) {
      case Conv2d c ->
          Rule.of(
              wanted -> Epilogues.saves(c.epilogue(), wanted).and(true, crosswise(wanted)),
              at -> convolution(c, at));
      // x = f(g, w): by g it is a convolution again, by w the pairing of g with the gradient of x.
      case Conv2dInputGradient c ->
          Rule.of(
              ConvolutionRules::crosswise,
              at ->
                  pair(
                      at.wants(0) ? convolve(c, at.gradient(0), at.input(1)) : null,
                      at.wants(1)
                          ? weight(c, at.input(0), at.gradient(0), at.inputShape(1))
                          : null));
      // w = f(g, x): by g the convolution of x with the gradient of w, by x what w's place gives.
      case Conv2dWeightGradient c ->
          Rule.of(
              ConvolutionRules::crosswise,
              at ->
                  pair(
                      at.wants(0) ? convolve(c, at.input(1), at.gradient(0)) : null,
                      at.wants(1)
                          ? image(c, at.input(0), at.gradient(0), at.inputShape(1))
                          : null));
    };
  }

  /** A product's gradient by one factor reads the other. */
  private static Saves crosswise(Wanted wanted) {
    return Saves.NOTHING
        .and(wanted.wants(0), Saves.NOTHING.input(1))
        .and(wanted.wants(1), Saves.NOTHING.input(0));
  }

  private static @Nullable Tensor[] convolution(Conv2d op, Backward at) {
    @Nullable Tensor[] results = new Tensor[at.inputs()];
    var g = Epilogues.gradients(op.epilogue(), at, results);
    if (g != null && at.wants(0)) {
      results[0] = image(op, g, at.input(1), at.inputShape(0));
    }
    if (g != null && at.wants(1)) {
      results[1] = weight(op, g, at.input(0), at.inputShape(1));
    }
    return results;
  }

  private static Tensor convolve(ConvolutionOp op, Tensor x, Tensor w) {
    return x.apply(new Conv2d(op.window(), op.groups(), Epilogue.NONE), w);
  }

  private static Tensor image(ConvolutionOp op, Tensor g, Tensor w, Shape x) {
    return g.apply(new Conv2dInputGradient(op.window(), op.groups(), x), w);
  }

  private static Tensor weight(ConvolutionOp op, Tensor g, Tensor x, Shape w) {
    return g.apply(new Conv2dWeightGradient(op.window(), op.groups(), w), x);
  }

  private static @Nullable Tensor[] pair(@Nullable Tensor a, @Nullable Tensor b) {
    return new Tensor[] {a, b};
  }
}
