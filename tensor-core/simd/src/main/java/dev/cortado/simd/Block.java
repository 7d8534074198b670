package dev.cortado.simd;

/**
 * The rows and columns of one call of a {@link FormulaLoop}: where they begin in each array and how
 * rows follow.
 */
final class Block {
  final float[][] in;
  final int[] inAt;
  final int[] inStep;
  final float[][] out;
  final int[] outAt;
  final int[] outStep;

  Block(float[][] in, float[][] out) {
    this.in = in;
    this.inAt = new int[in.length];
    this.inStep = new int[in.length];
    this.out = out;
    this.outAt = new int[out.length];
    this.outStep = new int[out.length];
  }

  /** Moves down by {@code rows}. */
  void advance(int rows) {
    for (int k = 0; k < inAt.length; k++) {
      inAt[k] += rows * inStep[k];
    }
    for (int k = 0; k < outAt.length; k++) {
      outAt[k] += rows * outStep[k];
    }
  }

  /** What is done with a block. */
  interface Body {
    /** Does {@code rows} rows of {@code columns} columns, beginning where {@code block} stands. */
    void accept(Block block, int rows, int columns);
  }
}
