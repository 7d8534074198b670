package dev.cortado.autograd;

import static dev.cortado.tensor.formula.Formula.constant;
import static dev.cortado.tensor.formula.Formula.input;
import static dev.cortado.tensor.formula.Formula.select;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Fused;
import dev.cortado.tensor.op.ReductionOp;
import dev.cortado.tensor.op.ReductionOp.Extremum;
import dev.cortado.tensor.op.ReductionOp.SumOf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of reductions. */
final class ReductionRules {
  /** g / count at the extreme elements, 0 elsewhere; inputs x, y, g, count. */
  private static final Fused SHARE =
      Fused.of(4, select(input(0).equalTo(input(1)), input(2).dividedBy(input(3)), constant(0)));

  private ReductionRules() {}

  static Rule of(ReductionOp op) {
    return switch (op) {
      case SumOf s -> sumOf(s);
      case Extremum e -> Rule.unary(Saves.NOTHING.input(0).output(0), at -> extremum(e, at));
      case ReductionOp.ArgMax a -> Rule.zero();
      case ReductionOp.ArgMin a -> Rule.zero();
    };
  }

  /**
   * {@code y_k = Σ f_k(x)}: every element of the sum gets the gradient of y_k, so this is the
   * formulas' own rule with that gradient stretched out, which costs nothing.
   */
  private static Rule sumOf(SumOf op) {
    var rule = ElementwiseRules.of(op.terms(), op.arity());
    return Rule.of(rule::saves, at -> sumOf(op, rule, at));
  }

  private static @Nullable Tensor[] sumOf(SumOf op, FormulaRule rule, Backward at) {
    Shape[] shapes = new Shape[op.arity()];
    Shape full = Shape.SCALAR;
    for (int i = 0; i < shapes.length; i++) {
      shapes[i] = at.inputShape(i);
      full = Shape.broadcast("sum", full, shapes[i]);
    }
    Shape kept = op.axes().reduce(full, true);
    @Nullable Tensor[] stretched = new Tensor[at.outputs()];
    for (int k = 0; k < stretched.length; k++) {
      if (at.hasGradient(k)) {
        stretched[k] = Broadcasting.reshaped(at.gradient(k), kept).expand(full.toArray());
      }
    }
    return rule.gradients(at, at::input, shapes, full, stretched);
  }

  /** Equal extremes share the gradient evenly. */
  private static Tensor extremum(Extremum op, Backward at) {
    var x = at.input(0);
    Shape kept = op.axes().reduce(x.shape(), true);
    var y = Broadcasting.reshaped(at.output(0), kept);
    var count = new SumOf(List.of(input(0).equalTo(input(1))), 2, op.axes(), true);
    return x.apply(
        SHARE, y, Broadcasting.reshaped(at.gradient(0), kept), x.detach().apply(count, y.detach()));
  }
}
