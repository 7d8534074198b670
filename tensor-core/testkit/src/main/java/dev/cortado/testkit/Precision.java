package dev.cortado.testkit;

import dev.cortado.tensor.DType;

/**
 * What a floating type can hold.
 *
 * @param unit the largest relative error of one rounding
 * @param smallest below this, results may be flushed to 0
 * @param largest the largest number
 */
record Precision(double unit, double smallest, double largest) {
  private static final Precision SINGLE = new Precision(0x1p-24, Float.MIN_NORMAL, Float.MAX_VALUE);
  private static final Precision DOUBLE =
      new Precision(0x1p-53, Double.MIN_NORMAL, Double.MAX_VALUE);

  /** Returns the precision of results of the given type. */
  static Precision of(DType type) {
    return type == DType.F32 ? SINGLE : DOUBLE;
  }

  /** Returns by how much a constant is off in this type. */
  double roundingOf(double constant) {
    return equals(SINGLE) && Double.isFinite(constant) ? Math.abs(constant - (float) constant) : 0;
  }

  /**
   * Returns by how much a sum of {@code count} roundings may be off whose terms' absolute values
   * add up to {@code size}. Roundings go up and down: they grow with the square root of their
   * number (Higham 2002, section 2.8); four units are for the terms themselves.
   */
  double sum(double size, double count) {
    return size > largest / 4
        ? Double.POSITIVE_INFINITY
        : size * unit * (4 + Math.sqrt(count)) + smallest;
  }
}
