package dev.cortado.nn;

import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Fused;
import java.util.Arrays;
import java.util.Locale;

/**
 * Drops a whole branch of a residual block in training, for some samples of the batch or for all of
 * them together: values are kept with probability 1 − p and divided by it, else 0. Huang et al.
 * 2016. Its keys come from {@link Randomness}.
 */
public final class StochasticDepth extends Layer {
  private final double p;
  private final Mode mode;

  /** What is dropped together. */
  public enum Mode {
    /** Each sample by itself. */
    ROW,
    /** The whole batch. */
    BATCH
  }

  /** Creates the layer with probability {@code p} in [0, 1] to drop a sample's branch. */
  public StochasticDepth(double p) {
    this(p, Mode.ROW);
  }

  /** Creates the layer with probability {@code p} in [0, 1] to drop a branch. */
  public StochasticDepth(double p, Mode mode) {
    this.p = Dropout.probability(p);
    this.mode = mode;
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
    return isActive() ? Dropout.drop(x, together(x), p) : x;
  }

  /** Returns {@code residual + forward(branch)} in one pass over memory. */
  public Tensor addTo(Tensor residual, Tensor branch) {
    if (isObserved() || !isActive()) {
      return residual.add(apply(branch));
    }
    var random = Dropout.random(branch, together(branch));
    return branch.apply(Fused.of(3, Dropout.kept(p).plus(input(2))), random, residual);
  }

  /** One random number decides for a sample, or for all. */
  private Shape together(Tensor x) {
    int[] dims = new int[x.rank()];
    Arrays.fill(dims, 1);
    dims[0] = mode == Mode.ROW ? x.dim(0) : 1;
    return Shape.of(dims);
  }

  @Override
  protected Layer twin() {
    return new StochasticDepth(p, mode);
  }

  @Override
  protected String settings() {
    return "p=" + p + ", mode=" + mode.name().toLowerCase(Locale.ROOT);
  }
}
