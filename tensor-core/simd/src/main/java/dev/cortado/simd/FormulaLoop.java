package dev.cortado.simd;

/**
 * A formula compiled to one loop over rows and columns. Input and output number i starts at {@code
 * at[i]} and moves by {@code step[i]} from row to row; within a row it moves by 1, or stays, as the
 * loop was compiled for.
 */
interface FormulaLoop {
  /** Runs the loop; {@code constants} fills the formula's table of constants. */
  void run(
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
