package dev.cortado.nn;

import dev.cortado.tensor.Tensor;

/** The mean of each channel over the whole image: [N, C, H, W] to [N, C, 1, 1]. */
public final class GlobalAveragePool2d extends Layer {
  /** Creates the layer. */
  public GlobalAveragePool2d() {}

  @Override
  public Tensor forward(Tensor x) {
    return x.mean(true, 2, 3);
  }

  @Override
  protected Layer twin() {
    return new GlobalAveragePool2d();
  }
}
