package dev.cortado.autograd;

import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Derivative;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.formula.Program;
import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.Fused;
import dev.cortado.tensor.op.Op;
import dev.cortado.tensor.op.ReductionOp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Formulas ready to be applied: inputs that none of them reads are left out, so that nothing is
 * loaded in vain.
 *
 * @param op a {@link Fused} or {@link ReductionOp.SumOf} over the inputs that are read
 * @param sources which of the original inputs these are
 */
record FormulaCall(Op op, List<Integer> sources) {
  /** Returns the call that computes every formula at every element. */
  static FormulaCall each(Formula... formulas) {
    return each(List.of(formulas));
  }

  /** Returns the call that computes every formula at every element. */
  static FormulaCall each(List<Formula> formulas) {
    var sources = Program.of(formulas).inputs();
    return new FormulaCall(new Fused(renumbered(formulas, sources), sources.size()), sources);
  }

  /** Returns the call that sums every formula over {@code axes}. */
  static FormulaCall sums(List<Formula> formulas, Axes axes, boolean keepDim) {
    var sources = Program.of(formulas).inputs();
    return new FormulaCall(
        new ReductionOp.SumOf(renumbered(formulas, sources), sources.size(), axes, keepDim),
        sources);
  }

  private static List<Formula> renumbered(List<Formula> formulas, List<Integer> sources) {
    var names = new ArrayList<Formula>();
    for (int i = 0; i < sources.size(); i++) {
      while (names.size() < sources.get(i)) {
        names.add(Formula.constant(0)); // not read
      }
      names.add(Formula.input(i));
    }
    return formulas.stream().map(f -> Derivative.substitute(f, names)).toList();
  }

  /** Returns the results for the original inputs. */
  List<Tensor> apply(IntFunction<Tensor> inputs) {
    var read = new ArrayList<Tensor>(sources.size());
    for (int source : sources) {
      read.add(inputs.apply(source));
    }
    return Ops.applyAll(op, read);
  }

  /** Returns the results for the original inputs. */
  List<Tensor> apply(Tensor... inputs) {
    return apply(i -> inputs[i]);
  }
}
