package dev.cortado.benchmarks.kernel;

import dev.cortado.tensor.Parallel;
import java.util.Arrays;

/**
 * The controls of compiled formulas: the same as plain loops, written so that the JIT compiler
 * turns them into vector instructions by itself. That needs one index for all arrays.
 */
final class HandwrittenLoops {
  private static final int CHUNK = 1 << 15;
  private static final int CHUNK_ROWS = 512;

  /** Rows that make one long row of the sums. */
  private static final int TOGETHER = 8;

  private HandwrittenLoops() {}

  /** {@code y = clamp(x·a + b, 0, 6) + r}. */
  static Runnable chain(int elements, float a, float b) {
    float[] x = Cases.numbers(elements).toFloats();
    float[] r = Cases.numbers(elements).toFloats();
    float[] y = new float[elements];
    return () -> Parallel.ranges(elements, CHUNK, (from, to) -> chain(x, a, b, r, y, from, to));
  }

  private static void chain(float[] x, float a, float b, float[] r, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.min(Math.max(Math.fma(x[i], a, b), 0), 6) + r[i];
    }
  }

  /** {@code Σ g} and {@code Σ g·(x − m)} over the rows, in chunks whose sums are added in order. */
  static Runnable sums(int rows, int columns) {
    float[] g = Cases.numbers(rows, columns).toFloats();
    float[] x = Cases.numbers(rows, columns).toFloats();
    float[] m = Cases.numbers(TOGETHER * columns).toFloats();
    int chunks = (rows + CHUNK_ROWS - 1) / CHUNK_ROWS;
    float[][][] partial = new float[chunks][2][TOGETHER * columns];
    double[][] result = new double[2][columns];
    return () -> {
      Parallel.ranges(
          rows,
          CHUNK_ROWS,
          (from, to) -> sums(g, x, m, from, to, columns, partial[from / CHUNK_ROWS]));
      for (int k = 0; k < 2; k++) {
        Arrays.fill(result[k], 0);
        for (var sums : partial) {
          for (int i = 0; i < TOGETHER * columns; i++) {
            result[k][i % columns] += sums[k][i];
          }
        }
      }
    };
  }

  private static void sums(
      float[] g, float[] x, float[] m, int from, int to, int columns, float[][] partial) {
    Arrays.fill(partial[0], 0);
    Arrays.fill(partial[1], 0);
    float[] gRow = new float[m.length];
    float[] xRow = new float[m.length];
    for (int row = from; row < to; row += TOGETHER) {
      int length = Math.min(TOGETHER, to - row) * columns;
      // Copied to where the sums have their index: cheap beside the memory, and one index again.
      System.arraycopy(g, row * columns, gRow, 0, length);
      System.arraycopy(x, row * columns, xRow, 0, length);
      addRow(gRow, xRow, m, partial[0], partial[1], length);
    }
  }

  private static void addRow(float[] g, float[] x, float[] m, float[] s, float[] t, int length) {
    for (int i = 0; i < length; i++) {
      s[i] += g[i];
      t[i] = Math.fma(g[i], x[i] - m[i], t[i]);
    }
  }
}
