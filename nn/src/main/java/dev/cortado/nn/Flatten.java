package dev.cortado.nn;

import dev.cortado.tensor.Tensor;

/** Joins all axes but the first into one: [N, …] to [N, D]. */
public final class Flatten extends Layer {
  /** Creates the layer. */
  public Flatten() {}

  @Override
  public Tensor forward(Tensor x) {
    return x.flatten(1);
  }
}
