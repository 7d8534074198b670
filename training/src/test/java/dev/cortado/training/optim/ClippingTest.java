package dev.cortado.training.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cortado.autograd.Autograd;
import dev.cortado.autograd.Gradients;
import dev.cortado.nn.Initializer;
import dev.cortado.nn.Layer;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import dev.cortado.testkit.Golden;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ClippingTest {
  /** Parameters of given shapes; the gradient of {@link #loss} by each is what was given. */
  private static final class Given extends Layer {
    private final Map<String, Tensor> gradients;

    Given(Map<String, Tensor> gradients) {
      this.gradients = gradients;
      gradients.forEach((name, g) -> parameter(name, Initializer.ZEROS, g.shape().toArray()));
      initialize(RandomKey.of(0));
    }

    Gradients gradients() {
      return Autograd.backward(forward(Tensor.scalar(0)));
    }

    @Override
    public Tensor forward(Tensor x) {
      var sum = x;
      for (var entry : ownParameters().entrySet()) {
        sum = sum.add(entry.getValue().tensor().mul(gradients.get(entry.getKey())).sum());
      }
      return sum;
    }
  }

  @TestFactory
  Stream<DynamicTest> clipsAsElsewhere() {
    var folder = Golden.folder();
    assumeTrue(folder.isPresent(), "skipped: no shared/golden beside the repository");
    return Golden.ops(folder.orElseThrow()).stream()
        .filter(golden -> golden.op().equals("clip_grad_norm"))
        .map(golden -> DynamicTest.dynamicTest(golden.toString(), () -> check(golden)));
  }

  private static void check(Golden.Case golden) {
    var layer = new Given(golden.inputs());
    var clipped =
        Clipping.byNorm(
            layer.gradients(), layer.parameters(), golden.attributes().number("max_norm", 1));
    var norm = golden.outputs().get("total_norm");
    assertThat(norm.difference(Tensor.scalar(clipped.norm()))).isNull();
    layer
        .parameters()
        .forEach(
            (name, parameter) -> {
              var got = clipped.gradients().of(parameter.tensor());
              assertThat(golden.outputs().get("y_" + name).difference(got)).as(name).isNull();
            });
  }

  @Test
  void smallGradientsStayTheSameObjects() {
    var layer = new Given(Map.of("a", Tensor.of(new float[] {3, 4}, 2)));
    var gradients = layer.gradients();
    var clipped = Clipping.byNorm(gradients, layer.parameters(), 6);
    assertThat(clipped.gradients()).isSameAs(gradients);
    assertThat(clipped.norm()).isEqualTo(5);
  }

  @Test
  void cutsNumbersOff() {
    var layer = new Given(Map.of("a", Tensor.of(new float[] {-3, 0.5f, 4}, 3)));
    var cut = Clipping.byValue(layer.gradients(), 1);
    assertThat(cut.of(layer.parameters().get("a").tensor()).toFloats())
        .containsExactly(-1, 0.5f, 1);
    assertThatThrownBy(() -> Clipping.byValue(layer.gradients(), 0))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("positive");
  }
}
