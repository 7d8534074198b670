package dev.cortado.nn;

import dev.cortado.tensor.Tensor;

/** Sees gradients pass through a layer on the way back. See {@link Layer#addGradientHook}. */
public interface GradientHook {
  /**
   * Called with the gradient by the layer's output; returns it, or another of its shape to go on
   * with.
   */
  default Tensor ofOutput(Layer layer, Tensor gradient) {
    return gradient;
  }

  /**
   * Called with the gradient by the layer's input, of what this layer made of it; returns it, or
   * another of its shape to go on with. Not called for an input without a gradient, such as images.
   */
  default Tensor ofInput(Layer layer, Tensor gradient) {
    return gradient;
  }
}
