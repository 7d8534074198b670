package dev.cortado.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cortado.tensor.Tensor;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.Test;

/** Activations against their textbook formulas. */
class ActivationLayersTest {
  private static void check(ActivationLayer layer, DoubleUnaryOperator formula) {
    for (double x = -9; x <= 9; x += 0.37) {
      assertThat(layer.apply(Tensor.of(new double[] {x}, 1)).item())
          .as("%s of %s", layer, x)
          .isCloseTo(formula.applyAsDouble(x), within(1e-12 * Math.max(1, Math.abs(x))));
    }
  }

  @Test
  void areTheirFormulas() {
    check(ActivationLayer.relu(), x -> Math.max(x, 0));
    check(ActivationLayer.relu6(), x -> Math.clamp(x, 0, 6));
    check(ActivationLayer.silu(), x -> x / (1 + Math.exp(-x)));
    check(ActivationLayer.gelu(), x -> x / 2 * (1 + Erf.erf(x / Math.sqrt(2))));
    check(ActivationLayer.sigmoid(), x -> 1 / (1 + Math.exp(-x)));
    check(ActivationLayer.tanh(), Math::tanh);
    check(ActivationLayer.leakyRelu(0.01), x -> x > 0 ? x : 0.01 * x);
    check(ActivationLayer.hardswish(), x -> x * Math.clamp(x + 3, 0, 6) / 6);
    double root = Math.sqrt(2 / Math.PI);
    check(
        ActivationLayer.geluTanh(),
        x -> x / 2 * (1 + Math.tanh(root * (x + 0.044715 * x * x * x))));
    check(ActivationLayer.hardsigmoid(), x -> Math.clamp(x + 3, 0, 6) / 6);
    check(ActivationLayer.hardtanh(), x -> Math.clamp(x, -1, 1));
    check(ActivationLayer.elu(1.3), x -> x > 0 ? x : 1.3 * Math.expm1(x));
    double scale = 1.0507009873554805;
    check(ActivationLayer.selu(), x -> scale * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)));
    check(ActivationLayer.softplus(), x -> Math.log1p(Math.exp(x)));
    check(ActivationLayer.mish(), x -> x * Math.tanh(Math.log1p(Math.exp(x))));
    check(ActivationLayer.logSigmoid(), x -> -Math.log1p(Math.exp(-x)));
  }
}
