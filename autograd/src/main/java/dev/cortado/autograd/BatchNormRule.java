package dev.cortado.autograd;

import static dev.cortado.tensor.formula.Formula.constant;
import static dev.cortado.tensor.formula.Formula.input;
import static dev.cortado.tensor.formula.Formula.sqrt;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Derivative;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.NormalizationOp.BatchNorm;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The rule of batch normalisation followed by an activation a, in two passes over memory. Per
 * channel of m elements let
 *
 * <pre>
 * d = x − mean,  α = weight / √(variance + eps),  z = α·d + bias,  y = a(z),  g' = g·a'(z)
 * G = Σ g',      S = Σ g'·d                                             (the first pass)
 * g_bias   = G
 * g_weight = S / √(variance + eps)
 * g_x      = α·g' − k₁ − k₂·d                                           (the second pass)
 * k₁ = (α·G − g_mean) / m
 * k₂ = (α·S / (variance + eps) − 2·g_variance) / m
 * </pre>
 *
 * <p>where g_mean and g_variance are the gradients of the two other results, if anybody used them.
 * z is computed again from x: cheaper than keeping it.
 */
final class BatchNormRule implements Rule {
  private static final Axes FLAT = new Axes(List.of(0));
  private static final Axes IMAGE = new Axes(List.of(0, 2, 3));
  private static final Map<Formula, Passes> PASSES = new ConcurrentHashMap<>();

  private final double eps;
  private final Passes passes;

  BatchNormRule(BatchNorm op) {
    eps = op.eps();
    var known = PASSES.get(op.activation());
    if (known == null) {
      known = Passes.of(op.activation());
      PASSES.put(op.activation(), known);
    }
    passes = known;
  }

  /**
   * The passes for one activation, over (g, x, mean, α, bias, k₁, k₂).
   *
   * @param needsZ whether the activation's derivative varies
   */
  private record Passes(
      FormulaCall flatSums, FormulaCall imageSums, FormulaCall gradient, boolean needsZ) {
    static Passes of(Formula activation) {
      var d = input(1).minus(input(2));
      var z = d.times(input(3)).plus(input(4));
      var slope = Derivative.of(activation, 0);
      var inner = FormulaRule.chain(Derivative.substitute(slope, List.of(z)), input(0));
      var terms = List.of(inner, inner.times(d));
      return new Passes(
          FormulaCall.sums(terms, FLAT, true),
          FormulaCall.sums(terms, IMAGE, true),
          FormulaCall.each(input(3).times(inner).minus(d.times(input(6)).plus(input(5)))),
          Derivative.uses(slope, 0));
    }
  }

  @Override
  public Saves saves(Wanted wanted) {
    return Saves.NOTHING
        .input(0)
        .output(1)
        .output(2)
        .and(wanted.wants(0) || passes.needsZ, Saves.NOTHING.input(1))
        .and(passes.needsZ, Saves.NOTHING.input(2));
  }

  @Override
  public @Nullable Tensor[] gradients(Backward at) {
    var x = at.input(0);
    var g = at.gradient(0);
    boolean image = x.rank() == 4;
    Shape kept = (image ? IMAGE : FLAT).reduce(x.shape(), true);
    var mean = Broadcasting.reshaped(at.output(1), kept);
    var variance = Broadcasting.reshaped(at.output(2), kept);
    boolean needsAlpha = at.wants(0) || passes.needsZ;
    var alpha =
        needsAlpha ? alpha(Broadcasting.reshaped(at.input(1), kept), variance) : mean; // not read
    var bias = passes.needsZ ? Broadcasting.reshaped(at.input(2), kept) : mean; // not read
    var sums = (image ? passes.imageSums : passes.flatSums).apply(g, x, mean, alpha, bias);
    @Nullable Tensor[] results = new Tensor[3];
    if (at.wants(2)) {
      results[2] = Broadcasting.reshaped(sums.getFirst(), at.inputShape(2));
    }
    var scaled = scaled(at, sums, variance, alpha, x.elements() / kept.elements(), kept);
    if (at.wants(1)) {
      results[1] = Broadcasting.reshaped(scaled.getFirst(), at.inputShape(1));
    }
    if (at.wants(0)) {
      results[0] =
          passes.gradient.apply(g, x, mean, alpha, bias, scaled.get(1), scaled.get(2)).getFirst();
    }
    return results;
  }

  private Tensor alpha(Tensor weight, Tensor variance) {
    var formula = input(0).dividedBy(sqrt(input(1).plus(eps)));
    return FormulaCall.each(formula).apply(weight, variance).getFirst();
  }

  /** Returns g_weight, k₁ and k₂: a few numbers per channel. */
  private List<Tensor> scaled(
      Backward at, List<Tensor> sums, Tensor variance, Tensor alpha, int m, Shape kept) {
    var v = input(2).plus(eps);
    var gMean = at.hasGradient(1) ? input(4) : constant(0);
    var gVariance = at.hasGradient(2) ? input(5) : constant(0);
    var gWeight = input(1).dividedBy(sqrt(v));
    var k1 = input(3).times(input(0)).minus(gMean).times(1.0 / m);
    var k2 = input(3).times(input(1)).dividedBy(v).minus(gVariance.times(2)).times(1.0 / m);
    var call = at.wants(0) ? FormulaCall.each(gWeight, k1, k2) : FormulaCall.each(gWeight);
    return call.apply(
        i ->
            switch (i) {
              case 0, 1 -> sums.get(i);
              case 2 -> variance;
              case 3 -> alpha;
              default -> Broadcasting.reshaped(at.gradient(i - 3), kept);
            });
  }
}
