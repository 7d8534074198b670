package dev.cortado.autograd;

import static dev.cortado.tensor.formula.Formula.constant;
import static dev.cortado.tensor.formula.Formula.input;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.Fused;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Gradients where differences say nothing: at kinks, at ties, across jumps, and beyond. */
class KinksTest {
  private static Tensor of(double... values) {
    return Tensor.of(values, values.length);
  }

  private static double[] gradient(UnaryOperator<Tensor> f, double... at) {
    var x = Autograd.track(of(at));
    return Autograd.backward(f.apply(x).mul(6).sum()).of(x).toDoubles();
  }

  @Test
  void kinksOfActivations() {
    assertThat(gradient(Tensor::relu, -1, 0, 1)).containsExactly(0, 0, 6);
    assertThat(gradient(Tensor::relu6, -1, 0, 3, 6, 7)).containsExactly(0, 0, 6, 0, 0);
    assertThat(gradient(Tensor::abs, -2, 0, 2)).containsExactly(-6, 0, 6);
  }

  @Test
  void boundsPassTheGradient() {
    assertThat(gradient(x -> x.clamp(-1, 2), -1.5, -1, 0, 2, 2.5)).containsExactly(0, 6, 6, 6, 0);
  }

  @Test
  void tiesShareHalfAndHalf() {
    var a = Autograd.track(of(1, 2, 3));
    var b = Autograd.track(of(2, 2, 2));
    var larger = Autograd.backward(a.maximum(b).mul(6).sum());
    assertThat(larger.of(a).toDoubles()).containsExactly(0, 3, 6);
    assertThat(larger.of(b).toDoubles()).containsExactly(6, 3, 0);
    var smaller = Autograd.backward(a.minimum(b).mul(6).sum());
    assertThat(smaller.of(a).toDoubles()).containsExactly(6, 3, 0);
    assertThat(smaller.of(b).toDoubles()).containsExactly(0, 3, 6);
  }

  @Test
  void equalExtremesShareEvenly() {
    assertThat(gradient(x -> x.max(false), 5, 1, 5, 5)).containsExactly(2, 0, 2, 2);
    assertThat(gradient(x -> x.min(false), 5, 1, 1, 5)).containsExactly(0, 3, 3, 0);
  }

  @Test
  void stepsAreFlat() {
    for (var function : BinaryFunction.values()) {
      if (function.isComparison()) {
        // x · [x < 1]: what the step does to x is all there is.
        var step = Formula.binary(function, input(0), constant(1));
        var masked = new Fused(java.util.List.of(step.times(input(0))), 1);
        double[] at = {0.5, 1, 2};
        double[] expected = new double[at.length];
        for (int i = 0; i < at.length; i++) {
          expected[i] = 6 * function.apply(at[i], 1);
        }
        assertThat(gradient(x -> x.apply(masked), at)).as("%s", function).containsExactly(expected);
      }
    }
  }

  @Test
  void whereTheGradientIsZeroItStaysZero() {
    // The infinite derivative of the side that is not chosen does not leak.
    var x = Autograd.track(of(0, 4));
    var safe = x.lessThan(1).where(x.mul(2), x.sqrt());
    assertThat(Autograd.backward(safe.sum()).of(x).toDoubles()[1]).isEqualTo(0.25);
    var relu = Autograd.track(of(-1));
    var infinite = of(Double.POSITIVE_INFINITY);
    assertThat(Autograd.backward(relu.relu(), infinite).of(relu).toDoubles()).containsExactly(0);
  }
}
