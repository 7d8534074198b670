package dev.cortado.autograd;

import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.Axes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rule of layer normalisation's gradient, into whose results a, b and c come. Per row of m
 * elements let
 *
 * <pre>
 * d = x − mean,  t = g·weight
 * A = Σ a,  A' = Σ a·d,  T = Σ t,  T' = Σ t·d                        (over each row)
 * p = r·(a − A/m) − r³·A'·d/m                                        (by t)
 * by g: weight·p + b·d·r + c      by weight: Σ g·p                   (over the rows)
 * by x: q = b·g·r − r³·(A'·t + T'·a)/m      by mean: −Σ q            (over each row)
 * by r: Σ (a·t + b·g·d) − (A·T + 3·r²·A'·T')/m                       (over each row)
 * </pre>
 */
final class LayerNormGradientRule implements Rule {
  private static final Formula A = input(0);
  private static final Formula B = input(1);
  private static final Formula C = input(2);
  private static final Formula G = input(3);
  private static final Formula D = input(4).minus(input(5));
  private static final Formula R = input(6);
  private static final Formula CUBE = R.times(R).times(R);
  private static final Formula WEIGHT = input(7);
  private static final Formula T = G.times(WEIGHT);
  private static final Formula SUM_A = input(8);
  private static final Formula SUM_AD = input(9);
  private static final Formula SUM_T = input(10);
  private static final Formula SUM_TD = input(11);
  private static final Formula SUM_REST = input(12);

  @Override
  public Saves saves(Wanted wanted) {
    boolean others = wanted.wants(1) || wanted.wants(2) || wanted.wants(3);
    return Saves.NOTHING
        .input(1)
        .input(2)
        .input(3)
        .and(others || wanted.wants(4), Saves.NOTHING.input(0))
        .and(others || wanted.wants(0), Saves.NOTHING.input(4));
  }

  @Override
  public @Nullable Tensor[] gradients(Backward at) {
    @Nullable Tensor[] results = new Tensor[5];
    int last = at.inputShape(1).rank() - 1;
    double share = 1.0 / at.inputShape(1).dim(-1);
    var row = new Axes(List.of(last));
    var a = sums(at, row, List.of(), A, A.times(D));
    var p = R.times(A.minus(SUM_A.times(share))).minus(CUBE.times(SUM_AD).times(share).times(D));
    if (at.wants(0)) {
      results[0] = each(at, a, WEIGHT.times(p).plus(B.times(D).times(R)).plus(C));
    }
    if (at.wants(4)) {
      var rows = new Axes(IntStream.range(0, last).boxed().toList());
      results[4] =
          FormulaCall.sums(List.of(G.times(p)), rows, false)
              .apply(i -> tensor(at, a, i))
              .getFirst();
    }
    if (at.wants(1) || at.wants(2) || at.wants(3)) {
      byRows(at, row, a, share, results);
    }
    return results;
  }

  private static void byRows(
      Backward at, Axes row, List<Tensor> a, double share, @Nullable Tensor[] results) {
    var rest = A.times(T).plus(B.times(G).times(D));
    var more = new ArrayList<>(a);
    more.addAll(sums(at, row, List.of(), T, T.times(D), rest));
    if (at.wants(1) || at.wants(2)) {
      var changes = SUM_AD.times(T).plus(SUM_TD.times(A)).times(share);
      var q = each(at, more, B.times(G).times(R).minus(CUBE.times(changes)));
      results[1] = q;
      results[2] = q.sum(true, -1).neg();
    }
    if (at.wants(3)) {
      var squares = R.times(R).times(3).times(SUM_AD).times(SUM_TD);
      var factors = SUM_A.times(SUM_T).plus(squares).times(share);
      results[3] = each(at, more, SUM_REST.minus(factors));
    }
  }

  private static List<Tensor> sums(Backward at, Axes axes, List<Tensor> known, Formula... terms) {
    return FormulaCall.sums(List.of(terms), axes, true).apply(i -> tensor(at, known, i));
  }

  private static Tensor each(Backward at, List<Tensor> sums, Formula formula) {
    return FormulaCall.each(formula).apply(i -> tensor(at, sums, i)).getFirst();
  }

  /** Three gradients come in, five inputs were saved, and sums follow. */
  private static Tensor tensor(Backward at, List<Tensor> sums, int index) {
    if (index < 3) {
      return at.gradient(index);
    }
    return index < 8 ? at.input(index - 3) : sums.get(index - 8);
  }
}
