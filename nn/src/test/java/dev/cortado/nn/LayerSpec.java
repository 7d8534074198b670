package dev.cortado.nn;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import dev.cortado.testkit.Draw;
import java.util.function.Function;

/**
 * What a layer may be given: the source of cases for everything that is proven of every layer.
 *
 * @param type the layer's class
 * @param cases draws a layer and an input; inputs stay away from kinks
 */
record LayerSpec(Class<? extends Layer> type, Function<Draw, Case> cases) {
  /** A layer, and an input that it accepts. */
  record Case(Layer layer, Tensor input) {
    @Override
    public String toString() {
      return layer + " of " + input.spec() + (layer.isTraining() ? " in training" : "");
    }
  }

  static LayerSpec of(Class<? extends Layer> type, Function<Draw, Case> cases) {
    return new LayerSpec(type, cases);
  }

  /** Draws a layer with numbers, of the draw's type, in training or in evaluation. */
  Case draw(long seed, int size, DType type) {
    var draw = new Draw(seed, size, type);
    var drawn = cases.apply(draw);
    var layer = drawn.layer();
    // Not the first numbers of a training, among which are ones and zeros: any numbers.
    layer.entries().values().stream()
        .filter(entry -> entry.spec().dtype().isFloating())
        .forEach(
            entry ->
                entry.initializer(
                    entry instanceof Buffer
                        ? Initializer.uniform(0.5, 1.5)
                        : Initializer.uniform(-1, 1)));
    layer.initialize(RandomKey.of(seed));
    layer.to(type);
    layer.train(draw.maybe());
    return drawn;
  }

  @Override
  public String toString() {
    return type.getSimpleName();
  }
}
