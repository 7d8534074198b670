package dev.cortado.tensor;

import dev.cortado.tensor.op.NormalizationOp;
import java.util.Arrays;

/**
 * Ops that give numbers a mean of 0 and a variance of 1. Softmax is among the {@link
 * ReductionMethods}; layers that gather running statistics are in {@code nn}.
 */
public sealed interface NormalizationMethods permits Tensor {
  /**
   * Returns {@code (x − mean) / √(variance + eps) · weight + bias}, mean and biased variance taken
   * over the last axis: x […, D], weight [D], bias [D]. Ba et al. 2016.
   */
  default Tensor layerNorm(Tensor weight, Tensor bias, double eps) {
    return self().apply(new NormalizationOp.LayerNorm(eps), weight, bias);
  }

  /** Returns {@link #layerNorm(Tensor, Tensor, double)} with the weight 1 and the bias 0. */
  default Tensor layerNorm(double eps) {
    if (self().rank() == 0) {
      throw new CortadoException("layerNorm: a scalar has no last axis; expected x [..., D]");
    }
    var last = Shape.of(self().dim(-1));
    return layerNorm(
        Tensor.full(last, self().dtype(), 1), Tensor.full(last, self().dtype(), 0), eps);
  }

  /**
   * Returns {@code (x − mean) / √(variance + eps) · weight + bias} for each channel, with
   * statistics that are given, as a batch norm does in evaluation: x [N, C, …], all others [C].
   * Ioffe and Szegedy 2015.
   */
  default Tensor batchNorm(Tensor mean, Tensor variance, Tensor weight, Tensor bias, double eps) {
    var factor = weight.mul(variance.add(eps).rsqrt());
    return self().sub(byChannel(mean)).mul(byChannel(factor)).add(byChannel(bias));
  }

  /** One number for each channel, shaped so that it broadcasts: [C, 1, 1] for images. */
  private Tensor byChannel(Tensor numbers) {
    int rank = self().rank();
    if (rank < 2 || numbers.rank() != 1 || numbers.dim(0) != self().dim(1)) {
      throw new CortadoException(
          "batchNorm: got x %s and %s for its channels; expected x [N, C, ...] and [C]"
              .formatted(self().spec(), numbers.spec()));
    }
    int[] shape = new int[rank - 1];
    Arrays.fill(shape, 1);
    shape[0] = numbers.dim(0);
    return numbers.reshape(shape);
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
