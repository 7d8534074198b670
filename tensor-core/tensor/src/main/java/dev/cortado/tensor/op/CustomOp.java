package dev.cortado.tensor.op;

import dev.cortado.tensor.Tensor;
import java.util.List;

/**
 * The one open branch of the family: an op that a user brings, computed by its own code on plain
 * tensors.
 */
public non-sealed interface CustomOp extends Op {
  /** Computes the results. The inputs carry no trace; tensor methods may be used freely. */
  List<Tensor> compute(List<Tensor> inputs);

  /**
   * Returns the gradient by each input, or null where there is none.
   *
   * @param inputs what {@link #compute} got
   * @param outputs what it returned
   * @param gradients the incoming gradient of each output
   */
  List<@org.jspecify.annotations.Nullable Tensor> gradient(
      List<Tensor> inputs, List<Tensor> outputs, List<Tensor> gradients);
}
