package dev.cortado.nn;

import dev.cortado.tensor.Tensor;

/** Looks on while a layer computes. See {@link Layer#addHook}. */
public interface LayerHook {
  /** Called with the layer's input before it computes. */
  default void before(Layer layer, Tensor input) {}

  /** Called with the layer's output. */
  default void after(Layer layer, Tensor input, Tensor output) {}

  /** A hook at its place; closing it takes it away. */
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
