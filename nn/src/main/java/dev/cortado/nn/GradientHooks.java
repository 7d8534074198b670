package dev.cortado.nn;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Those who see the gradients that pass through one layer. */
final class GradientHooks {
  private final List<GradientHook> hooks = new ArrayList<>();

  boolean isEmpty() {
    return hooks.isEmpty();
  }

  LayerHook.Registration add(GradientHook hook) {
    hooks.add(hook);
    return () -> hooks.remove(hook);
  }

  /** Computes {@code forward} of {@code x}; where anomalies are looked for, in the layer's name. */
  Tensor run(Layer layer, Tensor x, UnaryOperator<Tensor> forward) {
    var named = Autograd.isDetectingAnomalies() ? named(layer, forward) : forward;
    if (hooks.isEmpty()) {
      return named.apply(x);
    }
    var now = List.copyOf(hooks);
    var y = named.apply(Autograd.onGradient(x, g -> ofInput(now, layer, g)));
    return Autograd.onGradient(y, g -> ofOutput(now, layer, g));
  }

  private static UnaryOperator<Tensor> named(Layer layer, UnaryOperator<Tensor> forward) {
    var path = layer.path();
    return x -> Autograd.at(() -> path.isEmpty() ? layer.kind() : path, () -> forward.apply(x));
  }

  private static Tensor ofInput(List<GradientHook> hooks, Layer layer, Tensor gradient) {
    var result = gradient;
    for (var hook : hooks) {
      result = hook.ofInput(layer, result);
    }
    return result;
  }

  private static Tensor ofOutput(List<GradientHook> hooks, Layer layer, Tensor gradient) {
    var result = gradient;
    for (var hook : hooks) {
      result = hook.ofOutput(layer, result);
    }
    return result;
  }
}
