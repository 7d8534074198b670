package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;

/**
 * Sets whole channels of images [N, C, H, W] to 0 with probability p in training and divides the
 * others by 1 − p: neighbouring pixels are so alike that dropping single ones takes nothing away.
 * Tompson et al. 2014. Its keys come from {@link Randomness}.
 */
public final class Dropout2d extends Layer {
  private final double p;

  /** Creates a dropout with probability {@code p} in [0, 1]. */
  public Dropout2d(double p) {
    this.p = Dropout.probability(p);
  }

  /** Returns the probability to drop a channel. */
  public double p() {
    return p;
  }

  /** Returns whether channels are dropped now. */
  public boolean isActive() {
    return p > 0 && isTraining();
  }

  @Override
  public Tensor forward(Tensor x) {
    if (x.rank() != 4) {
      throw new CortadoException("Dropout2d expects images [N, C, H, W], got " + x.spec());
    }
    return isActive() ? Dropout.drop(x, Shape.of(x.dim(0), x.dim(1), 1, 1), p) : x;
  }

  @Override
  protected Layer twin() {
    return new Dropout2d(p);
  }

  @Override
  protected String settings() {
    return "p=" + p;
  }
}
