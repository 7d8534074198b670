package dev.cortado.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.autograd.Autograd;
import dev.cortado.autograd.Gradients;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Activation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What autograd offers beyond gradients, where layers take part in it. */
class AutogradInLayersTest {
  private static final RandomKey KEY = RandomKey.of(5);
  private static final Tensor IMAGES = Tensor.normal(KEY.split("images"), 4, 3, 8, 8);

  private static Sequential network() {
    return Layer.initialized(
        new Sequential(
            new Conv2d(3, 8, 3),
            new BatchNorm2d(8),
            new ActivationLayer(new Activation.Silu()),
            new Dropout(0.3),
            new StochasticDepth(0.5),
            new Conv2d(8, 8, 3),
            new BatchNorm2d(8),
            new AdaptiveAvgPool2d(1),
            new Flatten(),
            new Linear(8, 3)),
        KEY);
  }

  /** One step's gradients, and the buffers after it. */
  private static Map<String, float[]> step(boolean checkpointed) {
    var network = network();
    UnaryOperator<Tensor> trunk =
        x -> {
          var y = x;
          for (int i = 0; i < 8; i++) {
            y = network.children().get("" + i).apply(y);
          }
          return y;
        };
    var x = Autograd.track(IMAGES);
    Gradients[] found = new Gradients[1];
    var loss =
        Randomness.with(
            KEY.split("step"),
            () -> {
              var y = checkpointed ? Autograd.checkpoint(x, trunk) : trunk.apply(x);
              var head = network.children().get("9").apply(y.reshape(4, 8));
              // What comes after the block draws the same keys, too.
              return new Dropout(0.5).apply(head).square().sum();
            });
    found[0] = Autograd.backward(loss);
    var result = new LinkedHashMap<String, float[]>();
    result.put("loss", loss.toFloats());
    result.put("x", found[0].of(x).toFloats());
    network.parameters().forEach((n, p) -> result.put(n, found[0].of(p.tensor()).toFloats()));
    network.buffers().forEach((n, b) -> result.put(n, b.value().toFloats()));
    return result;
  }

  @Test
  void checkpointsChangeNoBitAndMoveStatisticsOnce() {
    var expected = step(false);
    assertThat(expected.get("1.num_batches_tracked")).containsExactly(1);
    for (boolean scoped : new boolean[] {false, true}) {
      var scope = scoped ? Scope.open() : null;
      var actual = step(true);
      assertThat(actual.keySet()).isEqualTo(expected.keySet());
      actual.forEach(
          (name, values) -> assertThat(values).as(name).containsExactly(expected.get(name)));
      if (scope != null) {
        scope.close();
      }
    }
  }

  @Test
  void anomaliesAreNamedByLayer() {
    var network = network();
    network.eval();
    var weight = network.parameters().get("5.weight");
    weight.assign(weight.value().mul(0).add(Float.MAX_VALUE));
    assertThatThrownBy(() -> Autograd.detectAnomalies(() -> network.apply(IMAGES)))
        .isInstanceOf(CortadoException.class)
        .hasMessageMatching("conv2d made .*infinity at .* in layer 5")
        .hasMessageContaining("F32[4, 8, 6, 6], F32[8, 8, 3, 3]");
  }

  @Test
  void gradientsAreNamedByLayer() {
    var outer = new Sequential(new Sequential(new Linear(2, 2)), new Root());
    outer.initialize(KEY);
    var first = outer.parameters().get("0.0.weight");
    first.assign(first.value().mul(0));
    var bias = outer.parameters().get("0.0.bias");
    bias.assign(bias.value().mul(0));
    assertThatThrownBy(
            () ->
                Autograd.detectAnomalies(
                    () -> Autograd.backward(outer.apply(Tensor.ones(1, 2)).sum())))
        .hasMessageStartingWith("the gradient of sqrt by its input 0, F32[1, 2], holds infinity")
        .hasMessageEndingWith("in layer 1");
  }

  private static final class Root extends Layer {
    @Override
    public Tensor forward(Tensor x) {
      return x.sqrt();
    }
  }

  @Test
  void layersKnowTheirPath() {
    var network = network();
    network.layers().forEach((name, layer) -> assertThat(layer.path()).isEqualTo(name));
    var outer = new Sequential(network);
    assertThat(outer.layers().get("0.5").path()).isEqualTo("0.5");
  }

  @Test
  void gradientHooksSeeAndReplace() {
    var network = new Sequential(new Linear(3, 4), new Root2(), new Linear(4, 2));
    network.initialize(KEY);
    var x = Autograd.track(Tensor.normal(KEY.split("x"), 5, 3));
    var middle = network.children().get("1");
    var seen = new ArrayList<String>();
    var hook =
        new GradientHook() {
          @Override
          public Tensor ofOutput(Layer layer, Tensor gradient) {
            seen.add(layer.kind() + " out " + gradient.shape());
            return gradient.mul(2);
          }

          @Override
          public Tensor ofInput(Layer layer, Tensor gradient) {
            seen.add(layer.kind() + " in " + gradient.shape());
            return gradient.mul(4);
          }
        };
    float[] plain = Autograd.backward(network.apply(x).sum()).of(x).toFloats();
    try (var registration = middle.addGradientHook(hook)) {
      assertThat(middle.isObserved()).isTrue();
      float[] hooked = Autograd.backward(network.apply(x).sum()).of(x).toFloats();
      assertThat(seen).containsExactly("Root2 out [5, 4]", "Root2 in [5, 4]");
      for (int i = 0; i < plain.length; i++) {
        assertThat(hooked[i]).isEqualTo(8 * plain[i]);
      }
    }
    assertThat(middle.isObserved()).isFalse();
    assertThat(Autograd.backward(network.apply(x).sum()).of(x).toFloats()).containsExactly(plain);
  }

  /** Uses its input twice; a residual branch goes round it. */
  private static final class Root2 extends Layer {
    @Override
    public Tensor forward(Tensor x) {
      return x.mul(2).add(x.mul(3));
    }
  }

  @Test
  void hooksOfAnInputSeeOneLayersShare() {
    var layer = new Root2();
    var seen = new ArrayList<Tensor>();
    layer.addGradientHook(
        new GradientHook() {
          @Override
          public Tensor ofInput(Layer l, Tensor gradient) {
            seen.add(gradient);
            return gradient;
          }
        });
    var x = Autograd.track(Tensor.ones(2));
    Autograd.backward(layer.apply(x).add(x.mul(100)).sum());
    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst().toFloats()).containsExactly(5, 5);
    assertThat(Autograd.noGrad(() -> layer.apply(x)).toFloats()).containsExactly(5, 5);
    assertThat(seen).hasSize(1);
  }

  @Test
  void inferenceComputesOnPlainParameters() {
    var network = network();
    network.eval();
    var expected = Autograd.noGrad(() -> network.apply(IMAGES)).toFloats();
    List<Boolean> tracked = new ArrayList<>();
    var actual =
        Autograd.inference(
            () -> {
              network
                  .parameters()
                  .values()
                  .forEach(p -> tracked.add(Autograd.isTracked(p.tensor())));
              return network.apply(IMAGES);
            });
    assertThat(tracked).containsOnly(false);
    assertThat(actual.toFloats()).containsExactly(expected);
  }
}
