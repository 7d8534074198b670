package dev.cortado.simd;

/**
 * erf(x) ≈ x · P(x²) / Q(x²) for |x| ≤ 3.92, beyond which it is ±1 in F32. The coefficients,
 * highest power first, are a weighted least-squares fit in Chebyshev polynomials, iterated to
 * near-equal relative errors: 1.9e-8 in exact arithmetic, 3.3e-7 in F32.
 */
final class RationalErf {
  static final float LIMIT = 3.92f;

  static final float[] NUMERATOR = {
    2.0501004e-06f, 0.00028488177f, 0.0037655635f, 0.05274856f, 0.19040519f, 1.1283791f
  };

  static final float[] DENOMINATOR = {
    3.80918e-05f, 0.0011625229f, 0.01496911f, 0.114108585f, 0.50207496f, 1.0f
  };

  private RationalErf() {}
}
