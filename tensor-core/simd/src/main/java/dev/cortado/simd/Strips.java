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
  /** With fewer strips than this they may be lower. */
  private static final int FEW = 5;

  /** Cuts {@code rows} into strips of at most {@code most} rows. */
  static Strips of(int rows, int most) {
    int count = Math.ceilDiv(rows, even(rows, most));
    int tall = rows % count;
    return tall == 0
        ? new Strips(rows, count, rows / count, count)
        : new Strips(rows, count, rows / count + 1, tall);
  }

  /**
   * Returns the largest height up to {@code most} that divides {@code rows}, if it is nearly as
   * good as {@code most}: then there is one height, and one loop to compile, instead of two.
   */
  private static int even(int rows, int most) {
    int least = rows <= FEW * most && rows % 8 == 0 ? 8 : most - most / 6;
    for (int height = most; height >= least; height--) {
      if (rows % height == 0) {
        return height;
      }
    }
    return most;
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
