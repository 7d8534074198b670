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

  /**
   * The gradients of {@link LayerNorm} by x, weight and bias. Inputs: the gradient g […, D], x […,
   * D], mean m […, 1], r = 1/√(variance + eps) […, 1], weight w [D]. With {@code d = x − m} the
   * results are {@code r·g·w − r/D·Σ g·w − r³/D·d·Σ g·w·d}, the sums along each row; and {@code Σ
   * g·d·r} and {@code Σ g}, over all rows.
   */
  record LayerNormGradient() implements NormalizationOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 5);
      Check.floating(this, inputs);
      var x = inputs.get(1);
      Check.that(x.shape().rank() >= 1, this, inputs, "expected x [..., D]");
      Check.that(x.shape().dim(-1) > 0, this, inputs, "the mean of nothing is undefined");
      Shape row = x.shape().with(-1, 1);
      Shape last = Shape.of(x.shape().dim(-1));
      Check.that(
          inputs.get(0).shape().equals(x.shape())
              && inputs.get(2).shape().equals(row)
              && inputs.get(3).shape().equals(row)
              && inputs.get(4).shape().equals(last),
          this,
          inputs,
          "expected a gradient like x, two numbers for each row, " + row + ", and weight " + last);
      var parameter = new TensorSpec(last, x.dtype());
      return List.of(x, parameter, parameter);
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
      return logarithm ? "logSoftmax" : "softmax";
    }
  }

  /**
   * The gradient of {@link Softmax} by x. Inputs: the gradient g and the result y. With sums along
   * the axis {@code y·(g − Σ g·y)}; of the logarithm, {@code g − e^y·Σ g}.
   */
  record SoftmaxGradient(int axis, boolean logarithm) implements NormalizationOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 2);
      Check.floating(this, inputs);
      var y = inputs.get(1);
      Check.axis(this, inputs, y.shape(), axis);
      Check.that(
          inputs.getFirst().shape().equals(y.shape()),
          this,
          inputs,
          "the gradient must be " + y.shape());
      return List.of(y);
    }

    @Override
    public String name() {
      return logarithm ? "logSoftmaxGradient" : "softmaxGradient";
    }
  }
}
