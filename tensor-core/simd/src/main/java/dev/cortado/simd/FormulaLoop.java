package dev.cortado.simd;

/**
 * A formula compiled to one loop over rows and columns. Input and output number i starts at {@code
 * at[i]} and moves by {@code step[i]} from row to row; within a row it moves by 1, or stays, as the
 * loop was compiled for.
 */
interface FormulaLoop {
  /**
   * Runs the loop over the columns that fill whole vectors; {@code constants} fills the formula's
   * table of constants. Sums of rows are set, to 0 if there is no such column.
   */
  void whole(
      float[][] in,
      int[] inAt,
      int[] inStep,
      float[] constants,
      float[][] out,
      int[] outAt,
      int[] outStep,
      int rows,
      int columns);

  /**
   * Runs the loop over the columns after those, fewer than a vector has lanes. They are added to
   * sums of rows.
   */
  void rest(
      float[][] in,
      int[] inAt,
      int[] inStep,
      float[] constants,
      float[][] out,
      int[] outAt,
      int[] outStep,
      int rows,
      int columns);
}
