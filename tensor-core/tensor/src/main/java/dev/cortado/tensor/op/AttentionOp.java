package dev.cortado.tensor.op;

import dev.cortado.tensor.Shape;
import java.util.List;

/** Scaled dot-product attention and its gradient, each as one op: no table of all weights. */
public sealed interface AttentionOp extends Op {
  /** Returns what scores are multiplied by, usually 1 / √D. */
  double scale();

  /**
   * {@code softmax(scale · q · kᵀ) · v}, the softmax over the keys. Inputs: q […, L, D], k […, S,
   * D], v […, S, E], with equal leading dimensions. Results: […, L, E]; and for each query the
   * logarithm of the sum of its exponentials […, L, 1], from which the weights can be had again:
   * {@code e^(scale · q · kᵀ − logarithm)}. Vaswani et al. 2017; Dao et al. 2022.
   */
  record Attention(double scale) implements AttentionOp {
    /** Checks the scale. */
    public Attention {
      positive(scale);
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 3);
      Check.floating(this, inputs);
      var q = inputs.get(0);
      checkShapes(this, inputs, q.shape(), inputs.get(1).shape(), inputs.get(2).shape());
      int size = inputs.get(2).shape().dim(-1);
      return List.of(
          new TensorSpec(q.shape().with(q.shape().rank() - 1, size), q.dtype()),
          new TensorSpec(q.shape().with(q.shape().rank() - 1, 1), q.dtype()));
    }
  }

  /**
   * The gradients of {@link Attention} by q, k and v. Inputs: the gradient g […, L, E], q, k, v,
   * the logarithms and, for each query, {@code d = Σ g · result} […, L, 1] (less the gradient of
   * the logarithm, if it has one). With the weights {@code p = e^(scale · q · kᵀ − logarithm)} and
   * {@code t = scale · p · (g · vᵀ − d)} the results are {@code t · k}, {@code tᵀ · q} and {@code
   * pᵀ · g}.
   */
  record AttentionGradient(double scale) implements AttentionOp {
    /** Checks the scale. */
    public AttentionGradient {
      positive(scale);
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 6);
      Check.floating(this, inputs);
      var g = inputs.get(0).shape();
      var q = inputs.get(1).shape();
      var v = inputs.get(3).shape();
      checkShapes(this, inputs, q, inputs.get(2).shape(), v);
      var row = q.with(q.rank() - 1, 1);
      Check.that(
          g.equals(q.with(q.rank() - 1, v.dim(-1)))
              && inputs.get(4).shape().equals(row)
              && inputs.get(5).shape().equals(row),
          this,
          inputs,
          "expected a gradient [..., L, E] and two numbers for each query, " + row);
      return inputs.subList(1, 4);
    }
  }

  private static void positive(double scale) {
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw new dev.cortado.tensor.CortadoException(
          "the scale of attention must be a positive number, got " + scale);
    }
  }

  private static void checkShapes(
      AttentionOp op, List<TensorSpec> inputs, Shape q, Shape k, Shape v) {
    int rank = q.rank();
    boolean fit = rank >= 2 && k.rank() == rank && v.rank() == rank && q.dim(-1) == k.dim(-1);
    for (int axis = 0; fit && axis < rank - 1; axis++) {
      fit = v.dim(axis) == k.dim(axis) && (axis == rank - 2 || q.dim(axis) == k.dim(axis));
    }
    Check.that(
        fit && k.dim(-2) > 0,
        op,
        inputs,
        "expected q [..., L, D], k [..., S, D], v [..., S, E], S at least 1");
  }
}
