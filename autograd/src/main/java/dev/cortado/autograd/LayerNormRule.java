package dev.cortado.autograd;

import static dev.cortado.tensor.formula.Formula.constant;
import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.Axes;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rule of layer normalisation, in three passes over memory. Per row of m elements let
 *
 * <pre>
 * d = x − mean,  r = 1 / √(variance + eps),  y = d·r·weight + bias
 * g_bias = Σ g,  g_weight = Σ g·d·r                      (over the rows)
 * G = Σ g·weight,  S = Σ g·weight·d                      (over each row)
 * g_x = r·g·weight − k₁ − k₂·d
 * k₁ = (r·G − g_mean) / m,  k₂ = r³·(S + g_r) / m
 * </pre>
 *
 * <p>where g_mean and g_r are the gradients of the two other results, if anybody used them.
 */
final class LayerNormRule implements Rule {
  private static final Formula G = input(0);
  private static final Formula D = input(1).minus(input(2));
  private static final Formula R = input(3);
  private static final Formula WEIGHT = input(4);

  /** Over (g, x, mean, r, weight, k₁, k₂). */
  private static final FormulaCall GRADIENT =
      FormulaCall.each(R.times(G.times(WEIGHT)).minus(D.times(input(6)).plus(input(5))));

  @Override
  public Saves saves(Wanted wanted) {
    return Saves.NOTHING
        .and(wanted.wants(0) || wanted.wants(1), Saves.NOTHING.input(0).output(1).output(2))
        .and(wanted.wants(0), Saves.NOTHING.input(1));
  }

  @Override
  public @Nullable Tensor[] gradients(Backward at) {
    @Nullable Tensor[] results = new Tensor[3];
    var g = at.gradient(0);
    var rows = new Axes(IntStream.range(0, g.rank() - 1).boxed().toList());
    if (at.wants(1)) {
      var sums =
          FormulaCall.sums(List.of(G.times(D).times(R), G), rows, false)
              .apply(g, at.input(0), at.output(1), at.output(2));
      results[1] = sums.get(0);
      results[2] = at.wants(2) ? sums.get(1) : null;
    } else if (at.wants(2)) {
      results[2] = FormulaCall.sums(List.of(G), rows, false).apply(g).getFirst();
    }
    if (at.wants(0)) {
      results[0] = byX(at, g);
    }
    return results;
  }

  private static Tensor byX(Backward at, Tensor g) {
    var x = at.input(0);
    var mean = at.output(1);
    var r = at.output(2);
    var weight = at.input(1);
    var row = new Axes(List.of(x.rank() - 1));
    var sums =
        FormulaCall.sums(List.of(G.times(WEIGHT), G.times(WEIGHT).times(D)), row, true)
            .apply(g, x, mean, r, weight);
    var k = factors(at, sums, r, 1.0 / x.dim(-1));
    return GRADIENT.apply(g, x, mean, r, weight, k.get(0), k.get(1)).getFirst();
  }

  /** Returns k₁ and k₂: two numbers per row. */
  private static List<Tensor> factors(Backward at, List<Tensor> sums, Tensor r, double share) {
    var gMean = at.hasGradient(1) ? input(3) : constant(0);
    var gR = at.hasGradient(2) ? input(4) : constant(0);
    var k1 = input(2).times(input(0)).minus(gMean).times(share);
    var cube = input(2).times(input(2)).times(input(2));
    var k2 = cube.times(input(1).plus(gR)).times(share);
    return FormulaCall.each(k1, k2)
        .apply(
            i ->
                switch (i) {
                  case 0, 1 -> sums.get(i);
                  case 2 -> r;
                  default -> at.gradient(i - 2);
                });
  }
}
