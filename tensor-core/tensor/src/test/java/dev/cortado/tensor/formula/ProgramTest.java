package dev.cortado.tensor.formula;

import static dev.cortado.tensor.formula.Formula.constant;
import static dev.cortado.tensor.formula.Formula.exp;
import static dev.cortado.tensor.formula.Formula.input;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.formula.Program.Instruction;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramTest {
  @Test
  void equalPartsAreComputedOnce() {
    // Equal in value, not in identity; in one formula and across two.
    var f = exp(input(0).plus(1)).times(exp(input(0).plus(1)));
    var g = exp(input(0).plus(1)).plus(input(1));
    var program = Program.of(List.of(f, g));
    long exponentials =
        program.code().stream()
            .filter(i -> i instanceof Instruction.Apply1 a && a.function() == UnaryFunction.EXP)
            .count();
    assertThat(exponentials).isEqualTo(1);
    assertThat(program.inputs()).containsExactly(0, 1);
    double e = Math.exp(3);
    assertThat(program.evaluate(2, 5)).containsExactly(e * e, e + 5);
  }

  @Test
  void operandsComeBeforeTheirUsers() {
    var program = Program.of(exp(input(1)).times(input(0)).plus(exp(input(1))));
    for (int i = 0; i < program.code().size(); i++) {
      int at = i;
      switch (program.code().get(i)) {
        case Instruction.Load load -> {}
        case Instruction.LoadConstant c -> {}
        case Instruction.Apply1 f -> assertThat(f.a()).isLessThan(at);
        case Instruction.Apply2 f -> assertThat(Math.max(f.a(), f.b())).isLessThan(at);
        case Instruction.Choose s ->
            assertThat(Math.max(s.a(), Math.max(s.b(), s.c()))).isLessThan(at);
      }
    }
  }

  @Test
  void formulasThatDifferInConstantsOnlyShareTheirCode() {
    var a = Program.of(input(0).times(2).plus(3));
    var b = Program.of(input(0).times(-1).plus(0.5));
    assertThat(a.code()).isEqualTo(b.code());
    assertThat(a.constants()).containsExactly(2, 3);
    assertThat(b.evaluate(4)).containsExactly(-3.5);
    // Equal constants are one entry: then the code differs, and must.
    var c = Program.of(input(0).times(2).plus(2));
    assertThat(c.constants()).containsExactly(2);
    assertThat(c.evaluate(4)).containsExactly(10);
  }

  @Test
  void bothZerosAreKeptApart() {
    var program = Program.of(List.of(constant(0.0), constant(-0.0), constant(Double.NaN)));
    assertThat(program.evaluate()).containsExactly(0.0, -0.0, Double.NaN);
    assertThat(program.constants()).hasSize(3);
  }

  @Test
  void severalResultsMayBeTheSameOrAnInput() {
    var program = Program.of(List.of(input(1), input(1), constant(7)));
    assertThat(program.evaluate(3, 4)).containsExactly(4, 4, 7);
    assertThat(program.inputs()).containsExactly(1);
  }

  @Test
  void buildingSimplifies() {
    var x = input(0);
    assertThat(x.plus(0)).isEqualTo(x);
    assertThat(x.times(1)).isEqualTo(x);
    assertThat(x.times(0)).isEqualTo(constant(0));
    assertThat(x.minus(0)).isEqualTo(x);
    assertThat(constant(0).minus(x)).isEqualTo(x.negate());
    assertThat(x.negate().negate()).isEqualTo(x);
    assertThat(x.dividedBy(1)).isEqualTo(x);
    assertThat(constant(2).plus(3)).isEqualTo(constant(5));
    assertThat(exp(constant(0))).isEqualTo(constant(1));
    assertThat(Formula.select(constant(1), x, constant(4))).isEqualTo(x);
    assertThat(Formula.select(x.lessThan(constant(2)), x, x)).isEqualTo(x);
  }

  @Test
  void comparisonsAreZeroOrOneAndNothingEqualsNaN() {
    var f =
        Program.of(
            List.of(
                input(0).lessThan(input(1)),
                input(0).atMost(input(1)),
                input(0).equalTo(input(1))));
    assertThat(f.evaluate(1, 2)).containsExactly(1, 1, 0);
    assertThat(f.evaluate(2, 2)).containsExactly(0, 1, 1);
    assertThat(f.evaluate(Double.NaN, Double.NaN)).containsExactly(0, 0, 0);
    assertThat(f.evaluate(-0.0, 0.0)).containsExactly(0, 1, 1);
  }

  @Test
  void longChainsAndManySharedPartsAreNoProblem() {
    var chain = input(0);
    for (int i = 0; i < 2000; i++) {
      chain = chain.plus(1);
    }
    assertThat(chain.evaluate(0.5)).isEqualTo(2000.5);
    var shared = input(0);
    for (int i = 0; i < 100; i++) {
      shared = shared.plus(shared).times(0.5);
    }
    assertThat(shared.evaluate(3)).isEqualTo(3);
  }
}
