package dev.cortado.autograd;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What {@link Autograd#backward} found: the gradient of the loss by each leaf that it depends on. A
 * value: nothing accumulates behind the scenes, nothing has to be zeroed.
 */
public final class Gradients {
  private final Map<Leaf, Tensor> byLeaf;

  private Gradients(Map<Leaf, Tensor> byLeaf) {
    this.byLeaf = byLeaf;
  }

  static Gradients of(Map<Leaf, Tensor> byLeaf) {
    return new Gradients(byLeaf);
  }

  /**
   * Returns the gradient by {@code leaf}, of its shape and type.
   *
   * @throws CortadoException if the loss does not depend on it, or it is no leaf
   */
  public Tensor of(Tensor leaf) {
    return find(leaf)
        .orElseThrow(
            () ->
                new CortadoException(
                    "there is no gradient by this "
                        + leaf.spec()
                        + (isLeaf(leaf)
                            ? ": the loss does not depend on it"
                            : ": it is not a tensor that Autograd.track returned")));
  }

  /** Returns the gradient by {@code leaf}; empty if the loss does not depend on it. */
  public Optional<Tensor> find(Tensor leaf) {
    var recorded = Recorded.of(leaf);
    return recorded != null && recorded.origin() instanceof Leaf key
        ? Optional.ofNullable(byLeaf.get(key))
        : Optional.empty();
  }

  /** Returns for how many leaves there is a gradient. */
  public int size() {
    return byLeaf.size();
  }

  /**
   * Returns the sums of these gradients and {@code other}: those of the two losses' sum, for steps
   * that are made of several batches.
   */
  public Gradients plus(Gradients other) {
    var sums = new HashMap<>(byLeaf);
    other.byLeaf.forEach((leaf, gradient) -> sums.merge(leaf, gradient, Tensor::add));
    return new Gradients(sums);
  }

  /** Returns these gradients, each replaced by {@code change} of it. */
  public Gradients map(UnaryOperator<Tensor> change) {
    var changed = new HashMap<>(byLeaf);
    changed.replaceAll((leaf, gradient) -> change.apply(gradient));
    return new Gradients(changed);
  }

  /** Returns how many there are; each is found by its leaf, with {@link #of}. */
  @Override
  public String toString() {
    return size() == 1 ? "Gradients by 1 leaf" : "Gradients by " + size() + " leaves";
  }

  private static boolean isLeaf(Tensor tensor) {
    var recorded = Recorded.of(tensor);
    return recorded != null && recorded.origin() instanceof Leaf;
  }
}
