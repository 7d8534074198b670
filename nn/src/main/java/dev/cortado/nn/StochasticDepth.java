package dev.cortado.nn;

import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Fused;
import java.util.Arrays;

/**
 * Drops a whole branch of a residual block for some samples of the batch ("row" mode): in training
 * each sample's values are kept with probability 1 − p and divided by it, else 0. Huang et al.
 * 2016. Its keys come from {@link Randomness}.
 */
public final class StochasticDepth extends Layer {
  private final double p;

  /** Creates the layer with probability {@code p} in [0, 1] to drop a sample's branch. */
  public StochasticDepth(double p) {
    this.p = Dropout.probability(p);
  }

  /** Returns the probability to drop a sample's branch. */
  public double p() {
    return p;
  }

  /** Returns whether samples are dropped now. */
  public boolean isActive() {
    return p > 0 && isTraining();
  }

  @Override
  public Tensor forward(Tensor x) {
    return isActive() ? Dropout.drop(x, rows(x), p) : x;
  }

  /** Returns {@code residual + forward(branch)} in one pass over memory. */
  public Tensor addTo(Tensor residual, Tensor branch) {
    if (isObserved() || !isActive()) {
      return residual.add(apply(branch));
    }
    var random = Dropout.random(branch, rows(branch));
    return branch.apply(Fused.of(3, Dropout.kept(p).plus(input(2))), random, residual);
  }

  private static Shape rows(Tensor x) {
    int[] dims = new int[x.rank()];
    Arrays.fill(dims, 1);
    dims[0] = x.dim(0);
    return Shape.of(dims);
  }

  @Override
  protected String settings() {
    return "p=" + p + ", mode=row";
  }
}
