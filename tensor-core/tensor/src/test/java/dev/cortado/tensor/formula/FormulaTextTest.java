package dev.cortado.tensor.formula;

import static dev.cortado.tensor.formula.Formula.constant;
import static dev.cortado.tensor.formula.Formula.input;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.op.Activation;
import java.util.List;
import org.junit.jupiter.api.Test;

class FormulaTextTest {
  private static final Formula X = input(0);
  private static final Formula Y = input(1);

  private static List<String> text(Formula formula) {
    return FormulaText.of(formula, List.of("x", "y"));
  }

  @Test
  void bracketsStandWhereTheyAreNeeded() {
    assertThat(text(X.plus(Y).times(2))).containsExactly("(x + y)·2");
    assertThat(text(X.times(Y).plus(2))).containsExactly("x·y + 2");
    assertThat(text(X.minus(Y.minus(3)))).containsExactly("x − (y − 3)");
    assertThat(text(X.minus(Y).minus(3))).containsExactly("x − y − 3");
    assertThat(text(X.dividedBy(Y.times(3)))).containsExactly("x / (y·3)");
    assertThat(text(X.times(Y).dividedBy(3).negate())).containsExactly("−(x·y / 3)");
    assertThat(text(X.negate().times(-0.5))).containsExactly("−x·−0.5");
    assertThat(text(Formula.binary(BinaryFunction.POWER, X.plus(1), constant(2))))
        .containsExactly("(x + 1)^2");
    assertThat(text(Formula.binary(BinaryFunction.MAX, X.plus(1), Formula.exp(Y))))
        .containsExactly("max(x + 1, exp(y))");
    assertThat(text(Formula.unary(UnaryFunction.ABS, X.plus(1)))).containsExactly("|x + 1|");
  }

  @Test
  void choicesReadAsSentences() {
    assertThat(text(new Activation.Relu().formula())).containsExactly("0 where x ≤ 0, else x");
    assertThat(text(Formula.select(X.lessThan(Y), X, Y).times(2)))
        .containsExactly("(x where x < y, else y)·2");
  }

  @Test
  void whatIsSharedIsNamed() {
    var derivative = Derivative.of(new Activation.Silu().formula(), 0);
    assertThat(text(derivative)).containsExactly("a = sigmoid(x)", "a + x·a·(1 − a)");
  }

  @Test
  void derivativesAreSimplified() {
    // Neither factors of 1 nor terms of 0 are left.
    assertThat(text(Derivative.of(X.times(X).plus(Y.times(3)), 0))).containsExactly("x + x");
    assertThat(text(Derivative.of(X.times(X).plus(Y.times(3)), 1))).containsExactly("3");
    assertThat(text(Derivative.of(Formula.exp(X.plus(1)), 0))).containsExactly("exp(x + 1)");
    assertThat(text(Derivative.of(new Activation.Relu().formula(), 0)))
        .containsExactly("0 where x ≤ 0, else 1");
    assertThat(text(Derivative.of(Formula.exp(Y), 0))).containsExactly("0");
    var gelu = Derivative.of(new Activation.Gelu().formula(), 0);
    assertThat(Program.of(gelu).code()).hasSizeLessThanOrEqualTo(17);
  }
}
