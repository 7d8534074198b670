package dev.cortado.testkit;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.op.PoolingOp;
import dev.cortado.tensor.op.Window2d;
import java.util.List;

/** Specs of pooling. */
final class PoolingSpecs {
  private PoolingSpecs() {}

  static List<OpSpec> all() {
    return List.of(
        OpSpec.of(PoolingOp.MaxPool2d.class, PoolingSpecs::max),
        OpSpec.of(PoolingOp.AdaptiveMaxPool2d.class, PoolingSpecs::adaptiveMax),
        OpSpec.of(PoolingOp.MaxPool2dGradient.class, PoolingSpecs::maxGradient),
        OpSpec.of(PoolingOp.AvgPool2d.class, PoolingSpecs::avg),
        OpSpec.of(PoolingOp.AvgPool2dGradient.class, PoolingSpecs::avgGradient));
  }

  private record Sizes(int kernelH, int kernelW, Window2d window, Shape x) {}

  private static Sizes sizes(Draw d) {
    int kernelH = d.between(1, 3);
    int kernelW = d.between(1, 3);
    // A border of at most half the kernel: every window sees a pixel.
    var window =
        new Window2d(
            d.between(1, 2),
            d.between(1, 3),
            d.between(0, kernelH / 2),
            d.between(0, kernelH / 2),
            d.between(0, kernelW / 2),
            d.between(0, kernelW / 2),
            1,
            1);
    var x =
        Shape.of(
            d.between(1, 2),
            d.size(3, 140),
            kernelH - 1 + d.size(4, 33),
            kernelW - 1 + d.size(4, 33));
    return new Sizes(kernelH, kernelW, window, x);
  }

  private static OpCase max(Draw d) {
    var s = sizes(d);
    var op = new PoolingOp.MaxPool2d(s.kernelH, s.kernelW, s.window);
    return OpCase.of(op, d.distinct(s.x));
  }

  private static OpCase adaptiveMax(Draw d) {
    var op = new PoolingOp.AdaptiveMaxPool2d(d.between(1, 4), d.between(1, 4));
    return OpCase.of(
        op, d.distinct(Shape.of(d.between(1, 2), d.size(3, 140), d.size(5, 33), d.size(5, 33))));
  }

  private static OpCase maxGradient(Draw d) {
    var s = sizes(d);
    var pooled =
        Ops.applyAll(
            new PoolingOp.MaxPool2d(s.kernelH, s.kernelW, s.window), List.of(d.distinct(s.x)));
    var op = new PoolingOp.MaxPool2dGradient(s.x);
    return OpCase.of(op, d.tensor(pooled.get(0).shape()), pooled.get(1).to(DType.I64));
  }

  private static OpCase avg(Draw d) {
    var s = sizes(d);
    var op = new PoolingOp.AvgPool2d(s.kernelH, s.kernelW, s.window, d.maybe());
    return OpCase.of(op, d.tensor(s.x));
  }

  private static OpCase avgGradient(Draw d) {
    var s = sizes(d);
    boolean border = d.maybe();
    var forward = new PoolingOp.AvgPool2d(s.kernelH, s.kernelW, s.window, border);
    var y = forward.infer(List.of(d.tensor(s.x).spec())).getFirst().shape();
    var op = new PoolingOp.AvgPool2dGradient(s.kernelH, s.kernelW, s.window, border, s.x);
    return OpCase.of(op, d.tensor(y));
  }
}
