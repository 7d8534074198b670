package dev.cortado.tensor.formula;

import static dev.cortado.tensor.formula.Formula.constant;

/** The scalar functions of two arguments. Comparisons give 1 for true and 0 for false. */
public enum BinaryFunction {
  /** a + b. */
  ADD,
  /** a − b. */
  SUBTRACT,
  /** a · b. */
  MULTIPLY,
  /** a / b. */
  DIVIDE,
  /** The smaller; NaN wins; a tie shares the gradient half and half. */
  MIN,
  /** The larger; NaN wins; a tie shares the gradient half and half. */
  MAX,
  /** aᵇ. */
  POWER,
  /** ⌊a / b⌋ of the exact quotient, a / b where b is 0; the derivative is 0. */
  FLOOR_DIVIDE,
  /** a − ⌊a / b⌋ · b, exactly: between 0 and b, of the sign of b. */
  REMAINDER,
  /** a &lt; b. */
  LESS,
  /** a ≤ b. */
  LESS_OR_EQUAL,
  /** a = b. */
  EQUAL;

  /** Returns whether the value is a truth value. */
  public boolean isComparison() {
    return this == LESS || this == LESS_OR_EQUAL || this == EQUAL;
  }

  /** Returns the name of the tensor's method, for messages. */
  public String method() {
    return switch (this) {
      case ADD -> "add";
      case SUBTRACT -> "sub";
      case MULTIPLY -> "mul";
      case DIVIDE -> "div";
      case MIN -> "minimum";
      case MAX -> "maximum";
      case POWER -> "pow";
      case FLOOR_DIVIDE -> "floorDivide";
      case REMAINDER -> "remainder";
      case LESS -> "lessThan";
      case LESS_OR_EQUAL -> "atMost";
      case EQUAL -> "equalTo";
    };
  }

  /** Returns the value at {@code (a, b)}. */
  public double apply(double a, double b) {
    return switch (this) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case POWER -> Math.pow(a, b);
      case FLOOR_DIVIDE -> floorDivide(a, b);
      case REMAINDER -> remainder(a, b);
      case LESS -> a < b ? 1 : 0;
      case LESS_OR_EQUAL -> a <= b ? 1 : 0;
      case EQUAL -> a == b ? 1 : 0;
    };
  }

  /**
   * Not the quotient rounded down: that may have been rounded up to a whole number before. What is
   * left of a is a multiple of b, whose quotient is whole but for rounding.
   */
  private static double floorDivide(double a, double b) {
    if (b == 0) {
      return a / b;
    }
    double rest = a % b;
    double quotient = (a - rest) / b - (isOtherSide(rest, b) ? 1 : 0);
    return quotient == 0 ? Math.copySign(0, a / b) : Math.rint(quotient);
  }

  private static double remainder(double a, double b) {
    double rest = a % b;
    return isOtherSide(rest, b) ? rest + b : rest;
  }

  private static boolean isOtherSide(double rest, double b) {
    return rest != 0 && rest < 0 != b < 0;
  }

  /** Returns da·∂f/∂a + db·∂f/∂b, where {@code y} is this function of {@code a} and {@code b}. */
  Formula differential(Formula a, Formula b, Formula y, Formula da, Formula db) {
    return switch (this) {
      case ADD -> da.plus(db);
      case SUBTRACT -> da.minus(db);
      case MULTIPLY -> da.times(b).plus(a.times(db));
      case DIVIDE -> da.minus(y.times(db)).dividedBy(b);
      case MIN -> pick(a, b, da, db);
      case MAX -> pick(b, a, da, db);
      case POWER ->
          da.times(b)
              .times(Formula.binary(POWER, a, b.minus(1)))
              .plus(db.isZero() ? db : db.times(y).times(Formula.log(a)));
      case REMAINDER -> db.isZero() ? da : da.minus(Formula.binary(FLOOR_DIVIDE, a, b).times(db));
      case FLOOR_DIVIDE, LESS, LESS_OR_EQUAL, EQUAL -> constant(0);
    };
  }

  /** The gradient goes to {@code da} where {@code a < b}, in halves where they are equal. */
  private static Formula pick(Formula a, Formula b, Formula da, Formula db) {
    return Formula.select(
        a.lessThan(b), da, Formula.select(a.equalTo(b), da.plus(db).times(0.5), db));
  }
}
