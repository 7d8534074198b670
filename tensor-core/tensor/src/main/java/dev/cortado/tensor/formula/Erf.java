package dev.cortado.tensor.formula;

/** The error function in double precision. */
final class Erf {
  private static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

  private Erf() {}

  /**
   * Returns erf(x) to about 1e-15: its Taylor series near 0, else one minus the continued fraction
   * of erfc (Abramowitz and Stegun, 7.1.5 and 7.1.14).
   */
  static double erf(double x) {
    double a = Math.abs(x);
    if (Double.isNaN(x)) {
      return x;
    }
    if (a > 6) {
      return Math.signum(x);
    }
    return a < 2.5 ? series(x) : Math.copySign(1 - complement(a), x);
  }

  private static double series(double x) {
    double term = x;
    double sum = x;
    double square = x * x;
    for (int n = 1; n < 100; n++) {
      // 7.1.6: all terms positive, so nothing cancels.
      term *= 2 * square / (2 * n + 1);
      sum += term;
      if (Math.abs(term) < 1e-17 * Math.abs(sum)) {
        break;
      }
    }
    return TWO_OVER_SQRT_PI * Math.exp(-square) * sum;
  }

  private static double complement(double x) {
    double fraction = x;
    for (int n = 60; n >= 1; n--) {
      fraction = x + (n / 2.0) / fraction;
    }
    return Math.exp(-x * x) / (fraction * Math.sqrt(Math.PI));
  }
}
