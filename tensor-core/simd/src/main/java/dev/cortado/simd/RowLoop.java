package dev.cortado.simd;

/** A loop over the rows of a table, or of two. {@link RowLoops} has the loops. */
interface RowLoop {
  /**
   * Runs the loop.
   *
   * @param x a table
   * @param at index of its first row
   * @param step distance of its rows
   * @param y a second table, or the same
   * @param yAt index of its first row
   * @param yStep distance of its rows
   * @param rows how many rows
   * @param columns how many columns
   * @param a a number for each row or column
   * @param b another one
   * @param c a factor
   * @param d another factor
   */
  void run(
      float[] x,
      int at,
      int step,
      float[] y,
      int yAt,
      int yStep,
      int rows,
      int columns,
      float[] a,
      float[] b,
      float c,
      float d);
}
