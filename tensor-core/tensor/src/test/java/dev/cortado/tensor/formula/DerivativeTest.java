package dev.cortado.tensor.formula;

import static dev.cortado.tensor.formula.Formula.constant;
import static dev.cortado.tensor.formula.Formula.input;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cortado.tensor.op.Activation;
import dev.cortado.tensor.op.Elementwise;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Symbolic derivatives against central differences, and what holds at kinks and ties. */
class DerivativeTest {
  private static final double[] POINTS = {-2.3, -1.1, -0.7, 0.3, 0.9, 1.7, 2.6};

  private static void check(Formula f, int input, double... at) {
    double h = 1e-5;
    double[] low = at.clone();
    double[] high = at.clone();
    low[input] -= h;
    high[input] += h;
    double expected = (f.evaluate(high) - f.evaluate(low)) / (2 * h);
    double actual = Derivative.of(f, input).evaluate(at);
    if (Double.isNaN(expected)) {
      assertThat(f.evaluate(at)).as("%s is undefined there", f).isNaN();
    } else {
      double allowed = 1e-8 * (1 + Math.abs(expected));
      assertThat(actual).as("∂%s at %s", f, at).isCloseTo(expected, within(allowed));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyUnaryFunction(UnaryFunction function) {
    for (double x : POINTS) {
      var f = Formula.unary(function, input(0));
      check(f, 0, x);
      check(Derivative.of(f, 0), 0, x);
      check(Derivative.of(Derivative.of(f, 0), 0), 0, x);
      check(Formula.unary(function, input(0).times(input(0)).times(0.3).plus(0.1)), 0, x);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyBinaryFunction(BinaryFunction function) {
    for (double x : POINTS) {
      for (double y : POINTS) {
        // Where quotients are whole, some jump.
        double quotient = x / y;
        if (Math.abs(quotient - Math.rint(quotient)) > 1e-3) {
          var f = Formula.binary(function, input(0), input(1));
          check(f, 0, x, y);
          if (function != BinaryFunction.POWER || x > 0) {
            check(f, 1, x, y);
            check(Derivative.of(f, 0), 1, x, y);
            check(Derivative.of(f, 1), 0, x, y);
          }
        }
      }
    }
  }

  static List<Elementwise> activations() {
    return List.of(
        new Activation.Identity(),
        new Activation.Relu(),
        new Activation.Relu6(),
        new Activation.Silu(),
        new Activation.Gelu(),
        new Activation.LeakyRelu(0.1),
        new Activation.Hardswish(),
        new Activation.Hardsigmoid(),
        new Activation.Hardtanh(-1.5, 2),
        new Activation.GeluTanh(),
        new Activation.Softplus(1.5, 6),
        new Activation.LogSigmoid(),
        new Activation.Mish(),
        new Activation.Elu(1.3),
        new Activation.Celu(0.7),
        new Activation.Selu());
  }

  @ParameterizedTest
  @MethodSource("activations")
  void everyActivation(Elementwise activation) {
    for (double x : new double[] {-9, -4, -2.3, -1.1, -0.2, 0.4, 2.6, 5.1, 7}) {
      check(activation.formula(), 0, x);
      check(Derivative.of(activation.formula(), 0), 0, x);
    }
  }

  @Test
  void everyActivationIsTested() {
    var tested = activations().stream().map(Object::getClass).toList();
    for (var nested : Activation.class.getDeclaredClasses()) {
      assertThat(tested).contains((Class) nested);
    }
  }

  @Test
  void kinksHaveTheDerivativesThatAreWritten() {
    assertThat(slope(new Activation.Relu().formula(), 0)).isZero();
    assertThat(slope(new Activation.Relu6().formula(), 0)).isZero();
    assertThat(slope(new Activation.Relu6().formula(), 6)).isZero();
    assertThat(slope(new Activation.LeakyRelu(0.1).formula(), 0)).isEqualTo(0.1);
    assertThat(slope(new Activation.Hardsigmoid().formula(), -3)).isZero();
    assertThat(slope(new Activation.Hardsigmoid().formula(), 3)).isZero();
    assertThat(slope(new Activation.Hardtanh(-1, 2).formula(), -1)).isZero();
    assertThat(slope(new Activation.Hardtanh(-1, 2).formula(), 2)).isZero();
    assertThat(slope(new Activation.Elu(1.3).formula(), 0)).isEqualTo(1.3);
    assertThat(slope(Formula.unary(UnaryFunction.ABS, input(0)), 0)).isZero();
    assertThat(slope(new dev.cortado.tensor.op.Arithmetic.Clamp(-1, 2).formula(), -1)).isEqualTo(1);
    assertThat(slope(new dev.cortado.tensor.op.Arithmetic.Clamp(-1, 2).formula(), 2)).isEqualTo(1);
    assertThat(slope(new dev.cortado.tensor.op.Arithmetic.Clamp(-1, 2).formula(), 2.5)).isZero();
  }

  @Test
  void tiesShareTheGradient() {
    for (var function : List.of(BinaryFunction.MIN, BinaryFunction.MAX)) {
      var f = Formula.binary(function, input(0), input(1));
      assertThat(Derivative.of(f, 0).evaluate(3, 3)).isEqualTo(0.5);
      assertThat(Derivative.of(f, 1).evaluate(3, 3)).isEqualTo(0.5);
    }
  }

  @Test
  void stableFormsDoNotOverflow() {
    for (double x : new double[] {-800, -50, 50, 800}) {
      for (var function : List.of(UnaryFunction.SIGMOID, UnaryFunction.TANH, UnaryFunction.ERF)) {
        assertThat(slope(Formula.unary(function, input(0)), x)).isCloseTo(0, within(1e-20));
      }
      double step = x > 0 ? 1 : 0;
      assertThat(slope(Formula.softplus(input(0)), x)).isCloseTo(step, within(1e-15));
      assertThat(slope(new Activation.LogSigmoid().formula(), x))
          .isCloseTo(1 - step, within(1e-15));
      assertThat(slope(new Activation.Mish().formula(), x)).isCloseTo(step, within(1e-15));
      assertThat(slope(new Activation.Elu(1).formula(), x)).isCloseTo(step, within(1e-15));
      double silu = slope(new Activation.Silu().formula(), x);
      assertThat(silu).isCloseTo(x > 0 ? 1 : 0, within(1e-15));
      double gelu = slope(new Activation.Gelu().formula(), x);
      assertThat(gelu).isCloseTo(x > 0 ? 1 : 0, within(1e-15));
    }
  }

  private static double slope(Formula f, double x) {
    return Derivative.of(f, 0).evaluate(x);
  }

  @Test
  void whatDoesNotDependHasDerivativeZeroExactly() {
    assertThat(Derivative.of(Formula.exp(input(1)), 0)).isEqualTo(constant(0));
    assertThat(Derivative.of(constant(3), 0)).isEqualTo(constant(0));
    assertThat(Derivative.of(input(0), 0)).isEqualTo(constant(1));
    var squared = Formula.binary(BinaryFunction.POWER, input(0), constant(2));
    assertThat(Derivative.of(squared, 0).evaluate(-3)).isEqualTo(-6);
  }

  @Test
  void substitutionComposes() {
    var f = input(0).times(input(1)).plus(Formula.exp(input(0)));
    var g = Derivative.substitute(f, List.of(input(2).plus(1), input(0)));
    assertThat(g.evaluate(5, 99, 0.5)).isEqualTo(1.5 * 5 + Math.exp(1.5));
    var shifted = Derivative.shiftInputs(f, 2, 3);
    assertThat(shifted.evaluate(99, 99, 99, 0.5, 2)).isEqualTo(f.evaluate(0.5, 2));
    assertThat(Derivative.uses(f, 1)).isTrue();
    assertThat(Derivative.uses(f, 2)).isFalse();
  }

  @Test
  void sharedPartsAreVisitedOnce() {
    var f = input(0);
    for (int i = 0; i < 60; i++) {
      f = f.times(f).plus(f).times(0.25);
    }
    var derivative = Derivative.of(f, 0);
    assertThat(Program.of(List.of(f, derivative)).code().size()).isLessThan(1000);
    assertThat(derivative.evaluate(0.5)).isFinite();
    Derivative.substitute(f, List.of(derivative));
  }
}
