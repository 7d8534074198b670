package dev.cortado.nn;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.TensorSpec;
import org.jspecify.annotations.Nullable;

/** A trainable value of a layer. It has no name; the layer that holds it has given it one. */
public final class Parameter extends StateEntry {
  private boolean trainable = true;
  private @Nullable Tensor leaf;
  private @Nullable Tensor substitute;

  Parameter(TensorSpec spec, Initializer initializer) {
    super(spec, initializer);
  }

  /**
   * Returns the tensor to compute with: tracked by autograd if this is {@link #trainable}, plain
   * otherwise and inside {@link Autograd#inference}. The tracked tensor stays the same object while
   * numbers are written into it, so gradients can be looked up by it.
   */
  public synchronized Tensor tensor() {
    if (substitute != null) {
      return substitute;
    }
    var value = value();
    if (!trainable || Autograd.isInference()) {
      return value;
    }
    if (leaf == null) {
      leaf = Autograd.track(value);
    }
    return leaf;
  }

  /** Returns whether gradients are wanted. */
  public boolean trainable() {
    return trainable;
  }

  /** Says whether gradients are wanted. */
  public void trainable(boolean trainable) {
    this.trainable = trainable;
  }

  /** Returns whether another tensor stands in this one's place now. */
  final synchronized boolean isSubstituted() {
    return substitute != null;
  }

  /** Lets {@link #tensor} return another tensor until null is given; returns the one before. */
  synchronized @Nullable Tensor substitute(@Nullable Tensor other) {
    var before = substitute;
    substitute = other;
    return before;
  }

  @Override
  public synchronized void assign(Tensor tensor) {
    super.assign(tensor);
    leaf = null;
  }
}
