package dev.cortado.autograd;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.PoolingOp;
import dev.cortado.tensor.op.PoolingOp.AvgPool2d;
import dev.cortado.tensor.op.PoolingOp.AvgPool2dGradient;
import dev.cortado.tensor.op.PoolingOp.MaxPool2dGradient;

/** The rules of pooling. */
final class PoolingRules {
  private static final Rule LARGEST =
      Rule.unary(
          Saves.NOTHING.output(1),
          at -> at.gradient(0).apply(new MaxPool2dGradient(at.inputShape(0)), at.output(1)));

  private PoolingRules() {}

  static Rule of(PoolingOp op) {
    return switch (op) {
      // The winner of each window gets its gradient.
      case PoolingOp.MaxPool2d p -> LARGEST;
      case PoolingOp.AdaptiveMaxPool2d p -> LARGEST;
      // It lays numbers at places; the way back picks them up from there.
      case MaxPool2dGradient p ->
          Rule.of(
              Saves.NOTHING.input(1),
              at -> new Tensor[] {pickUp(at.gradient(0), at.input(1)), null});
      case AvgPool2d p ->
          Rule.unary(
              Saves.NOTHING,
              at ->
                  at.gradient(0)
                      .apply(
                          new AvgPool2dGradient(
                              p.kernelH(),
                              p.kernelW(),
                              p.window(),
                              p.countBorder(),
                              at.inputShape(0))));
      case AvgPool2dGradient p ->
          Rule.unary(
              Saves.NOTHING,
              at ->
                  at.gradient(0)
                      .apply(new AvgPool2d(p.kernelH(), p.kernelW(), p.window(), p.countBorder())));
    };
  }

  /** Returns for each place the element of that number in its own plane of {@code image}. */
  private static Tensor pickUp(Tensor image, Tensor places) {
    Shape shape = places.shape();
    int planes = shape.dim(0) * shape.dim(1);
    long[] firsts = new long[planes];
    for (int i = 0; i < planes; i++) {
      firsts[i] = (long) i * image.dim(2) * image.dim(3);
    }
    var first = Tensor.of(firsts, shape.dim(0), shape.dim(1), 1, 1);
    var index = places.to(DType.I64).add(first).reshape(-1);
    return image.reshape(-1).indexSelect(0, index).reshape(shape.toArray());
  }
}
