package dev.cortado.tensor.op;

import static dev.cortado.tensor.formula.Formula.constant;
import static dev.cortado.tensor.formula.Formula.exp;
import static dev.cortado.tensor.formula.Formula.input;
import static dev.cortado.tensor.formula.Formula.log;
import static dev.cortado.tensor.formula.Formula.select;
import static dev.cortado.tensor.formula.Formula.softplus;

import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.formula.UnaryFunction;

/**
 * How wrong one output is. Inputs: the output x, its target t, and where a record says so one more.
 * A loss is the sum or the mean of these.
 */
public interface Loss extends Elementwise {
  /** (x − t)². */
  record SquaredError() implements Loss {
    @Override
    public Formula formula() {
      var d = input(0).minus(input(1));
      return d.times(d);
    }
  }

  /** |x − t|; the derivative where they are equal is 0. */
  record AbsoluteError() implements Loss {
    @Override
    public Formula formula() {
      return Formula.unary(UnaryFunction.ABS, input(0).minus(input(1)));
    }
  }

  /**
   * With d = |x − t|: d² / (2 beta) where d &lt; beta, else d − beta/2. Girshick 2015 (Fast R-CNN).
   */
  record SmoothL1(double beta) implements Loss {
    @Override
    public Formula formula() {
      var d = input(0).minus(input(1));
      var size = Formula.unary(UnaryFunction.ABS, d);
      if (beta == 0) {
        return size;
      }
      var square = d.times(d).times(0.5 / beta);
      return select(size.lessThan(constant(beta)), square, size.minus(beta / 2));
    }
  }

  /** With d = |x − t|: d² / 2 where d &lt; delta, else delta · (d − delta/2). Huber 1964. */
  record Huber(double delta) implements Loss {
    @Override
    public Formula formula() {
      return new SmoothL1(delta).formula().times(delta);
    }
  }

  /**
   * The cross-entropy of a probability given as logit x: {@code −t · ln σ(x) − (1 − t) · ln(1 −
   * σ(x))}, computed as {@code t · softplus(−x) + (1 − t) · softplus(x)}, which neither overflows
   * nor cancels. Weighted, input 2 multiplies the first part.
   */
  record BceWithLogits(boolean weighted) implements Loss {
    @Override
    public String name() {
      return "binaryCrossEntropyWithLogits";
    }

    @Override
    public Formula formula() {
      var x = input(0);
      var t = input(1);
      var positive = t.times(softplus(x.negate()));
      var negative = constant(1).minus(t).times(softplus(x));
      return (weighted ? positive.times(input(2)) : positive).plus(negative);
    }
  }

  /**
   * One term of the Kullback-Leibler divergence of log-probabilities x from the target: {@code t ·
   * (ln t − x)}, 0 where t is 0; with a logarithmic target {@code e^t · (t − x)}. Kullback &amp;
   * Leibler 1951.
   */
  record KlDivergence(boolean logTarget) implements Loss {
    @Override
    public Formula formula() {
      var x = input(0);
      var t = input(1);
      return logTarget
          ? exp(t).times(t.minus(x))
          : select(t.equalTo(constant(0)), constant(0), t.times(log(t).minus(x)));
    }
  }
}
