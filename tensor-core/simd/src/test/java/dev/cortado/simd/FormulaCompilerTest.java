package dev.cortado.simd;

import static dev.cortado.tensor.formula.Formula.constant;
import static dev.cortado.tensor.formula.Formula.input;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cortado.tensor.Backends;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.formula.UnaryFunction;
import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.Epilogue;
import dev.cortado.tensor.op.Fused;
import dev.cortado.tensor.op.MatMul;
import dev.cortado.tensor.op.ReductionOp;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Formulas of unusual form. */
class FormulaCompilerTest {
  private static List<Tensor> run(List<Formula> formulas, Tensor... inputs) {
    var op = new Fused(formulas, inputs.length);
    return Backends.with(SimdBackend.INSTANCE, () -> Ops.applyAll(op, List.of(inputs)));
  }

  private static void check(List<Formula> formulas, Tensor... inputs) {
    var actual = run(formulas, inputs);
    for (int k = 0; k < formulas.size(); k++) {
      float[] y = actual.get(k).toFloats();
      for (int i = 0; i < y.length; i++) {
        double[] at = new double[inputs.length];
        for (int j = 0; j < at.length; j++) {
          float[] x = inputs[j].toFloats();
          at[j] = x[x.length == 1 ? 0 : i];
        }
        double expected = formulas.get(k).evaluate(at);
        assertThat((double) y[i])
            .as("formula %d at %s", k, at)
            .isCloseTo(expected, within(3e-6 * (1 + Math.abs(expected))));
      }
    }
  }

  private static Tensor numbers(int count) {
    return Tensor.uniform(RandomKey.of(count), count).add(0.1);
  }

  @Test
  void allFunctionsInOne() {
    var unary = input(0);
    for (var function : UnaryFunction.values()) {
      unary = unary.plus(Formula.unary(function, input(0)));
    }
    var binary = input(1);
    for (var function : BinaryFunction.values()) {
      binary = binary.plus(Formula.binary(function, input(0), input(1)));
    }
    check(List.of(unary, binary, unary.times(binary)), numbers(37), numbers(37));
  }

  @Test
  void noInputAtAll() {
    var y = run(List.of(constant(2.5), constant(-1)));
    assertThat(y.get(0).shape()).isEqualTo(Shape.SCALAR);
    assertThat(y.get(0).item()).isEqualTo(2.5);
    assertThat(y.get(1).item()).isEqualTo(-1);
  }

  @Test
  void constantsOnlyOverInputsThatNobodyReads() {
    check(List.of(constant(3), constant(4)), numbers(19), Tensor.scalar(1));
    check(List.of(input(1)), numbers(1), numbers(70));
  }

  @Test
  void oneInputSeveralTimesAndResultsThatAreInputs() {
    check(List.of(input(0), input(0), input(0).times(input(0))), numbers(33));
  }

  @Test
  void comparisonsAsNumbersAndAsConditions() {
    var less = input(0).lessThan(input(1));
    check(
        List.of(
            less,
            Formula.select(less, input(0), input(1)),
            Formula.select(less.plus(less), less, less.negate()),
            Formula.select(input(0).minus(0.1), constant(1), constant(2)),
            less.times(input(0)).plus(less)),
        numbers(21),
        Tensor.scalar(0.6));
  }

  @Test
  void formulasOfAnyLength() {
    for (int length : new int[] {10, 60, 120, 245, 260, 1200}) {
      var f = input(0);
      for (int i = 0; i < length / 2; i++) {
        f = f.times(0.999 - 1e-5 * i).plus(input(1));
      }
      check(List.of(f), numbers(35), Tensor.scalar(0.01));
    }
  }

  @Test
  void longFormulasInSumsAndEpilogues() {
    var f = input(0);
    for (int i = 0; i < 300; i++) {
      f = f.times(0.999 - 1e-5 * i).plus(0.01);
    }
    var formula = f;
    var sum = new ReductionOp.SumOf(List.of(formula), 1, new Axes(List.of(0)), false);
    var product = new MatMul(new Epilogue(formula, 0));
    var rounded = new MatMul(new Epilogue(Formula.unary(UnaryFunction.FLOOR, input(0)), 0));
    var x = numbers(20);
    float[] values = x.toFloats();
    double total = 0;
    for (float value : values) {
      total += formula.evaluate(value);
    }
    double expected = total;
    Backends.with(
        SimdBackend.INSTANCE,
        () -> {
          assertThat(Ops.apply(sum, x).item()).isCloseTo(expected, within(1e-3));
          var column = x.reshape(20, 1);
          var one = Tensor.ones(1, 1);
          assertThat((double) Ops.apply(product, column, one).toFloats()[3])
              .isCloseTo(formula.evaluate(values[3]), within(1e-4));
          assertThat(Ops.apply(rounded, column.mul(10), one).toFloats()[3])
              .isEqualTo((float) Math.floor(values[3] * 10f));
          return 0;
        });
  }

  @Test
  void manyInputsAndManyResults() {
    var inputs = new ArrayList<Tensor>();
    var formulas = new ArrayList<Formula>();
    var sum = constant(0);
    for (int i = 0; i < 12; i++) {
      inputs.add(numbers(40));
      sum = sum.plus(input(i).times(i - 4));
      formulas.add(sum);
    }
    check(formulas, inputs.toArray(Tensor[]::new));
  }
}
