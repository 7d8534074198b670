package dev.cortado.tensor.op;

import static dev.cortado.tensor.formula.Formula.binary;
import static dev.cortado.tensor.formula.Formula.constant;
import static dev.cortado.tensor.formula.Formula.input;
import static dev.cortado.tensor.formula.Formula.unary;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.formula.UnaryFunction;

/** Arithmetic, comparisons and elementary functions. */
public interface Arithmetic extends Elementwise {
  /** Comparisons are true or false; whole numbers divided are fractions (F32). */
  private static DType resultType(BinaryFunction function, DType inputs) {
    if (function.isComparison()) {
      return DType.BOOL;
    }
    return function == BinaryFunction.DIVIDE && !inputs.isFloating() ? DType.F32 : inputs;
  }

  /** A function of one input, for example −x, eˣ, √x. */
  record Unary(UnaryFunction function) implements Arithmetic {
    @Override
    public Formula formula() {
      return unary(function, input(0));
    }

    @Override
    public String name() {
      return function.method();
    }
  }

  /** A function of two inputs, for example a + b, a · b, max(a, b). */
  record Binary(BinaryFunction function) implements Arithmetic {
    @Override
    public Formula formula() {
      return binary(function, input(0), input(1));
    }

    @Override
    public String name() {
      return function.method();
    }

    @Override
    public DType resultType(DType inputs) {
      return Arithmetic.resultType(function, inputs);
    }
  }

  /** x · scale + shift. */
  record Affine(double scale, double shift) implements Arithmetic {
    @Override
    public Formula formula() {
      // Not simplified for 0: infinity · 0 and NaN · 0 are NaN.
      var product = new Formula.Binary(BinaryFunction.MULTIPLY, input(0), constant(scale));
      return (scale == 0 ? product : input(0).times(scale)).plus(shift);
    }

    @Override
    public int arity() {
      return 1;
    }

    /** Returns {@code mul} or {@code add}, of which it is one unless two have been fused. */
    @Override
    public String name() {
      return shift == 0 ? "mul" : scale == 1 ? "add" : "affine";
    }
  }

  /** A function of x and a number. */
  record WithNumber(BinaryFunction function, double number) implements Arithmetic {
    @Override
    public Formula formula() {
      return binary(function, input(0), constant(number));
    }

    @Override
    public DType resultType(DType inputs) {
      return Arithmetic.resultType(function, inputs);
    }

    @Override
    public String name() {
      return function.method();
    }
  }

  /** A function of a number and x, in this order. */
  record NumberWith(BinaryFunction function, double number) implements Arithmetic {
    @Override
    public Formula formula() {
      return binary(function, constant(number), input(0));
    }

    @Override
    public int arity() {
      return 1;
    }

    @Override
    public DType resultType(DType inputs) {
      return Arithmetic.resultType(function, inputs);
    }

    @Override
    public String name() {
      return switch (function) {
        case LESS -> "greaterThan";
        case LESS_OR_EQUAL -> "atLeast";
        default -> function.method();
      };
    }
  }

  /** x without its fraction: rounded towards 0. The derivative is 0. */
  record Truncate() implements Arithmetic {
    @Override
    public Formula formula() {
      var x = input(0);
      var up = unary(UnaryFunction.CEIL, x);
      return Formula.select(x.lessThan(constant(0)), up, unary(UnaryFunction.FLOOR, x));
    }

    @Override
    public String name() {
      return "trunc";
    }
  }

  /** min(max(x, low), high); the gradient passes at the bounds. NaN stays NaN. */
  record Clamp(double low, double high) implements Arithmetic {
    @Override
    public Formula formula() {
      var x = input(0);
      // An infinite bound is none: so integers can have one bound, too.
      var above = high == Double.POSITIVE_INFINITY ? x : above(x);
      return low == Double.NEGATIVE_INFINITY
          ? above
          : Formula.select(x.lessThan(constant(low)), constant(low), above);
    }

    private Formula above(Formula x) {
      return Formula.select(constant(high).lessThan(x), constant(high), x);
    }
  }

  /** Input 1 where input 0 (BOOL) is true, else input 2. */
  record Where() implements Arithmetic {
    @Override
    public Formula formula() {
      return Formula.select(input(0), input(1), input(2));
    }
  }
}
