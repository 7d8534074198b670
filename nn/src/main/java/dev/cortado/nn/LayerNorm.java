package dev.cortado.nn;

import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.NormalizationOp;

/**
 * Layer normalisation over the last axis: {@code (x − mean) / √(variance + eps) · weight + bias},
 * biased variance. Ba et al. 2016.
 */
public final class LayerNorm extends Layer {
  private final int size;
  private final double eps;
  private final Parameter weight;
  private final Parameter bias;

  /** Creates a layer norm with torch's eps of 1e-5. */
  public LayerNorm(int size) {
    this(size, 1e-5);
  }

  /**
   * Creates a layer norm.
   *
   * @param eps added to the variance
   */
  public LayerNorm(int size, double eps) {
    this.size = size;
    this.eps = eps;
    this.weight = parameter("weight", Initializer.ONES, size);
    this.bias = parameter("bias", Initializer.ZEROS, size);
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.apply(new NormalizationOp.LayerNorm(eps), weight.tensor(), bias.tensor());
  }

  @Override
  protected String settings() {
    return size + ", eps=" + eps;
  }
}
