package dev.cortado.simd;

import dev.cortado.tensor.Tensor;
import java.util.Arrays;

/** Softmax of contiguous rows, {@code e^(x − max) / Σ e^(x − max)}, or its logarithm. */
final class SoftmaxRows {
  /** Elements that go through several loops together: 8 KiB, and as many results. */
  private static final int TOGETHER = 1 << 11;

  private final float[] in;
  private final int offset;
  private final float[] out;
  private final int size;
  private final boolean logarithm;

  /**
   * Prepares the rows of {@code x}.
   *
   * @param x contiguous
   * @param y the result, fresh
   * @param size length of a row
   * @param logarithm whether the logarithm is wanted
   */
  SoftmaxRows(Tensor x, Tensor y, int size, boolean logarithm) {
    this.in = x.host().floats();
    this.offset = x.layout().offset();
    this.out = y.host().floats();
    this.size = size;
    this.logarithm = logarithm;
  }

  /** Computes rows {@code from … to-1}. */
  void run(int from, int to) {
    if (!logarithm) {
      softmax(from, to - from);
      return;
    }
    int most = Math.max(1, TOGETHER / size);
    for (int row = from; row < to; row += most) {
      logarithms(row, Math.min(most, to - row));
    }
  }

  private void softmax(int first, int rows) {
    float[] largest = largest(rows + 1);
    float[] factors = Workspace.current().floats(Workspace.ROW_SUMS, rows + 1);
    int to = first * size;
    int at = offset + to;
    RowLoops.LARGEST.run(in, at, size, in, at, size, 1, size, largest, factors, 0, 0);
    RowLoops.SOFTMAX.run(in, at, size, out, to, size, rows, size, largest, factors, 0, 0);
    int last = to + (rows - 1) * size;
    factors[0] = factors[rows - 1];
    RowLoops.PRODUCTS.run(out, last, size, out, last, size, 1, size, factors, factors, 0, 0);
  }

  private static float[] largest(int rows) {
    float[] largest = Workspace.current().floats(Workspace.ROW_SHIFTS, rows);
    Arrays.fill(largest, 0, rows, Float.NEGATIVE_INFINITY);
    return largest;
  }

  private void logarithms(int first, int rows) {
    float[] largest = largest(rows);
    float[] sums = Workspace.current().floats(Workspace.ROW_SUMS, rows);
    Arrays.fill(sums, 0, rows, 0);
    int to = first * size;
    int at = offset + to;
    RowLoops.LARGEST.run(in, at, size, in, at, size, rows, size, largest, sums, 0, 0);
    RowLoops.EXPONENTIALS.run(in, at, size, out, to, size, rows, size, largest, sums, 0, 0);
    for (int r = 0; r < rows; r++) {
      sums[r] = (float) Math.log(sums[r]);
    }
    RowLoops.DIFFERENCES.run(in, at, size, out, to, size, rows, size, largest, sums, 0, 0);
  }
}
