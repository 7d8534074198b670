package dev.cortado.training.optim;

import static dev.cortado.tensor.formula.Formula.constant;
import static dev.cortado.tensor.formula.Formula.input;
import static dev.cortado.tensor.formula.Formula.sqrt;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.formula.Formula;
import java.util.List;

/**
 * How one step changes a parameter, as formulas: input 0 is the parameter, input 1 its gradient,
 * inputs 2 … the rule's memory of it (its slots, which start at 0). The formulas give the new
 * parameter, then the new slots.
 */
public sealed interface UpdateRule {
  /** Returns the name for records and checkpoints. */
  String name();

  /** Returns how many tensors the rule remembers for each parameter. */
  int slots();

  /**
   * Returns the formulas of one step.
   *
   * @param learningRate the step size
   * @param step the number of the step, from 1
   */
  List<Formula> formulas(double learningRate, long step);

  /**
   * Stochastic gradient descent: {@code g += weightDecay·p}; with momentum {@code b = momentum·b +
   * (1 − dampening)·g} (in the first step b = g); {@code p −= lr·d} with d = g, b, or for Nesterov
   * g + momentum·b.
   */
  record Sgd(double momentum, double dampening, boolean nesterov, double weightDecay)
      implements UpdateRule {
    /** Plain descent with momentum. */
    public static Sgd of(double momentum) {
      return new Sgd(momentum, 0, false, 0);
    }

    /** Checks the numbers. */
    public Sgd {
      check("momentum", momentum, 0, 1);
      check("weight decay", weightDecay, 0, Double.MAX_VALUE);
    }

    @Override
    public String name() {
      return "sgd";
    }

    @Override
    public int slots() {
      return momentum == 0 ? 0 : 1;
    }

    @Override
    public List<Formula> formulas(double learningRate, long step) {
      var p = input(0);
      var g = input(1).plus(p.times(weightDecay));
      if (momentum == 0) {
        return List.of(p.minus(g.times(learningRate)));
      }
      var b = step == 1 ? g : input(2).times(momentum).plus(g.times(1 - dampening));
      var d = nesterov ? g.plus(b.times(momentum)) : b;
      return List.of(p.minus(d.times(learningRate)), b);
    }
  }

  /**
   * Adam: {@code m = β₁m + (1 − β₁)g}, {@code v = β₂v + (1 − β₂)g²}, {@code p −= lr/(1 − β₁ᵗ) · m /
   * (√v/√(1 − β₂ᵗ) + eps)}. Weight decay is added to the gradient (Kingma &amp; Ba 2015) or, if
   * decoupled, shrinks the parameter: {@code p *= 1 − lr·weightDecay} (AdamW, Loshchilov &amp;
   * Hutter 2019).
   */
  record Adam(double beta1, double beta2, double eps, double weightDecay, boolean decoupled)
      implements UpdateRule {
    /** Adam with its usual numbers and no weight decay. */
    public static Adam standard() {
      return new Adam(0.9, 0.999, 1e-8, 0, false);
    }

    /** AdamW with its usual numbers. */
    public static Adam decoupled(double weightDecay) {
      return new Adam(0.9, 0.999, 1e-8, weightDecay, true);
    }

    /** Checks the numbers. */
    public Adam {
      check("beta1", beta1, 0, 1);
      check("beta2", beta2, 0, 1);
      check("eps", eps, 0, Double.MAX_VALUE);
      check("weight decay", weightDecay, 0, Double.MAX_VALUE);
    }

    @Override
    public String name() {
      return decoupled ? "adamw" : "adam";
    }

    @Override
    public int slots() {
      return 2;
    }

    @Override
    public List<Formula> formulas(double learningRate, long step) {
      var p = input(0);
      var g = decoupled ? input(1) : input(1).plus(p.times(weightDecay));
      var m = input(2).times(beta1).plus(g.times(1 - beta1));
      var v = input(3).times(beta2).plus(g.times(g).times(1 - beta2));
      double size = learningRate / (1 - Math.pow(beta1, (double) step));
      double correction = 1 / Math.sqrt(1 - Math.pow(beta2, (double) step));
      var shrunk = decoupled ? p.times(constant(1 - learningRate * weightDecay)) : p;
      var change = m.dividedBy(sqrt(v).times(correction).plus(eps)).times(size);
      return List.of(shrunk.minus(change), m, v);
    }
  }

  private static void check(String what, double value, double least, double bound) {
    if (!(value >= least && value < bound)) {
      throw new CortadoException(
          what + " must be at least " + least + " and below " + bound + ", got " + value);
    }
  }
}
