package dev.cortado.nn;

import dev.cortado.tensor.Tensor;

/** Does nothing: a place in a model where something could be. */
public final class Identity extends Layer {
  /** Creates the layer. */
  public Identity() {}

  @Override
  public Tensor forward(Tensor x) {
    return x;
  }

  @Override
  protected Layer twin() {
    return new Identity();
  }
}
