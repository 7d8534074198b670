package dev.cortado.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Tensor;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** Hooks on gradients, and code that is only there for its results. */
class HooksTest {
  private static Tensor leaf(double... values) {
    return Autograd.track(Tensor.of(values, values.length));
  }

  @Test
  void aHookSeesTheSumOfAllUses() {
    var x = leaf(2, 3);
    var seen = new ArrayList<Tensor>();
    var h =
        Autograd.onGradient(
            x.mul(2),
            g -> {
              seen.add(g);
              return g;
            });
    assertThat(h.toDoubles()).containsExactly(4, 6);
    var gradients = Autograd.backward(h.square().sum().add(h.sum()));
    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst().toDoubles()).containsExactly(2 * 4 + 1, 2 * 6 + 1);
    assertThat(Autograd.isTracked(seen.getFirst())).isFalse();
    assertThat(gradients.of(x).toDoubles()).containsExactly(18, 26);
  }

  @Test
  void aHookReplacesTheGradient() {
    var x = leaf(2, 30);
    var y = Autograd.onGradient(x, g -> g.clamp(-10, 10)).square().add(x);
    assertThat(Autograd.backward(y.sum()).of(x).toDoubles()).containsExactly(4 + 1, 10 + 1);
  }

  @Test
  void aHookMayBeAllThatACheckpointReadsOfATensor() {
    var w = leaf(2, 3);
    var x = Tensor.of(new double[] {5, 7}, 2);
    var y = Autograd.checkpoint(x, t -> Autograd.onGradient(w, g -> g.mul(10)).mul(t));
    assertThat(Autograd.gradient(y.sum(), w, false).toDoubles()).containsExactly(50, 70);
    var again = Autograd.checkpoint(x, t -> Autograd.onGradient(w, g -> g.mul(10)).mul(t));
    assertThat(Autograd.backward(again.sum()).of(w).toDoubles()).containsExactly(50, 70);
  }

  @Test
  void whatAHookPutsAsideStaysReadable() {
    var seen = new ArrayList<Tensor>();
    var x = Autograd.track(Tensor.ones(64, 64));
    try (var scope = Scope.open()) {
      var y =
          Autograd.onGradient(
              x.mul(2),
              g -> {
                seen.add(g);
                return g;
              });
      Autograd.backward(y.mul(3).silu().sum());
      assertThat(seen.getFirst().toFloats()).hasSize(64 * 64);
    }
  }

  @Test
  void hooksKeepTheirShape() {
    var x = leaf(1, 2);
    var y = Autograd.onGradient(x, Tensor::sum).sum();
    assertThatThrownBy(() -> Autograd.backward(y))
        .isInstanceOf(CortadoException.class)
        .hasMessage("a gradient hook returned F64[] for a gradient of F64[2]");
  }

  @Test
  void hooksTakePartInHigherOrders() {
    var x = leaf(0.5);
    var y = Autograd.onGradient(x, g -> g.mul(3)).square().sum();
    var first = Autograd.gradient(y, x, true);
    assertThat(first.item()).isEqualTo(3 * 2 * 0.5);
    // 6h by h, and the hook is on the way again.
    assertThat(Autograd.gradient(first.sum(), x, false).item()).isEqualTo(3 * 6);
  }

  @Test
  void withoutAGradientThereIsNothingToHook() {
    var plain = Tensor.ones(2);
    assertThat(Autograd.onGradient(plain, g -> g)).isSameAs(plain);
    var x = leaf(1);
    assertThat(Autograd.noGrad(() -> Autograd.onGradient(x, g -> g))).isSameAs(x);
  }

  @Test
  void inferenceRecordsNothingAndRefusesTraining() {
    var x = leaf(1, 2);
    var loss = x.square().sum();
    var y =
        Autograd.inference(
            () -> {
              assertThat(Autograd.isInference()).isTrue();
              assertThat(Autograd.isRecording()).isFalse();
              assertThatThrownBy(() -> Autograd.track(Tensor.ones(1)))
                  .isInstanceOf(CortadoException.class)
                  .hasMessage(
                      "track inside Autograd.inference, where nothing is recorded: use it outside");
              assertThatThrownBy(() -> Autograd.backward(loss)).hasMessageStartingWith("backward");
              assertThatThrownBy(() -> Autograd.gradient(loss, x, false))
                  .hasMessageStartingWith("gradients");
              return x.exp();
            });
    assertThat(Autograd.isTracked(y)).isFalse();
    assertThat(Autograd.isInference()).isFalse();
    assertThat(Autograd.isTracked(Autograd.track(y).exp())).isTrue();
    Autograd.inference(() -> assertThat(Autograd.isInference()).isTrue());
    assertThat(Autograd.backward(loss).of(x).toDoubles()).containsExactly(2, 4);
  }
}
