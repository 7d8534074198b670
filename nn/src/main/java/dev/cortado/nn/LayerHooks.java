package dev.cortado.nn;

import dev.cortado.tensor.Tensor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** The hooks of one layer, in the order in which they were added. */
final class LayerHooks {
  private final List<LayerHook> hooks = new CopyOnWriteArrayList<>();

  boolean isEmpty() {
    return hooks.isEmpty();
  }

  LayerHook.Registration add(LayerHook hook) {
    hooks.add(hook);
    return () -> hooks.remove(hook);
  }

  /** Computes a layer's output between what the hooks do before and after. */
  Tensor run(Layer layer, Tensor x, UnaryOperator<Tensor> forward) {
    var present = List.copyOf(hooks); // one that is added on the way waits for the next time
    var input = x;
    for (var hook : present) {
      input = hook.changeInput(layer, input);
      hook.before(layer, input);
    }
    var output = forward.apply(input);
    for (var hook : present) {
      output = hook.changeOutput(layer, output);
      hook.after(layer, input, output);
    }
    return output;
  }
}
