package dev.cortado.training.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cortado.autograd.Autograd;
import dev.cortado.nn.Initializer;
import dev.cortado.nn.Layer;
import dev.cortado.nn.Parameter;
import dev.cortado.tensor.Backends;
import dev.cortado.tensor.Tensor;
import dev.cortado.testkit.Golden;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an optimiser makes of large gradients. */
class GradientClipTest {
  /** Parameters of 0, whose gradients are given. */
  private static final class Given extends Layer {
    private final Map<String, Parameter> parts = new LinkedHashMap<>();
    private final Map<String, Tensor> gradients;

    Given(Map<String, Tensor> gradients) {
      this.gradients = gradients;
      gradients.forEach(
          (name, g) -> parts.put(name, parameter(name, Initializer.ZEROS, g.shape().toArray())));
    }

    @Override
    public Tensor forward(Tensor zero) {
      var sum = zero;
      for (var part : parts.entrySet()) {
        var gradient = Objects.requireNonNull(gradients.get(part.getKey()));
        sum = sum.add(part.getValue().tensor().mul(gradient).sum());
      }
      return sum;
    }

    /** Returns the gradients that a step of size 1 follows. */
    Map<String, Tensor> followed(GradientClip clip) {
      initialize(dev.cortado.tensor.RandomKey.of(0));
      var optimizer = new Optimizer(UpdateRule.Sgd.of(0), parameters(), 1, clip);
      optimizer.step(Autograd.backward(apply(Tensor.scalar(0))));
      var result = new LinkedHashMap<String, Tensor>();
      parts.forEach((name, part) -> result.put(name, part.value().neg()));
      return result;
    }
  }

  static Stream<Golden.Case> cases() {
    var folder = Golden.folder();
    assumeTrue(folder.isPresent(), "skipped: no shared/golden beside the repository");
    var cases =
        Golden.ops(folder.orElseThrow()).stream()
            .filter(c -> c.op().equals("clip_grad_norm"))
            .toList();
    assertThat(cases).hasSize(2);
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void normsAndGradientsOfAnotherFramework(Golden.Case golden) {
    check(golden);
    Backends.with(
        Backends.reference(),
        () -> {
          check(golden);
          return true;
        });
  }

  private static void check(Golden.Case golden) {
    var gradients = new TreeMap<>(golden.inputs());
    double norm = GradientClip.norm(gradients.values());
    var expected = Objects.requireNonNull(golden.outputs().get("total_norm"));
    assertThat(expected.difference(Tensor.scalar(norm))).isNull();
    var clip = new GradientClip.ByNorm(golden.attributes().number("max_norm", 0));
    new Given(gradients)
        .followed(clip)
        .forEach(
            (name, got) ->
                assertThat(
                        Objects.requireNonNull(golden.outputs().get("y_" + name)).difference(got))
                    .isNull());
  }

  @Test
  void smallGradientsStayAsTheyAre() {
    var gradient = Tensor.of(new float[] {0.3f, -0.4f}, 2);
    var followed = new Given(Map.of("a", gradient)).followed(new GradientClip.ByNorm(1));
    assertThat(Objects.requireNonNull(followed.get("a")).toFloats()).containsExactly(0.3f, -0.4f);
    assertThat(new GradientClip.ByNorm(1).factor(0.5)).isEqualTo(1);
    assertThat(new GradientClip.ByNorm(1).factor(4)).isCloseTo(0.25, within(1e-6));
  }

  @Test
  void valuesAreBroughtToTheBounds() {
    var gradient = Tensor.of(new float[] {0.3f, -4, 5, Float.POSITIVE_INFINITY, -0.5f}, 5);
    var followed = new Given(Map.of("a", gradient)).followed(new GradientClip.ByValue(0.5));
    assertThat(Objects.requireNonNull(followed.get("a")).toFloats())
        .containsExactly(0.3f, -0.5f, 0.5f, 0.5f, -0.5f);
  }

  @Test
  void weightDecayIsNotClipped() {
    var parameter = Tensor.of(new float[] {10}, 1);
    var given = new Given(Map.of("a", Tensor.of(new float[] {8}, 1)));
    given.initialize(dev.cortado.tensor.RandomKey.of(0));
    Objects.requireNonNull(given.parts.get("a")).assign(parameter);
    var rule = new UpdateRule.Sgd(0, 0, false, 0.1);
    var optimizer = new Optimizer(rule, given.parameters(), 1, new GradientClip.ByValue(2));
    optimizer.step(Autograd.backward(given.apply(Tensor.scalar(0))));
    // 10 − (2 + 0.1 · 10).
    assertThat(Objects.requireNonNull(given.parts.get("a")).value().item()).isEqualTo(7);
  }

  @Test
  void boundsMustBePositive() {
    assertThatThrownBy(() -> new GradientClip.ByNorm(0)).hasMessageContaining("positive");
    assertThatThrownBy(() -> new GradientClip.ByValue(Double.NaN)).hasMessageContaining("NaN");
  }
}
