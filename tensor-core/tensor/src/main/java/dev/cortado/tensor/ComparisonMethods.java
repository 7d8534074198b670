package dev.cortado.tensor;

import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.op.Arithmetic;

/**
 * Comparisons and logic, element by element; the results are BOOL. Two tensors broadcast by NumPy's
 * rule. Any comparison with NaN is false, but {@code notEqualTo}.
 */
public sealed interface ComparisonMethods permits Tensor {
  /** Returns where {@code this < other}. */
  default Tensor lessThan(Tensor other) {
    return self().apply(new Arithmetic.Binary(BinaryFunction.LESS), other);
  }

  /** Returns where {@code this < number}. */
  default Tensor lessThan(double number) {
    return self().apply(new Arithmetic.WithNumber(BinaryFunction.LESS, number));
  }

  /** Returns where {@code this ≤ other}. */
  default Tensor atMost(Tensor other) {
    return self().apply(new Arithmetic.Binary(BinaryFunction.LESS_OR_EQUAL), other);
  }

  /** Returns where {@code this ≤ number}. */
  default Tensor atMost(double number) {
    return self().apply(new Arithmetic.WithNumber(BinaryFunction.LESS_OR_EQUAL, number));
  }

  /** Returns where {@code this > other}. */
  default Tensor greaterThan(Tensor other) {
    return other.lessThan(self());
  }

  /** Returns where {@code this > number}. */
  default Tensor greaterThan(double number) {
    return self().apply(new Arithmetic.NumberWith(BinaryFunction.LESS, number));
  }

  /** Returns where {@code this ≥ other}. */
  default Tensor atLeast(Tensor other) {
    return other.atMost(self());
  }

  /** Returns where {@code this ≥ number}. */
  default Tensor atLeast(double number) {
    return self().apply(new Arithmetic.NumberWith(BinaryFunction.LESS_OR_EQUAL, number));
  }

  /** Returns where {@code this = other}. */
  default Tensor equalTo(Tensor other) {
    return self().apply(new Arithmetic.Binary(BinaryFunction.EQUAL), other);
  }

  /** Returns where {@code this = number}. */
  default Tensor equalTo(double number) {
    return self().apply(new Arithmetic.WithNumber(BinaryFunction.EQUAL, number));
  }

  /** Returns where {@code this ≠ other}; NaN differs from everything. */
  default Tensor notEqualTo(Tensor other) {
    return equalTo(other).not();
  }

  /** Returns where {@code this ≠ number}; NaN differs from everything. */
  default Tensor notEqualTo(double number) {
    return equalTo(number).not();
  }

  /** Returns where both are not 0. */
  default Tensor and(Tensor other) {
    return truth().mul(other.to(DType.BOOL));
  }

  /** Returns where at least one is not 0. */
  default Tensor or(Tensor other) {
    return truth().add(other.to(DType.BOOL));
  }

  /** Returns where exactly one is not 0. */
  default Tensor xor(Tensor other) {
    return truth().notEqualTo(other.to(DType.BOOL));
  }

  /** Returns where this is 0. */
  default Tensor not() {
    return truth().equalTo(0);
  }

  /** Returns where this is NaN. */
  default Tensor isNaN() {
    return notEqualTo(self());
  }

  /** Returns where this is neither NaN nor infinite: everywhere, of integers and truth values. */
  default Tensor isFinite() {
    return self().dtype().isFloating()
        ? self().abs().lessThan(Double.POSITIVE_INFINITY)
        : self().equalTo(self());
  }

  /** Returns {@link #allClose(Tensor, double, double, boolean)} within 1e-5, or 1e-8 near 0. */
  default boolean allClose(Tensor other) {
    return allClose(other, 1e-5, 1e-8);
  }

  /** Returns {@link #allClose(Tensor, double, double, boolean)}; NaN is close to nothing. */
  default boolean allClose(Tensor other, double rtol, double atol) {
    return allClose(other, rtol, atol, false);
  }

  /**
   * Returns whether everywhere {@code |this − other| ≤ atol + rtol · |other|}, as NumPy and torch
   * define it: not symmetric. Equal infinities are close. The two broadcast; of nothing, all are
   * close. Computed in F64; the difference of whole numbers is exact.
   *
   * @param equalNan whether NaN is close to NaN
   * @throws CortadoException if the types differ, or a tolerance is negative, infinite or NaN
   */
  default boolean allClose(Tensor other, double rtol, double atol, boolean equalNan) {
    return Statistics.allClose(self(), other, rtol, atol, equalNan);
  }

  /** Returns {@code yes} where this (BOOL) is true, else {@code no}; all three broadcast. */
  default Tensor where(Tensor yes, Tensor no) {
    return self().apply(new Arithmetic.Where(), yes, no);
  }

  private Tensor truth() {
    return self().to(DType.BOOL);
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
