package dev.cortado.autograd;

import static dev.cortado.tensor.formula.Formula.exp;
import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.Fused;
import dev.cortado.tensor.op.NormalizationOp;
import dev.cortado.tensor.op.NormalizationOp.Softmax;
import dev.cortado.tensor.op.ReductionOp.SumOf;
import java.util.List;

/** The rules of normalisations; batch and layer normalisation have files of their own. */
final class NormalizationRules {
  /** y · (g − s); inputs y, g, s. */
  private static final Fused SOFTMAX = Fused.of(3, input(0).times(input(1).minus(input(2))));

  /** g − e^y · s; inputs y, g, s. */
  private static final Fused LOG_SOFTMAX =
      Fused.of(3, input(1).minus(exp(input(0)).times(input(2))));

  private NormalizationRules() {}

  static Rule of(NormalizationOp op) {
    return switch (op) {
      case NormalizationOp.BatchNorm b -> new BatchNormRule(b);
      case NormalizationOp.LayerNorm l -> new LayerNormRule();
      case Softmax s -> Rule.unary(Saves.NOTHING.output(0), at -> softmax(s, at));
    };
  }

  /**
   * y = softmax(x): gx = y·(g − Σ g·y). y = log softmax(x): gx = g − e^y·Σ g. The sums run along
   * the axis.
   */
  private static Tensor softmax(Softmax op, Backward at) {
    var y = at.output(0);
    var g = at.gradient(0);
    var term = op.logarithm() ? input(1) : input(0).times(input(1));
    var sum = new SumOf(List.of(term), 2, new Axes(List.of(op.axis())), true);
    return y.apply(op.logarithm() ? LOG_SOFTMAX : SOFTMAX, g, y.apply(sum, g));
  }
}
