package dev.cortado.tensor;

/** Conversions to 16-bit floating point, to nearest even; NaN and infinities kept. */
final class Half {
  private Half() {}

  /** Returns the F16 bits nearest to {@code value}, rounded once. */
  static short float16(double value) {
    return Float.floatToFloat16(roundToOdd(value));
  }

  /** Returns the BF16 bits nearest to {@code value}, rounded once. */
  static short bfloat16(double value) {
    int bits = Float.floatToRawIntBits(roundToOdd(value));
    if (Double.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }

  /** Returns the BF16 bits nearest to {@code value}, rounded once. */
  static short bfloat16(long value) {
    double rounded = (double) value;
    long back = (long) rounded;
    // Inexact beyond 2^53: made odd, so that the next rounding is the only one. 2^63 is exact.
    if (back != value && rounded != 0x1p63 && (Double.doubleToRawLongBits(rounded) & 1) == 0) {
      rounded = back > value ? Math.nextDown(rounded) : Math.nextUp(rounded);
    }
    return bfloat16(rounded);
  }

  /**
   * Returns {@code value} as a float, if inexact then the neighbour with an odd last bit. Rounding
   * to nearest twice can move a tie; after this, the second rounding is the only one.
   */
  private static float roundToOdd(double value) {
    float rounded = (float) value;
    int bits = Float.floatToRawIntBits(rounded);
    if (rounded == value || Double.isNaN(value) || (bits & 1) == 1) {
      return rounded;
    }
    boolean away = Math.abs(rounded) > Math.abs(value);
    return Float.intBitsToFloat(away ? bits - 1 : bits + 1);
  }
}
