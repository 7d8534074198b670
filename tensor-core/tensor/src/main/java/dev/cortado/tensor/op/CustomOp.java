package dev.cortado.tensor.op;

import dev.cortado.tensor.Tensor;
import java.util.List;

/**
 * The one open branch of the family: an op that a user brings, computed by its own code on plain
 * tensors.
 *
 * <pre>{@code
 * record Softplus() implements CustomOp {                       // log(1 + eˣ)
 *   public List<TensorSpec> infer(List<TensorSpec> inputs) {
 *     return inputs;                                            // one result, as the input
 *   }
 *
 *   public List<Tensor> compute(List<Tensor> inputs) {
 *     return List.of(inputs.getFirst().exp().add(1).log());
 *   }
 *
 *   public List<Tensor> gradient(List<Tensor> in, List<Tensor> out, List<Tensor> gradients) {
 *     return List.of(gradients.getFirst().mul(in.getFirst().sigmoid()));
 *   }
 * }
 *
 * var y = x.apply(new Softplus());
 * GradCheck.DEFAULT.check(new Softplus(), List.of(x)).orThrow();
 * }</pre>
 *
 * <p>A gradient that is written with methods of tensors has gradients itself, of every order; one
 * that works on arrays has none. All inputs and results are kept until backward has passed. What is
 * elementwise is better an {@link Elementwise}: its formula is compiled and differentiated.
 */
public non-sealed interface CustomOp extends Op {
  /** Returns the class's name: no method of tensors is called like it. */
  @Override
  default String name() {
    return getClass().getSimpleName();
  }

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
