package dev.cortado.training.optim;

import static dev.cortado.tensor.formula.Formula.constant;
import static dev.cortado.tensor.formula.Formula.input;
import static dev.cortado.tensor.formula.Formula.select;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.ReductionOp;
import java.util.Collection;
import java.util.List;

/**
 * What keeps single gradients from throwing the parameters far off. A formula, so it becomes part
 * of the optimiser's pass over each parameter.
 */
public sealed interface GradientClip {
  /** Gradients stay as they are. */
  GradientClip NONE = new None();

  /** Gradients stay as they are. */
  record None() implements GradientClip {
    @Override
    public Formula clipped(Formula gradient, double norm) {
      return gradient;
    }
  }

  /**
   * All gradients together are scaled to a norm of at most {@code max}: times {@code min(1, max /
   * (norm + 1e-6))}. Pascanu et al. 2013.
   */
  record ByNorm(double max) implements GradientClip {
    /** Checks the number. */
    public ByNorm {
      requirePositive("norm", max);
    }

    /** Returns what gradients of the given norm are multiplied by. */
    public double factor(double norm) {
      return Math.min(1, max / (norm + 1e-6));
    }

    @Override
    public Formula clipped(Formula gradient, double norm) {
      return gradient.times(factor(norm));
    }
  }

  /** Every element is brought to between −{@code max} and {@code max}. */
  record ByValue(double max) implements GradientClip {
    /** Checks the number. */
    public ByValue {
      requirePositive("value", max);
    }

    @Override
    public Formula clipped(Formula gradient, double norm) {
      var high = constant(max);
      var low = constant(-max);
      return select(gradient.lessThan(low), low, select(high.lessThan(gradient), high, gradient));
    }
  }

  /**
   * Returns the formula of a clipped gradient.
   *
   * @param norm that of all gradients together; see {@link #norm}
   */
  Formula clipped(Formula gradient, double norm);

  /** Returns the Euclidean norm of all elements of {@code gradients} together. */
  static double norm(Collection<Tensor> gradients) {
    double sum = 0;
    for (var gradient : gradients) {
      var square = List.of(input(0).times(input(0)));
      var op = new ReductionOp.SumOf(square, 1, Axes.resolve(gradient.shape()), false);
      sum += gradient.detach().apply(op).item();
    }
    return Math.sqrt(sum);
  }

  private static void requirePositive(String what, double max) {
    if (!(max > 0)) {
      throw new CortadoException(
          "the largest " + what + " of gradients must be a positive number, got " + max);
    }
  }
}
