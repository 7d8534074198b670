package dev.cortado.nn;

import dev.cortado.tensor.op.TensorSpec;

/** A part of a layer's state that is not trained, for example running statistics. */
public final class Buffer extends StateEntry {
  private final boolean required;

  Buffer(TensorSpec spec, Initializer initializer, boolean required) {
    super(spec, initializer);
    this.required = required;
  }

  @Override
  public boolean required() {
    return required;
  }
}
