package dev.cortado.autograd;

import static dev.cortado.tensor.formula.Formula.constant;
import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.NormalizationOp.LayerNormGradient;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rule of layer normalisation: {@link LayerNormGradient}, in one pass over memory. The
 * gradients of the two other results, mean and r = 1/√(variance + eps), are added if anybody used
 * them: per row of m elements {@code g_mean / m − r³·g_r·(x − mean) / m}.
 */
final class LayerNormRule implements Rule {
  private static final Formula G = input(0);
  private static final Formula D = input(1).minus(input(2));
  private static final Formula R = input(3);

  @Override
  public Saves saves(Wanted wanted) {
    return Saves.NOTHING
        .and(wanted.wants(0) || wanted.wants(1), Saves.NOTHING.input(0).output(1).output(2))
        .and(wanted.wants(0), Saves.NOTHING.input(1));
  }

  @Override
  public @Nullable Tensor[] gradients(Backward at) {
    return at.wants(0) ? all(at) : parameters(at);
  }

  private static @Nullable Tensor[] all(Backward at) {
    var inputs = List.of(at.gradient(0), at.input(0), at.output(1), at.output(2), at.input(1));
    var results = Ops.applyAll(new LayerNormGradient(), inputs);
    boolean more = at.hasGradient(1) || at.hasGradient(2);
    var byX = results.getFirst();
    return new Tensor[] {
      more ? withStatistics(at, inputs, byX) : byX, results.get(1), results.get(2)
    };
  }

  private static Tensor withStatistics(Backward at, List<Tensor> inputs, Tensor byX) {
    var gMean = at.hasGradient(1) ? input(4) : constant(0);
    var gR = at.hasGradient(2) ? input(5) : constant(0);
    var more = gMean.minus(R.times(R).times(R).times(gR).times(D));
    return FormulaCall.each(input(0).plus(more.times(1.0 / byX.dim(-1))))
        .apply(
            i ->
                switch (i) {
                  case 0 -> byX;
                  case 1, 2, 3 -> inputs.get(i);
                  default -> at.gradient(i - 3);
                })
        .getFirst();
  }

  /** Only by weight and bias: Σ g·(x − mean)·r and Σ g over the rows. */
  private static @Nullable Tensor[] parameters(Backward at) {
    @Nullable Tensor[] results = new Tensor[3];
    var g = at.gradient(0);
    var rows = new Axes(IntStream.range(0, g.rank() - 1).boxed().toList());
    if (at.wants(1)) {
      var sums =
          FormulaCall.sums(List.of(G.times(D).times(R), G), rows, false)
              .apply(g, at.input(0), at.output(1), at.output(2));
      results[1] = sums.get(0);
      results[2] = sums.get(1);
    } else if (at.wants(2)) {
      results[2] = FormulaCall.sums(List.of(G), rows, false).apply(g).getFirst();
    }
    return results;
  }
}
