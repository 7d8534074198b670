package dev.cortado.autograd;

import static dev.cortado.tensor.formula.Formula.constant;
import static dev.cortado.tensor.formula.Formula.input;
import static dev.cortado.tensor.formula.Formula.unary;

import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.formula.UnaryFunction;
import dev.cortado.tensor.op.Activation;

/** x / (1 + |x|); the derivative is 1 at 0 and has a kink there. Bergstra et al. 2009. */
record Softsign() implements Activation {
  @Override
  public Formula formula() {
    var x = input(0);
    return x.dividedBy(constant(1).plus(unary(UnaryFunction.ABS, x)));
  }
}
