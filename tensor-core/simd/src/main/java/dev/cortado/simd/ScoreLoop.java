package dev.cortado.simd;

/**
 * A loop over a table of attention's scores, whose rows begin {@link Tile#ROW_STRIDE} apart and are
 * filled up to whole vectors. {@link ScoreLoops} has the loops.
 */
interface ScoreLoop {
  /**
   * Runs the loop.
   *
   * @param x scores
   * @param y a second table like that
   * @param at index of the first row of x
   * @param yAt index of the first row of y
   * @param rows how many rows
   * @param columns how many columns
   * @param a a number for each row or column
   * @param b another one
   * @param c what scores are multiplied by
   * @param d another factor
   */
  void run(
      float[] x,
      float[] y,
      int at,
      int yAt,
      int rows,
      int columns,
      float[] a,
      float[] b,
      float c,
      float d);
}
