package dev.cortado.simd;

/**
 * Rows cut into strips of nearly equal height, so that no strip is left with a few rows only: the
 * first {@code tall} strips have {@code height} rows, the others one row less.
 *
 * @param rows how many rows
 * @param count how many strips
 * @param height rows of the first strips
 * @param tall how many strips have that height
 */
record Strips(int rows, int count, int height, int tall) {
  /** Cuts {@code rows} into strips of at most {@code most} rows. */
  static Strips of(int rows, int most) {
    int count = Math.ceilDiv(rows, most);
    int tall = rows % count;
    return tall == 0
        ? new Strips(rows, count, rows / count, count)
        : new Strips(rows, count, rows / count + 1, tall);
  }

  /** Returns the first row of a strip; for strip {@code count} the number of rows. */
  int at(int strip) {
    return strip * height - Math.max(0, strip - tall);
  }

  /** Returns the rows of a strip. */
  int height(int strip) {
    return strip < tall ? height : height - 1;
  }
}
