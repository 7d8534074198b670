package dev.cortado.nn;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Layers one after the other. */
public final class Sequential extends Layer {
  /** Creates a chain of layers with the names 0, 1, 2, … */
  public Sequential(Layer... layers) {
    this(List.of(layers));
  }

  /** Creates a chain of layers with the names 0, 1, 2, … */
  public Sequential(List<? extends Layer> layers) {
    for (int i = 0; i < layers.size(); i++) {
      child(Integer.toString(i), layers.get(i));
    }
  }

  /** Creates a chain of layers with names. */
  public Sequential(SequencedMap<String, ? extends Layer> layers) {
    layers.forEach(this::child);
  }

  @Override
  public Tensor forward(Tensor x) {
    var y = x;
    boolean lean = !Autograd.isRecording() && Scope.current() != null && !isTraining();
    for (var layer : children().values()) {
      y = lean ? inScope(layer, y) : layer.apply(y);
    }
    return y;
  }

  /** Nobody will ask for what a layer computed on the way: its arrays serve the next one. */
  private static Tensor inScope(Layer layer, Tensor x) {
    try (var scope = Scope.open()) {
      return scope.keep(layer.apply(x));
    }
  }

  @Override
  protected Layer twin() {
    var twins = new LinkedHashMap<String, Layer>();
    children().forEach((name, layer) -> twins.put(name, Layer.twinOf(layer)));
    return new Sequential(twins);
  }
}
