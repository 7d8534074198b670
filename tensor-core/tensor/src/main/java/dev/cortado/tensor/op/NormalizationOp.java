package dev.cortado.tensor.op;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.formula.Formula;
import java.util.List;

/** Ops that normalise along some axes. */
public sealed interface NormalizationOp extends Op {
  /**
   * Batch normalisation with the batch's own statistics, then an activation: {@code a((x − mean) /
   * √(variance + eps) · weight + bias)} with one mean and biased variance per channel, over N, H,
   * W. Inputs: x [N, C] or [N, C, H, W], weight [C], bias [C]. Results: y, mean [C], variance [C].
   * Ioffe &amp; Szegedy 2015.
   */
  record BatchNorm(double eps, Formula activation) implements NormalizationOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 3);
      Check.floating(this, inputs);
      var x = inputs.getFirst();
      Check.that(
          x.shape().rank() == 2 || x.shape().rank() == 4,
          this,
          inputs,
          "expected x [N, C] or [N, C, H, W]");
      Shape channels = Shape.of(x.shape().dim(1));
      Check.that(
          inputs.get(1).shape().equals(channels) && inputs.get(2).shape().equals(channels),
          this,
          inputs,
          "weight and bias must be " + channels);
      Check.that(
          x.shape().elements() / Math.max(1, x.shape().dim(1)) > 1,
          this,
          inputs,
          "in training one value per channel has no variance: use a larger batch, or eval()");
      var statistic = new TensorSpec(channels, x.dtype());
      return List.of(x, statistic, statistic);
    }
  }

  /**
   * Layer normalisation over the last axis: {@code (x − mean) / √(variance + eps) · weight + bias},
   * biased variance. Inputs: x […, D], weight [D], bias [D]. Results: y, mean […, 1], 1/√(variance
   * + eps) […, 1]. Ba et al. 2016.
   */
  record LayerNorm(double eps) implements NormalizationOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 3);
      Check.floating(this, inputs);
      var x = inputs.getFirst();
      Check.that(x.shape().rank() >= 1, this, inputs, "expected x [..., D]");
      Check.that(x.shape().dim(-1) > 0, this, inputs, "the mean of nothing is undefined");
      Shape last = Shape.of(x.shape().dim(-1));
      Check.that(
          inputs.get(1).shape().equals(last) && inputs.get(2).shape().equals(last),
          this,
          inputs,
          "weight and bias must be " + last);
      var statistic = new TensorSpec(x.shape().with(-1, 1), x.dtype());
      return List.of(x, statistic, statistic);
    }
  }

  /** {@code e^xᵢ / Σⱼ e^xⱼ} along one axis, computed without overflow; or its logarithm. */
  record Softmax(int axis, boolean logarithm) implements NormalizationOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 1);
      Check.floating(this, inputs);
      Check.axis(this, inputs, inputs.getFirst().shape(), axis);
      return inputs;
    }

    @Override
    public String name() {
      return logarithm ? "LogSoftmax" : "Softmax";
    }
  }
}
