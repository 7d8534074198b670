package dev.cortado.nn;

import static dev.cortado.tensor.formula.Formula.constant;
import static dev.cortado.tensor.formula.Formula.input;
import static dev.cortado.tensor.formula.Formula.select;

import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.Fused;
import dev.cortado.tensor.op.RandomOp;

/**
 * Sets each element to 0 with probability p in training and divides the others by 1 − p, so that
 * the mean stays; does nothing in evaluation. Srivastava et al. 2014. Its keys come from {@link
 * Randomness}.
 */
public final class Dropout extends Layer {
  private final double p;

  /** Creates a dropout with probability {@code p} in [0, 1]. */
  public Dropout(double p) {
    this.p = probability(p);
  }

  static double probability(double p) {
    if (p >= 0 && p <= 1) {
      return p;
    }
    throw new dev.cortado.tensor.CortadoException(
        "a probability to drop lies between 0 and 1, got " + p);
  }

  /** Returns the probability to drop an element. */
  public double p() {
    return p;
  }

  /** Returns whether elements are dropped now. */
  public boolean isActive() {
    return p > 0 && isTraining();
  }

  @Override
  public Tensor forward(Tensor x) {
    return isActive() ? drop(x, x.shape(), p) : x;
  }

  /** Drops what one random number of {@code mask}'s shape decides. */
  static Tensor drop(Tensor x, Shape mask, double p) {
    return x.apply(Fused.of(2, kept(p)), random(x, mask));
  }

  /** Formula of (x, uniform number): x / (1 − p) where kept, else 0. */
  static Formula kept(double p) {
    var keep = input(1).lessThan(constant(1 - p));
    return p == 1
        ? constant(0).times(input(0))
        : select(keep, input(0).dividedBy(1 - p), constant(0));
  }

  static Tensor random(Tensor x, Shape shape) {
    var distribution = RandomOp.Distribution.UNIFORM;
    return Ops.apply(new RandomOp(distribution, Randomness.next(), shape, x.dtype()));
  }

  @Override
  protected Layer twin() {
    return new Dropout(p);
  }

  @Override
  protected String settings() {
    return "p=" + p;
  }
}
