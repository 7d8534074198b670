package dev.cortado.training.optim;

import static dev.cortado.tensor.formula.Formula.binary;
import static dev.cortado.tensor.formula.Formula.constant;
import static dev.cortado.tensor.formula.Formula.input;
import static dev.cortado.tensor.formula.Formula.sqrt;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.formula.Formula;
import java.util.ArrayList;
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
      check("dampening", dampening, 0, Math.nextUp(1.0));
      if (nesterov && (momentum == 0 || dampening != 0)) {
        throw new CortadoException(
            "Nesterov's momentum needs a momentum and no dampening, got "
                + momentum
                + " and "
                + dampening);
      }
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
   * Hutter 2019). With amsgrad, the largest v so far takes v's place in the step (Reddi et al.
   * 2018).
   */
  record Adam(
      double beta1,
      double beta2,
      double eps,
      double weightDecay,
      boolean decoupled,
      boolean amsgrad)
      implements UpdateRule {
    /** Creates the rule without amsgrad. */
    public Adam(double beta1, double beta2, double eps, double weightDecay, boolean decoupled) {
      this(beta1, beta2, eps, weightDecay, decoupled, false);
    }

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
      return amsgrad ? 3 : 2;
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
      var most = amsgrad ? binary(BinaryFunction.MAX, input(4), v) : v;
      var change = m.dividedBy(sqrt(most).times(correction).plus(eps)).times(size);
      var moved = shrunk.minus(change);
      return amsgrad ? List.of(moved, m, v, most) : List.of(moved, m, v);
    }
  }

  /**
   * RMSprop: {@code g += weightDecay·p}, {@code v = alpha·v + (1 − alpha)·g²}, {@code b =
   * momentum·b + g / (√v + eps)}, {@code p −= lr·b}. Centred, √(v − m²) takes √v's place, with m
   * the moving average of g. Tieleman &amp; Hinton 2012; centred: Graves 2013.
   */
  record RmsProp(double alpha, double eps, double momentum, boolean centered, double weightDecay)
      implements UpdateRule {
    /** RMSprop with its usual numbers, without momentum. */
    public static RmsProp standard() {
      return new RmsProp(0.99, 1e-8, 0, false, 0);
    }

    /** Checks the numbers. */
    public RmsProp {
      check("alpha", alpha, 0, 1);
      check("eps", eps, 0, Double.MAX_VALUE);
      check("momentum", momentum, 0, 1);
      check("weight decay", weightDecay, 0, Double.MAX_VALUE);
    }

    @Override
    public String name() {
      return "rmsprop";
    }

    @Override
    public int slots() {
      return 1 + (centered ? 1 : 0) + (momentum == 0 ? 0 : 1);
    }

    @Override
    public List<Formula> formulas(double learningRate, long step) {
      var p = input(0);
      var g = input(1).plus(p.times(weightDecay));
      var results = new ArrayList<Formula>();
      var v = input(2).times(alpha).plus(g.times(g).times(1 - alpha));
      results.add(v);
      var variance = v;
      if (centered) {
        var m = input(3).times(alpha).plus(g.times(1 - alpha));
        results.add(m);
        variance = v.minus(m.times(m));
      }
      var d = g.dividedBy(sqrt(variance).plus(eps));
      if (momentum != 0) {
        d = input(1 + slots()).times(momentum).plus(d);
        results.add(d);
      }
      results.addFirst(p.minus(d.times(learningRate)));
      return List.copyOf(results);
    }
  }

  /**
   * Adagrad: {@code g += weightDecay·p}, {@code v += g²} from {@code initial} on, {@code p −= lr /
   * (1 + (t − 1)·rateDecay) · g / (√v + eps)}. Duchi et al. 2011.
   */
  record Adagrad(double rateDecay, double eps, double initial, double weightDecay)
      implements UpdateRule {
    /** Adagrad with its usual numbers. */
    public static Adagrad standard() {
      return new Adagrad(0, 1e-10, 0, 0);
    }

    /** Checks the numbers. */
    public Adagrad {
      check("rate decay", rateDecay, 0, Double.MAX_VALUE);
      check("eps", eps, 0, Double.MAX_VALUE);
      check("initial sum", initial, 0, Double.MAX_VALUE);
      check("weight decay", weightDecay, 0, Double.MAX_VALUE);
    }

    @Override
    public String name() {
      return "adagrad";
    }

    @Override
    public int slots() {
      return 1;
    }

    @Override
    public List<Formula> formulas(double learningRate, long step) {
      var p = input(0);
      var g = input(1).plus(p.times(weightDecay));
      var before = step == 1 ? constant(initial) : input(2);
      var v = before.plus(g.times(g));
      double rate = learningRate / (1 + (step - 1) * rateDecay);
      return List.of(p.minus(g.dividedBy(sqrt(v).plus(eps)).times(rate)), v);
    }
  }

  private static void check(String what, double value, double least, double bound) {
    if (!(value >= least && value < bound)) {
      throw new CortadoException(
          what + " must be at least " + least + " and below " + bound + ", got " + value);
    }
  }
}
