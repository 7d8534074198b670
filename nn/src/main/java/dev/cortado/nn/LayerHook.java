package dev.cortado.nn;

import dev.cortado.tensor.Tensor;

/**
 * Looks on while a layer computes, and may put other tensors in the place of its input and output.
 * See {@link Layer#addHook}.
 */
public interface LayerHook {
  /** Called with the layer's input before it computes. */
  default void before(Layer layer, Tensor input) {}

  /** Called with the layer's output. */
  default void after(Layer layer, Tensor input, Tensor output) {}

  /** Returns what the layer is to compute with instead of {@code input}, before {@link #before}. */
  default Tensor changeInput(Layer layer, Tensor input) {
    return input;
  }

  /** Returns what is to go on instead of {@code output}, before {@link #after}. */
  default Tensor changeOutput(Layer layer, Tensor output) {
    return output;
  }

  /** A hook at its place; closing it takes it away. */
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
