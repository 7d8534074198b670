package dev.cortado.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class AnomaliesTest {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private static Tensor of(float... values) {
    return Tensor.of(values, values.length);
  }

  private static void assertFound(Supplier<?> body, String message) {
    assertThatThrownBy(() -> Autograd.detectAnomalies(body))
        .isInstanceOf(CortadoException.class)
        .hasMessage(message);
  }

  @Test
  void namesTheOpThatMadeIt() {
    var x = of(1, 0, -1, -2);
    assertFound(
        () -> Autograd.track(x).mul(2).log().sum(),
        "log made NaN at [2] (3 of 4 elements) in its result F32[4], from inputs [F32[4]]");
    assertFound(
        () -> of(1, 100).mul(2).exp(),
        "exp made infinity at [1] (1 of 2 elements) in its result F32[2], from inputs [F32[2]]");
    assertFound(
        () -> Tensor.of(new double[] {1, 0}, 1, 2).log(),
        "log made -infinity at [0, 1] (1 of 2 elements) in its result F64[1, 2], from inputs"
            + " [F64[1, 2]]");
  }

  @Test
  void namesThePlace() {
    assertFound(
        () -> Autograd.at(() -> "features.0", () -> of(-1).sqrt()),
        "sqrt made NaN at [0] (1 of 1 elements) in its result F32[1], from inputs [F32[1]], in"
            + " layer features.0");
  }

  @Test
  void tellsWhatCameInFromOutside() {
    assertFound(
        () -> of(1, 2).add(of(0, Float.NaN)),
        "input 1 of add, F32[2], holds NaN at [1] (1 of 2 elements) before any op has run on it;"
            + " inputs are [F32[2], F32[2]]");
  }

  @Test
  void infinitiesOfMasksGoThrough() {
    var mask = of(0, -INFINITY, 0);
    var x = Autograd.track(of(1, 2, 3));
    var gradients =
        Autograd.detectAnomalies(() -> Autograd.backward(x.add(mask).softmax(0).square().sum()));
    assertThat(gradients.of(x).toFloats()[1]).isZero();
    // But not what else becomes of them.
    assertThatThrownBy(() -> Autograd.detectAnomalies(() -> mask.add(1).mul(0)))
        .hasMessageStartingWith("mul made NaN at [1]");
  }

  @Test
  void namesTheOpWhoseGradientIsWrong() {
    var x = Autograd.track(of(4, 0));
    assertFound(
        () -> Autograd.backward(Autograd.at(() -> "norm", () -> x.sqrt()).sum()),
        "the gradient of sqrt by its input 0, F32[2], holds infinity at [1] (1 of 2 elements)"
            + " (the gradient that came in is finite); inputs were [F32[2]], in layer norm");
    var hooked = Autograd.onGradient(x.mul(3), g -> g.mul(Float.NaN));
    assertThatThrownBy(() -> Autograd.detectAnomalies(() -> Autograd.backward(hooked.exp().sum())))
        .hasMessageStartingWith("the gradient of GradientHook by its input 0, F32[2], holds NaN")
        .hasMessageContaining("the gradient that came in is finite");
    assertThatThrownBy(
            () -> Autograd.detectAnomalies(() -> Autograd.backward(x.mul(3), of(Float.NaN, 1))))
        .hasMessageContaining("what came in holds NaN at [0] (1 of 2 elements) already");
  }

  @Test
  void endsWithItsBody() {
    assertThat(Autograd.isDetectingAnomalies()).isFalse();
    Autograd.detectAnomalies(
        () -> {
          assertThat(Autograd.isDetectingAnomalies()).isTrue();
          of(1).log();
        });
    assertThat(Autograd.isDetectingAnomalies()).isFalse();
    assertThat(of(-1).log().toFloats()[0]).isNaN();
    assertThatThrownBy(() -> Autograd.detectAnomalies(() -> of(-1).log()))
        .isInstanceOf(CortadoException.class);
    assertThat(Autograd.isDetectingAnomalies()).isFalse();
    var x = Autograd.track(of(0));
    assertThat(Autograd.backward(x.sqrt().sum()).of(x).item()).isEqualTo(INFINITY);
  }

  @Test
  void changesNoNumber() {
    var x = Autograd.track(of(0.5f, 2, 3));
    Supplier<float[]> step =
        () -> Autograd.backward(x.gelu().softmax(0).log().mul(x).sum()).of(x).toFloats();
    assertThat(Autograd.detectAnomalies(step)).containsExactly(step.get());
  }
}
