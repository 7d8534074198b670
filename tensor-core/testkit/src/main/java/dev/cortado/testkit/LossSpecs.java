package dev.cortado.testkit;

import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Loss;
import java.util.List;

/** Specs of the losses of single outputs. */
final class LossSpecs {
  private LossSpecs() {}

  static List<OpSpec> all() {
    return List.of(
        OpSpec.of(Loss.SquaredError.class, d -> pair(d, new Loss.SquaredError())),
        OpSpec.of(Loss.AbsoluteError.class, d -> pair(d, new Loss.AbsoluteError())),
        OpSpec.of(Loss.SmoothL1.class, d -> pair(d, new Loss.SmoothL1(d.of(0.5, 1.3)))),
        OpSpec.of(Loss.SmoothL1.class, d -> pair(d, new Loss.SmoothL1(0))).named("smoothL1 of 0"),
        OpSpec.of(Loss.Huber.class, d -> pair(d, new Loss.Huber(d.of(0.5, 1.3)))),
        OpSpec.of(Loss.BceWithLogits.class, LossSpecs::bceWithLogits),
        OpSpec.of(Loss.KlDivergence.class, LossSpecs::klDivergence));
  }

  /** Differences are odd multiples of 0.2: never 0, 0.5 or 1.3, where the losses have kinks. */
  private static OpCase pair(Draw d, Loss op) {
    var shapes = d.broadcasting(2);
    return OpCase.of(op, d.lattice(shapes.get(0), 0.4, 0), d.lattice(shapes.get(1), 0.4, 0.2));
  }

  private static OpCase bceWithLogits(Draw d) {
    var shapes = d.broadcasting(3);
    boolean weighted = d.maybe();
    Tensor x = d.tensor(shapes.get(0), -30, 30);
    Tensor target = d.tensor(shapes.get(1), 0, 1);
    return weighted
        ? OpCase.of(new Loss.BceWithLogits(true), x, target, d.tensor(shapes.get(2), 0.5, 2))
        : OpCase.of(new Loss.BceWithLogits(false), x, target);
  }

  private static OpCase klDivergence(Draw d) {
    var shapes = d.broadcasting(2);
    boolean logTarget = d.maybe();
    double least = logTarget ? -3 : 0.1;
    return OpCase.of(
        new Loss.KlDivergence(logTarget),
        d.tensor(shapes.get(0), -3, 0),
        d.tensor(shapes.get(1), least, logTarget ? 0 : 1));
  }
}
