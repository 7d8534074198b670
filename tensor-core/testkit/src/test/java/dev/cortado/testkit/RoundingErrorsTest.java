package dev.cortado.testkit;

import static dev.cortado.tensor.formula.Formula.constant;
import static dev.cortado.tensor.formula.Formula.input;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.formula.Program;
import dev.cortado.tensor.formula.Program.Instruction;
import dev.cortado.tensor.formula.UnaryFunction;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class RoundingErrorsTest {
  private static final Precision SINGLE = Precision.of(DType.F32);

  /** Whatever a formula, rounding every step to float stays within the bound. */
  @Property(tries = 20_000, seed = "42")
  void boundsWhatFloatsDo(@ForAll Random random) {
    var formula = formula(random, 6);
    double[] at = {(float) number(random), (float) number(random), (float) number(random)};
    var errors = new RoundingErrors(List.of(formula), SINGLE);
    errors.at(at, new double[3]);
    double truth = formula.evaluate(at);
    double single = inFloats(Program.of(formula), at);
    assertThat(Double.compare(errors.value(0), truth)).isZero();
    boolean bounded =
        errors.error(0) == Double.POSITIVE_INFINITY
            || Double.compare(single, truth) == 0
            || Math.abs(single - truth) <= errors.error(0) + Math.abs(truth) * 0x1p-24;
    assertThat(bounded)
        .as("%s at %s: %s in floats, %s ± %s", formula, at, single, truth, errors.error(0))
        .isTrue();
  }

  private static double number(Random random) {
    return random.nextInt(5) == 0 ? random.nextInt(7) - 3 : random.nextGaussian() * 3;
  }

  private static Formula formula(Random random, int depth) {
    if (depth == 0 || random.nextInt(5) == 0) {
      return random.nextInt(3) == 0 ? constant(random.nextGaussian()) : input(random.nextInt(3));
    }
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> {
        var all = UnaryFunction.values();
        yield Formula.unary(all[random.nextInt(all.length)], formula(random, depth - 1));
      }
      case 3 ->
          Formula.select(
              formula(random, depth - 1).lessThan(formula(random, depth - 1)),
              formula(random, depth - 1),
              formula(random, depth - 1));
      default -> {
        var all = BinaryFunction.values();
        yield Formula.binary(
            all[random.nextInt(all.length)],
            formula(random, depth - 1),
            formula(random, depth - 1));
      }
    };
  }

  private static double inFloats(Program program, double[] inputs) {
    float[] values = new float[program.code().size()];
    double[] constants = program.constants();
    for (int i = 0; i < values.length; i++) {
      values[i] =
          (float)
              switch (program.code().get(i)) {
                case Instruction.Load load -> inputs[load.index()];
                case Instruction.LoadConstant k -> constants[k.index()];
                case Instruction.Apply1 f -> f.function().apply(values[f.a()]);
                case Instruction.Apply2 f -> f.function().apply(values[f.a()], values[f.b()]);
                case Instruction.Choose s -> values[s.a()] != 0 ? values[s.b()] : values[s.c()];
              };
    }
    return values[program.outputs().getFirst()];
  }

  private static double error(Formula formula, double... at) {
    var errors = new RoundingErrors(List.of(formula), SINGLE);
    errors.at(at, new double[at.length]);
    return errors.error(0);
  }

  @Example
  void isTight() {
    var x = input(0);
    assertThat(error(x, 3)).isZero();
    assertThat(error(x.negate(), 3)).isZero();
    assertThat(error(x.plus(x), 3)).isEqualTo(6 * 0x1p-24);
    assertThat(error(x.times(0.5).plus(0.25), 1)).isLessThan(2 * 0x1p-24);
    assertThat(error(Formula.exp(x), 1)).isLessThan(12 * 0x1p-24);
  }

  @Example
  void growsWhereDigitsCancel() {
    var x = input(0);
    var lost = Formula.exp(x).minus(Formula.exp(x.plus(1e-6)));
    double value = Math.exp(2) - Math.exp(2 + 1e-6);
    assertThat(error(lost, 2)).isGreaterThan(Math.abs(value) / 10);
  }

  @Example
  void knowsNothingWhereOnlyDoublesAreFinite() {
    var x = input(0);
    assertThat(error(Formula.exp(x).times(1e-30), 100)).isInfinite();
    assertThat(error(x.dividedBy(x.minus(1.1)), 1.1)).isInfinite();
    assertThat(error(x.dividedBy(0), 1)).isZero();
  }

  @Example
  void allowsBothBranchesOnlyWhereTheConditionIsUncertain() {
    var x = input(0);
    var step = Formula.select(x.lessThan(constant(1)), constant(0), constant(8));
    assertThat(error(step, 1)).isZero();
    var unsure = Formula.select(x.times(0.1).lessThan(constant(0.1)), constant(0), constant(8));
    assertThat(error(unsure, 1)).isEqualTo(8);
    assertThat(error(unsure, 1.01)).isZero();
  }
}
