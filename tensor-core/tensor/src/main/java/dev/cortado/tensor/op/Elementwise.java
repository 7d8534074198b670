package dev.cortado.tensor.op;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.formula.Program;
import java.util.Collections;
import java.util.List;

/**
 * An op that computes every element of its results from the elements at the same place of its
 * inputs, which broadcast by NumPy's rule. The inputs are of one type; BOOL joins any other as 0
 * and 1. Whole numbers are exact, in 64 bits (I64) or 32 (I32), and wrap around; a formula over
 * them may use whole constants and the functions that give whole numbers, of which a / b is ⌊a/b⌋.
 * Stating the {@link #formula()} is all there is to it: kernels, derivative and fusion follow. Not
 * sealed: a new activation needs nothing else.
 */
public non-sealed interface Elementwise extends Op {
  /** Returns the formula of the (first) result. */
  Formula formula();

  /** Returns the formulas of all results; one, unless overridden. */
  default List<Formula> formulas() {
    return List.of(formula());
  }

  /** Returns the number of inputs. */
  default int arity() {
    var inputs = Program.of(formulas()).inputs();
    return inputs.isEmpty() ? 0 : inputs.getLast() + 1;
  }

  /** Returns the type of the results: that of the inputs, unless overridden. */
  default DType resultType(DType inputs) {
    return inputs;
  }

  @Override
  default List<TensorSpec> infer(List<TensorSpec> inputs) {
    Check.count(this, inputs, arity());
    Shape shape = Shape.SCALAR;
    DType type = inputs.isEmpty() ? DType.F32 : DType.BOOL;
    for (var input : inputs) {
      shape = Shape.broadcast(name(), shape, input.shape());
      type = common(type, input.dtype(), inputs);
    }
    var result = resultType(type);
    if (!type.isFloating() && !result.isFloating()) {
      Whole.check(this, inputs, type);
    }
    return Collections.nCopies(formulas().size(), new TensorSpec(shape, result));
  }

  private DType common(DType a, DType b, List<TensorSpec> inputs) {
    Check.that(
        b.isComputable(),
        this,
        inputs,
        "F16 and BF16 only store numbers: convert with to(F32) first");
    if (a == b || b == DType.BOOL) {
      return a;
    }
    if (a == DType.BOOL) {
      return b;
    }
    throw new CortadoException(
        name() + ": types " + a + " and " + b + " differ; convert one with to(...)");
  }
}
