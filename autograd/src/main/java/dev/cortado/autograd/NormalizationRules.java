package dev.cortado.autograd;

import static dev.cortado.tensor.formula.Formula.exp;
import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.Fused;
import dev.cortado.tensor.op.NormalizationOp;
import dev.cortado.tensor.op.NormalizationOp.Softmax;
import dev.cortado.tensor.op.NormalizationOp.SoftmaxGradient;
import dev.cortado.tensor.op.ReductionOp.SumOf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of normalisations; batch and layer normalisation have files of their own. */
final class NormalizationRules {
  /** h · (g − s) − g · t; inputs h, g, s, t. */
  private static final Fused SOFTMAX_BY_Y =
      Fused.of(4, input(0).times(input(1).minus(input(2))).minus(input(1).times(input(3))));

  /** h − s; inputs h, s. */
  private static final Fused LOG_SOFTMAX_BY_G = Fused.of(2, input(0).minus(input(1)));

  /** −h · e^y · s; inputs h, y, s. */
  private static final Fused LOG_SOFTMAX_BY_Y =
      Fused.of(3, input(0).times(exp(input(1))).times(input(2)).times(-1));

  private NormalizationRules() {}

  static Rule of(NormalizationOp op) {
    return switch (op) {
      case NormalizationOp.BatchNorm b -> new BatchNormRule(b);
      case NormalizationOp.LayerNorm l -> new LayerNormRule();
      case NormalizationOp.LayerNormGradient l -> new LayerNormGradientRule();
      case Softmax s ->
          Rule.unary(
              Saves.NOTHING.output(0),
              at ->
                  at.gradient(0).apply(new SoftmaxGradient(s.axis(), s.logarithm()), at.output(0)));
      case SoftmaxGradient s ->
          Rule.of(
              wanted -> Saves.NOTHING.input(1).and(wanted.wants(1), Saves.NOTHING.input(0)),
              at -> s.logarithm() ? logSoftmaxGradient(s, at) : softmaxGradient(s, at));
    };
  }

  /**
   * y·(g − Σ g·y), into which h comes: by g y·(h − Σ h·y), which is the same op; by y h·(g − Σ g·y)
   * − g·Σ h·y.
   */
  private static @Nullable Tensor[] softmaxGradient(SoftmaxGradient op, Backward at) {
    @Nullable Tensor[] results = new Tensor[2];
    var h = at.gradient(0);
    var y = at.input(1);
    if (at.wants(0)) {
      results[0] = h.apply(op, y);
    }
    if (at.wants(1)) {
      var product = sum(op, input(0).times(input(1)));
      var g = at.input(0);
      results[1] = h.apply(SOFTMAX_BY_Y, g, g.apply(product, y), h.apply(product, y));
    }
    return results;
  }

  /** g − e^y·Σ g, into which h comes: by g h − Σ h·e^y; by y −h·e^y·Σ g. */
  private static @Nullable Tensor[] logSoftmaxGradient(SoftmaxGradient op, Backward at) {
    @Nullable Tensor[] results = new Tensor[2];
    var h = at.gradient(0);
    var y = at.input(1);
    if (at.wants(0)) {
      var product = sum(op, input(0).times(exp(input(1))));
      results[0] = h.apply(LOG_SOFTMAX_BY_G, h.apply(product, y));
    }
    if (at.wants(1)) {
      results[1] = h.apply(LOG_SOFTMAX_BY_Y, y, at.input(0).sum(true, op.axis()));
    }
    return results;
  }

  private static SumOf sum(SoftmaxGradient op, Formula term) {
    return new SumOf(List.of(term), 2, new Axes(List.of(op.axis())), true);
  }
}
