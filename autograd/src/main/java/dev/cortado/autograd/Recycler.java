package dev.cortado.autograd;

import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Storage;
import dev.cortado.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
    final Tensor tensor;
    int count;

    /** Whether a rule made the storage, in a scope that has handed it on to the step's. */
    boolean ours;

    Use(Tensor tensor) {
      this.tensor = tensor;
    }
  }

  /** The step's scope, and those of the checkpoints that are being walked through. */
  private final Deque<Scope> scopes = new ArrayDeque<>();

  private final Map<Storage, Use> uses = new HashMap<>();
  private final List<Tensor> held = new ArrayList<>();

  Recycler(Scope step) {
    scopes.push(step);
  }

  /** Notes that {@code gradient} is needed later. */
  void hold(Tensor gradient) {
    uses.computeIfAbsent(gradient.storage(), storage -> new Use(gradient)).count++;
    held.add(gradient);
  }

  /** Notes that {@code gradient} has been used. */
  void drop(Tensor gradient) {
    var use = uses.get(gradient.storage());
    if (use != null && --use.count == 0) {
      uses.remove(gradient.storage());
      if (use.ours) {
        scopes.forEach(scope -> scope.recycle(gradient));
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

  /** Enters a checkpoint, whose tensors end with {@code block}. */
  void enter(Scope block) {
    scopes.push(block);
  }

  /** Leaves a checkpoint: gradients that are still needed go to the scope around it. */
  void leave(Scope block) {
    for (var use : uses.values()) {
      if (block.owns(use.tensor)) {
        block.keep(use.tensor);
      }
    }
    scopes.pop();
  }

  /** Forgets what was held since the last call: it was made outside of any rule's scope. */
  void leaveHeld() {
    held.clear();
  }
}
