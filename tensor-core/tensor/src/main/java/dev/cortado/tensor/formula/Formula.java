package dev.cortado.tensor.formula;

/**
 * A scalar formula as data: what an elementwise op computes for one element. Every interpreter
 * works from it: the reference evaluates it, the SIMD backend compiles it to a loop of vector
 * instructions, autograd differentiates it, and fusion is substitution.
 *
 * <p>The factory methods simplify as they build (x·0, x·1, x+0, constants folded), so that
 * derivatives stay small.
 */
public sealed interface Formula {

  /** The op's input number {@code index}. */
  record Input(int index) implements Formula {}

  /** A number that is the same for every element. */
  record Constant(double value) implements Formula {}

  /** A function of one argument. */
  record Unary(UnaryFunction function, Formula x) implements Formula {}

  /** A function of two arguments. */
  record Binary(BinaryFunction function, Formula a, Formula b) implements Formula {}

  /** {@code yes} where {@code condition} is not 0, else {@code no}. */
  record Select(Formula condition, Formula yes, Formula no) implements Formula {}

  /** Returns the op's input number {@code index}. */
  static Formula input(int index) {
    return new Input(index);
  }

  /** Returns a constant. */
  static Formula constant(double value) {
    return new Constant(value);
  }

  /** Returns {@code function} of {@code x}. */
  static Formula unary(UnaryFunction function, Formula x) {
    return switch (x) {
      case Constant c -> constant(function.apply(c.value()));
      case Unary u when function == UnaryFunction.NEGATE && u.function() == UnaryFunction.NEGATE ->
          u.x();
      default -> new Unary(function, x);
    };
  }

  /** Returns {@code function} of {@code a} and {@code b}. */
  static Formula binary(BinaryFunction function, Formula a, Formula b) {
    if (a instanceof Constant x && b instanceof Constant y) {
      return constant(function.apply(x.value(), y.value()));
    }
    return switch (function) {
      case ADD -> a.isZero() ? b : b.isZero() ? a : new Binary(function, a, b);
      case SUBTRACT -> b.isZero() ? a : a.isZero() ? b.negate() : new Binary(function, a, b);
      case MULTIPLY -> multiply(a, b);
      case DIVIDE -> a.isZero() ? a : b.isOne() ? a : new Binary(function, a, b);
      default -> new Binary(function, a, b);
    };
  }

  private static Formula multiply(Formula a, Formula b) {
    // 0·x is 0 here even where x is not finite: a derivative that does not depend on x is exactly
    // 0.
    if (a.isZero() || b.isZero()) {
      return constant(0);
    }
    return a.isOne() ? b : b.isOne() ? a : new Binary(BinaryFunction.MULTIPLY, a, b);
  }

  /** Returns {@code yes} where {@code condition} is not 0, else {@code no}. */
  static Formula select(Formula condition, Formula yes, Formula no) {
    if (condition instanceof Constant c) {
      return c.value() != 0 ? yes : no;
    }
    return yes.equals(no) ? yes : new Select(condition, yes, no);
  }

  /** Returns whether this is the constant 0. */
  default boolean isZero() {
    return this instanceof Constant c && c.value() == 0;
  }

  /** Returns whether this is the constant 1. */
  default boolean isOne() {
    return this instanceof Constant c && c.value() == 1;
  }

  /** Returns this + {@code other}. */
  default Formula plus(Formula other) {
    return binary(BinaryFunction.ADD, this, other);
  }

  /** Returns this + {@code other}. */
  default Formula plus(double other) {
    return plus(constant(other));
  }

  /** Returns this − {@code other}. */
  default Formula minus(Formula other) {
    return binary(BinaryFunction.SUBTRACT, this, other);
  }

  /** Returns this − {@code other}. */
  default Formula minus(double other) {
    return minus(constant(other));
  }

  /** Returns this · {@code other}. */
  default Formula times(Formula other) {
    return binary(BinaryFunction.MULTIPLY, this, other);
  }

  /** Returns this · {@code other}. */
  default Formula times(double other) {
    return times(constant(other));
  }

  /** Returns this / {@code other}. */
  default Formula dividedBy(Formula other) {
    return binary(BinaryFunction.DIVIDE, this, other);
  }

  /** Returns this / {@code other}. */
  default Formula dividedBy(double other) {
    return dividedBy(constant(other));
  }

  /** Returns −this. */
  default Formula negate() {
    return unary(UnaryFunction.NEGATE, this);
  }

  /** Returns 1 where this &lt; {@code other}, else 0. */
  default Formula lessThan(Formula other) {
    return binary(BinaryFunction.LESS, this, other);
  }

  /** Returns 1 where this ≤ {@code other}, else 0. */
  default Formula atMost(Formula other) {
    return binary(BinaryFunction.LESS_OR_EQUAL, this, other);
  }

  /** Returns 1 where this = {@code other}, else 0. */
  default Formula equalTo(Formula other) {
    return binary(BinaryFunction.EQUAL, this, other);
  }

  /** Returns e to the power {@code x}. */
  static Formula exp(Formula x) {
    return unary(UnaryFunction.EXP, x);
  }

  /** Returns the natural logarithm of {@code x}. */
  static Formula log(Formula x) {
    return unary(UnaryFunction.LOG, x);
  }

  /** Returns √{@code x}. */
  static Formula sqrt(Formula x) {
    return unary(UnaryFunction.SQRT, x);
  }

  /** Returns tanh {@code x}. */
  static Formula tanh(Formula x) {
    return unary(UnaryFunction.TANH, x);
  }

  /** Returns 1 / (1 + e⁻ˣ). */
  static Formula sigmoid(Formula x) {
    return unary(UnaryFunction.SIGMOID, x);
  }

  /** Returns ln(1 + e to the power {@code x}), without overflow. */
  static Formula softplus(Formula x) {
    return unary(UnaryFunction.SOFTPLUS, x);
  }

  /** Returns the error function of {@code x}. */
  static Formula erf(Formula x) {
    return unary(UnaryFunction.ERF, x);
  }

  /** Returns the value for the given inputs. For many elements, compile a {@link Program} once. */
  default double evaluate(double... inputs) {
    return Program.of(this).evaluate(inputs)[0];
  }
}
