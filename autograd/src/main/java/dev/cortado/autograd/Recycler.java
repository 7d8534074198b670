package dev.cortado.autograd;

import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Storage;
import dev.cortado.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives the arrays of gradients back to the step's scope as soon as backward is done with them. It
 * counts, for each storage, the gradients on their way that lie in it (views share one), and
 * recycles only storages that a rule made: never a saved tensor, a result, or what the user gave.
 */
final class Recycler {
  private static final class Use {
    int count;

    /** Whether a rule made the storage, in a scope that has handed it on to the step's. */
    boolean ours;
  }

  private final Scope step;
  private final Map<Storage, Use> uses = new HashMap<>();
  private final List<Tensor> held = new ArrayList<>();

  Recycler(Scope step) {
    this.step = step;
  }

  /** Notes that {@code gradient} is needed later. */
  void hold(Tensor gradient) {
    uses.computeIfAbsent(gradient.storage(), storage -> new Use()).count++;
    held.add(gradient);
  }

  /** Notes that {@code gradient} has been used. */
  void drop(Tensor gradient) {
    var use = uses.get(gradient.storage());
    if (use != null && --use.count == 0) {
      uses.remove(gradient.storage());
      if (use.ours) {
        step.recycle(gradient);
      }
    }
  }

  /** Notes that a user's code has seen {@code gradient} and may have put it aside. */
  void disown(Tensor gradient) {
    var use = uses.get(gradient.storage());
    if (use != null) {
      use.ours = false;
    }
  }

  /**
   * Hands what was held since the last call, and is still needed, from {@code rule} to the step.
   */
  void keepHeld(Scope rule) {
    for (var gradient : held) {
      var use = uses.get(gradient.storage());
      if (use != null && rule.owns(gradient)) {
        rule.keep(gradient);
        use.ours = true;
      }
    }
    held.clear();
  }

  /** Forgets what was held since the last call: it was made outside of any rule's scope. */
  void leaveHeld() {
    held.clear();
  }
}
