package dev.cortado.tensor.formula;

import static dev.cortado.tensor.formula.Formula.constant;

import java.util.Locale;

/** The scalar functions of one argument, each with its value and its own derivative. */
public enum UnaryFunction {
  /** −x. */
  NEGATE,
  /** |x|; the derivative at 0 is 0. */
  ABS,
  /** eˣ. */
  EXP,
  /** eˣ − 1, exact near 0 too. */
  EXPM1,
  /** Natural logarithm. */
  LOG,
  /** √x. */
  SQRT,
  /** Hyperbolic tangent. */
  TANH,
  /** 1 / (1 + e⁻ˣ). */
  SIGMOID,
  /** ln(1 + eˣ), without overflow and exact where it is tiny; the derivative is the sigmoid. */
  SOFTPLUS,
  /** The error function 2/√π · ∫₀ˣ e^(−t²) dt. */
  ERF,
  /** Sine of radians. */
  SIN,
  /** Cosine of radians. */
  COS,
  /** Largest integer not above x; the derivative is 0. */
  FLOOR,
  /** Smallest integer not below x; the derivative is 0. */
  CEIL,
  /** Nearest integer, ties to even; the derivative is 0. */
  ROUND,
  /** −1, 0 or 1; the derivative is 0. */
  SIGN;

  private static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

  /** Returns whether the value at a whole number is a whole number. */
  public boolean isWhole() {
    return switch (this) {
      case NEGATE, ABS, FLOOR, CEIL, ROUND, SIGN -> true;
      default -> false;
    };
  }

  /** Returns the name of the tensor's method, for messages. */
  public String method() {
    return this == NEGATE ? "neg" : name().toLowerCase(Locale.ROOT);
  }

  /** Returns the value at {@code x}. */
  public double apply(double x) {
    return switch (this) {
      case NEGATE -> -x;
      case ABS -> Math.abs(x);
      case EXP -> Math.exp(x);
      case EXPM1 -> Math.expm1(x);
      case LOG -> Math.log(x);
      case SQRT -> Math.sqrt(x);
      case TANH -> Math.tanh(x);
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case SOFTPLUS -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
      case ERF -> Erf.erf(x);
      case SIN -> Math.sin(x);
      case COS -> Math.cos(x);
      case FLOOR -> Math.floor(x);
      case CEIL -> Math.ceil(x);
      case ROUND -> Math.rint(x);
      case SIGN -> Math.signum(x);
    };
  }

  /**
   * Returns the derivative at the argument {@code x}, where {@code y} is this function of {@code
   * x}: written with whichever of the two is stable and already there.
   */
  Formula derivative(Formula x, Formula y) {
    return switch (this) {
      case NEGATE -> constant(-1);
      case ABS -> Formula.unary(SIGN, x);
      case EXP -> y;
      case EXPM1 -> Formula.exp(x);
      case LOG -> constant(1).dividedBy(x);
      case SQRT -> constant(0.5).dividedBy(y);
      case TANH -> constant(1).minus(y.times(y));
      case SIGMOID -> y.times(constant(1).minus(y));
      case SOFTPLUS -> Formula.sigmoid(x);
      case ERF -> Formula.exp(x.times(x).negate()).times(TWO_OVER_SQRT_PI);
      case SIN -> Formula.unary(COS, x);
      case COS -> Formula.unary(SIN, x).negate();
      case FLOOR, CEIL, ROUND, SIGN -> constant(0);
    };
  }
}
