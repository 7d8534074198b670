package dev.cortado.tensor;

/** Conversions to 16-bit floating point, to nearest even; NaN and infinities kept. */
final class Half {
  private Half() {}

  /** Returns the F16 bits nearest to {@code value}, rounded once. */
  static short fromDouble(double value) {
    float rounded = (float) value;
    if (rounded != value && !Double.isNaN(value)) {
      // Rounding twice can move a tie: make the float odd ("round to odd"), then the second
      // rounding is the only one.
      int bits = Float.floatToRawIntBits(rounded);
      if ((bits & 1) == 0) {
        boolean away = Math.abs(rounded) > Math.abs(value);
        bits += away ? -1 : 1;
      }
      rounded = Float.intBitsToFloat(bits);
    }
    return Float.floatToFloat16(rounded);
  }

  /** Returns the BF16 bits nearest to {@code value}. */
  static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }
}
