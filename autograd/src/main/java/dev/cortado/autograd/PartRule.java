package dev.cortado.autograd;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.IndexOp.ZeroPad;
import org.jspecify.annotations.Nullable;

/**
 * The rule of an op that hands out the part {@code start …} of one axis: what was left out gets 0.
 * Where several parts of one tensor come back (queries, keys and values, say), {@link Slot} lays
 * them side by side instead of adding mostly zeros.
 */
record PartRule(int axis, int start) implements Rule {
  @Override
  public Saves saves(Wanted wanted) {
    return Saves.NOTHING;
  }

  @Override
  public @Nullable Tensor[] gradients(Backward at) {
    return new Tensor[] {whole(at.gradient(0), at.inputShape(0))};
  }

  /** Returns {@code part} in its place, zeros around it. */
  Tensor whole(Tensor part, Shape shape) {
    int after = shape.dim(axis) - start - part.dim(axis);
    return start == 0 && after == 0 ? part : part.apply(new ZeroPad(axis, start, after));
  }
}
