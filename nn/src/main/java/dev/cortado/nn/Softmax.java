package dev.cortado.nn;

import dev.cortado.tensor.Tensor;

/**
 * {@code e^xᵢ / Σⱼ e^xⱼ} along one axis: positive numbers that sum to 1. A model that is trained
 * with a cross-entropy does not end with it: {@link Losses#crossEntropy} wants the numbers before.
 */
public final class Softmax extends Layer {
  private final int axis;

  /** Creates a softmax along {@code axis}; negative ones count from the end. */
  public Softmax(int axis) {
    this.axis = axis;
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.softmax(axis);
  }

  @Override
  protected Layer twin() {
    return new Softmax(axis);
  }

  @Override
  protected String settings() {
    return "axis=" + axis;
  }
}
