package dev.cortado.tensor;

import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.formula.UnaryFunction;
import dev.cortado.tensor.op.Arithmetic;

/** Ops that treat every element by itself. Two tensors broadcast by NumPy's rule. */
public sealed interface ElementwiseMethods permits Tensor {
  /** Returns {@code this + other}. */
  default Tensor add(Tensor other) {
    return binary(BinaryFunction.ADD, other);
  }

  /** Returns {@code this + number}. */
  default Tensor add(double number) {
    return self().apply(new Arithmetic.Affine(1, number));
  }

  /** Returns {@code this - other}. */
  default Tensor sub(Tensor other) {
    return binary(BinaryFunction.SUBTRACT, other);
  }

  /** Returns {@code this - number}. */
  default Tensor sub(double number) {
    return add(-number);
  }

  /** Returns {@code this · other}. */
  default Tensor mul(Tensor other) {
    return binary(BinaryFunction.MULTIPLY, other);
  }

  /** Returns {@code this · number}. */
  default Tensor mul(double number) {
    return self().apply(new Arithmetic.Affine(number, 0));
  }

  /** Returns {@code this / other}; of integers, a fraction (F32). */
  default Tensor div(Tensor other) {
    return binary(BinaryFunction.DIVIDE, other);
  }

  /**
   * Returns ⌊this / other⌋: the exact quotient rounded down. Of integers it is an integer, and
   * dividing by 0 is an error; of floating numbers {@code this / 0}.
   */
  default Tensor floorDivide(Tensor other) {
    return binary(BinaryFunction.FLOOR_DIVIDE, other);
  }

  /**
   * Returns this − ⌊this / other⌋ · other, the remainder: between 0 and {@code other}, of its sign.
   * Of integers dividing by 0 is an error; of floating numbers it gives NaN.
   */
  default Tensor remainder(Tensor other) {
    return binary(BinaryFunction.REMAINDER, other);
  }

  /** Returns {@code this / number}. */
  default Tensor div(double number) {
    return self().apply(new Arithmetic.WithNumber(BinaryFunction.DIVIDE, number));
  }

  /** Returns {@code this} to the power {@code exponent}. */
  default Tensor pow(Tensor exponent) {
    return binary(BinaryFunction.POWER, exponent);
  }

  /** Returns {@code this} to the power {@code exponent}. */
  default Tensor pow(double exponent) {
    return self().apply(new Arithmetic.WithNumber(BinaryFunction.POWER, exponent));
  }

  /** Returns the larger of the two; NaN wins. */
  default Tensor maximum(Tensor other) {
    return binary(BinaryFunction.MAX, other);
  }

  /** Returns the smaller of the two; NaN wins. */
  default Tensor minimum(Tensor other) {
    return binary(BinaryFunction.MIN, other);
  }

  /** Returns min(max(this, low), high). A bound may be infinite. */
  default Tensor clamp(double low, double high) {
    return self().apply(new Arithmetic.Clamp(low, high));
  }

  /** Returns −this. */
  default Tensor neg() {
    return unary(UnaryFunction.NEGATE);
  }

  /** Returns |this|. */
  default Tensor abs() {
    return unary(UnaryFunction.ABS);
  }

  /** Returns −1, 0 or 1: the sign of this. */
  default Tensor sign() {
    return unary(UnaryFunction.SIGN);
  }

  /** Returns the largest whole number not above this. */
  default Tensor floor() {
    return unary(UnaryFunction.FLOOR);
  }

  /** Returns the smallest whole number not below this. */
  default Tensor ceil() {
    return unary(UnaryFunction.CEIL);
  }

  /** Returns the nearest whole number; halves go to the even one. */
  default Tensor round() {
    return unary(UnaryFunction.ROUND);
  }

  /** Returns this without its fraction: rounded towards 0. */
  default Tensor trunc() {
    return self().apply(new Arithmetic.Truncate());
  }

  /** Returns {@code 1 / this}. */
  default Tensor reciprocal() {
    return self().apply(new Arithmetic.NumberWith(BinaryFunction.DIVIDE, 1));
  }

  /** Returns {@code 1 / √this}. */
  default Tensor rsqrt() {
    return sqrt().reciprocal();
  }

  /** Returns e to the power of this. */
  default Tensor exp() {
    return unary(UnaryFunction.EXP);
  }

  /** Returns the natural logarithm. */
  default Tensor log() {
    return unary(UnaryFunction.LOG);
  }

  /** Returns √this. */
  default Tensor sqrt() {
    return unary(UnaryFunction.SQRT);
  }

  /** Returns this². */
  default Tensor square() {
    return mul(self());
  }

  /** Returns the hyperbolic tangent. */
  default Tensor tanh() {
    return unary(UnaryFunction.TANH);
  }

  /** Returns 1 / (1 + e⁻ˣ). */
  default Tensor sigmoid() {
    return unary(UnaryFunction.SIGMOID);
  }

  /** Returns the error function. */
  default Tensor erf() {
    return unary(UnaryFunction.ERF);
  }

  private Tensor unary(UnaryFunction function) {
    return self().apply(new Arithmetic.Unary(function));
  }

  private Tensor binary(BinaryFunction function, Tensor other) {
    return self().apply(new Arithmetic.Binary(function), other);
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
