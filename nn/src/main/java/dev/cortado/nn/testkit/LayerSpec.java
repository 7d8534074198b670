package dev.cortado.nn.testkit;

import dev.cortado.autograd.GradCheck;
import dev.cortado.nn.Buffer;
import dev.cortado.nn.Initializer;
import dev.cortado.nn.Layer;
import dev.cortado.nn.Randomness;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import dev.cortado.testkit.Draw;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;

/**
 * What a layer may be given: the source of cases for everything that is proven of every layer.
 *
 * @param type the layer's class
 * @param cases draws a layer and an input; inputs stay away from kinks
 */
public record LayerSpec(Class<? extends Layer> type, Function<Draw, Case> cases) {
  private static final RandomKey KEY = RandomKey.of(11);

  /**
   * A layer, and an input that it accepts.
   *
   * @param layer with numbers, in training or in evaluation
   * @param input of the layer
   */
  public record Case(Layer layer, Tensor input) {
    /** Returns the layer, the input's type and shape, and the mode. */
    @Override
    public String toString() {
      return layer + " of " + input.spec() + (layer.isTraining() ? " in training" : "");
    }

    /**
     * Compares the derivatives by the input, where it has one, and by every parameter with
     * differences. What is random is drawn alike each time.
     *
     * @param second whether the derivatives of the derivatives are compared instead
     */
    public GradCheck.Report check(GradCheck how, boolean second) {
      boolean byInput = input.dtype().isFloating();
      var inputs = new ArrayList<Tensor>();
      if (byInput) {
        inputs.add(input);
      }
      layer.parameters().values().forEach(p -> inputs.add(p.value()));
      return second
          ? how.checkSecond(toString(), all -> apply(byInput, all), inputs)
          : how.check(toString(), all -> apply(byInput, all), inputs);
    }

    /** The layer as a function of its input (where that has a gradient) and its parameters. */
    private List<Tensor> apply(boolean byInput, List<Tensor> inputs) {
      var names = List.copyOf(layer.parameters().keySet());
      var tensors = new LinkedHashMap<String, Tensor>();
      for (int i = 0; i < names.size(); i++) {
        tensors.put(names.get(i), inputs.get(i + (byInput ? 1 : 0)));
      }
      var x = byInput ? inputs.getFirst() : input;
      return List.of(Randomness.with(KEY, () -> layer.applyWith(tensors, x)));
    }
  }

  static LayerSpec of(Class<? extends Layer> type, Function<Draw, Case> cases) {
    return new LayerSpec(type, cases);
  }

  /** Draws a layer with numbers, of the draw's type, in training or in evaluation. */
  public Case draw(long seed, int size, DType type) {
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

  /** Returns the layer's name. */
  public String name() {
    return type.getSimpleName();
  }

  @Override
  public String toString() {
    return name();
  }
}
