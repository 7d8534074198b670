package dev.cortado.simd;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Recurrence;
import dev.cortado.tensor.op.TensorSpec;
import org.jspecify.annotations.Nullable;

/**
 * Linear recurrences along one axis, among them running sums. Where other axes lie within it, each
 * is a row of recurrences that go on side by side; else rows are cut among the threads.
 *
 * <p>F32 is computed in double precision, one after the other. Only of a few long rows every piece
 * is summed first, and then continues from the sum of the pieces before it; there a vector's
 * elements are added up among themselves ({@link Prefix}), then to what came before. What is cut
 * depends on sizes alone.
 */
final class ScanSimd {
  /** Elements of a piece of a long row. */
  private static final int PIECE = 1 << 14;

  /** With as many rows as this there is enough to do without cutting them. */
  private static final int MANY_ROWS = 8;

  /** Rows whose recurrences are computed in one loop. */
  private static final int TOGETHER = 4;

  /** Recurrences side by side that one chunk follows. */
  private static final int WIDTH = 256;

  private final boolean reverse;
  private final int size;
  private final int inner;
  private final int outer;

  /** Where factors and terms begin; results begin at 0. */
  private final int aAt;

  private final int xAt;

  private ScanSimd(boolean reverse, int size, int inner, int outer, int aAt, int xAt) {
    this.reverse = reverse;
    this.size = size;
    this.inner = inner;
    this.outer = outer;
    this.aAt = aAt;
    this.xAt = xAt;
  }

  /** Returns the result, or null for types other than F32 and I64. */
  static @Nullable Tensor run(Recurrence op, Tensor a, Tensor b, TensorSpec spec) {
    if (b.dtype() != DType.F32 && b.dtype() != DType.I64) {
      return null;
    }
    var shape = b.shape();
    var layout = b.layout().denseLike(shape);
    var y = Tensor.empty(shape, spec.dtype(), layout, op.name());
    int size = shape.dim(op.axis());
    if (y.elements() == 0) {
      return y;
    }
    // The axis of one element lies anywhere.
    int inner = size == 1 ? 1 : layout.stride(op.axis());
    var terms = ExtremumSimd.dense(b, layout);
    var factors = isOne(a) ? null : ExtremumSimd.dense(a, layout);
    var scan =
        new ScanSimd(
            op.reverse(),
            size,
            inner,
            y.elements() / size / inner,
            factors == null ? 0 : factors.layout().offset(),
            terms.layout().offset());
    if (b.dtype() == DType.F32) {
      scan.floats(
          factors == null ? null : factors.host().floats(),
          terms.host().floats(),
          y.host().floats());
    } else {
      scan.longs(
          factors == null ? null : factors.host().longs(), terms.host().longs(), y.host().longs());
    }
    return y;
  }

  /** Returns whether it is a single 1, repeated. */
  private static boolean isOne(Tensor a) {
    for (int axis = 0; axis < a.rank(); axis++) {
      if (a.dim(axis) > 1 && a.layout().stride(axis) != 0) {
        return false;
      }
    }
    return a.host().get(a.layout().offset()) == 1;
  }

  private void floats(float @Nullable [] a, float[] x, float[] y) {
    if (inner > 1) {
      columns((at, width) -> floatColumns(a, x, y, at, width));
    } else if (a != null) {
      floatRows(a, x, y);
    } else if (outer < MANY_ROWS && size >= 2 * PIECE) {
      longRows(x, y);
    } else {
      sumRows(x, y);
    }
  }

  private void longs(long @Nullable [] a, long[] x, long[] y) {
    if (inner > 1) {
      columns((at, width) -> longColumns(a, x, y, at, width));
    } else {
      rows(at -> longRow(a, x, y, at));
    }
  }

  /** What is done for each row, given where it begins. */
  private interface Row {
    void run(int at);
  }

  /** What is done for {@code width} recurrences side by side, given where they begin. */
  private interface Columns {
    void run(int at, int width);
  }

  private void rows(Row row) {
    Parallel.ranges(
        outer,
        Math.max(1, FormulaGrid.CHUNK / size),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            row.run(i * size);
          }
        });
  }

  private void columns(Columns columns) {
    int beside = Math.ceilDiv(inner, WIDTH);
    Parallel.ranges(
        outer * beside,
        Math.max(1, FormulaGrid.CHUNK / size / Math.min(inner, WIDTH)),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int column = i % beside * WIDTH;
            columns.run(i / beside * size * inner + column, Math.min(WIDTH, inner - column));
          }
        });
  }

  /** Returns where element number {@code i} in the order of the recurrence lies, from the start. */
  private int place(int i) {
    return (reverse ? size - 1 - i : i) * inner;
  }

  private void floatRows(float[] a, float[] x, float[] y) {
    rowsTogether(at -> fourRows(a, x, y, at + place(0)), at -> oneRow(a, x, y, at + place(0)));
  }

  private void sumRows(float[] x, float[] y) {
    if (reverse) {
      rowsTogether(at -> fourSumsBack(x, xAt + at, y, at, size), at -> oneSum(x, y, at));
    } else {
      rowsTogether(at -> fourSums(x, xAt + at, y, at, size), at -> oneSum(x, y, at));
    }
  }

  /** Rows in fours, and those left over. */
  private void rowsTogether(Row four, Row one) {
    Parallel.ranges(
        Math.ceilDiv(outer, TOGETHER),
        Math.max(1, FormulaGrid.CHUNK / size / TOGETHER),
        (from, to) -> {
          int last = Math.min(outer, to * TOGETHER);
          int row = from * TOGETHER;
          for (; row <= last - TOGETHER; row += TOGETHER) {
            four.run(row * size);
          }
          for (; row < last; row++) {
            one.run(row * size);
          }
        });
  }

  /**
   * Running sums of four rows: each sum waits for the one before, and four fill the time better
   * than vectors do. Its places count up from constants, so that the compiler need not check each.
   */
  private static void fourSums(float[] x, int from, float[] y, int at, int size) {
    double y0 = -0.0;
    double y1 = -0.0;
    double y2 = -0.0;
    double y3 = -0.0;
    for (int i = 0; i < size; i++) {
      y0 += x[from + i];
      y1 += x[from + size + i];
      y2 += x[from + 2 * size + i];
      y3 += x[from + 3 * size + i];
      y[at + i] = (float) y0;
      y[at + size + i] = (float) y1;
      y[at + 2 * size + i] = (float) y2;
      y[at + 3 * size + i] = (float) y3;
    }
  }

  /** {@link #fourSums} from the last to the first. */
  private static void fourSumsBack(float[] x, int from, float[] y, int at, int size) {
    double y0 = -0.0;
    double y1 = -0.0;
    double y2 = -0.0;
    double y3 = -0.0;
    for (int i = size - 1; i >= 0; i--) {
      y0 += x[from + i];
      y1 += x[from + size + i];
      y2 += x[from + 2 * size + i];
      y3 += x[from + 3 * size + i];
      y[at + i] = (float) y0;
      y[at + size + i] = (float) y1;
      y[at + 2 * size + i] = (float) y2;
      y[at + 3 * size + i] = (float) y3;
    }
  }

  private void oneSum(float[] x, float[] y, int at) {
    double sum = -0.0;
    for (int i = 0; i < size; i++) {
      int k = at + place(i);
      sum += x[xAt + k];
      y[k] = (float) sum;
    }
  }

  /** Each result waits for the one before; four rows fill the time. */
  private void fourRows(float[] a, float[] x, float[] y, int at) {
    int step = reverse ? -1 : 1;
    int k0 = at;
    int k1 = at + size;
    int k2 = at + 2 * size;
    int k3 = at + 3 * size;
    double y0 = x[xAt + k0];
    double y1 = x[xAt + k1];
    double y2 = x[xAt + k2];
    double y3 = x[xAt + k3];
    for (int i = 0; ; ) {
      y[k0] = (float) y0;
      y[k1] = (float) y1;
      y[k2] = (float) y2;
      y[k3] = (float) y3;
      if (++i == size) {
        break;
      }
      k0 += step;
      k1 += step;
      k2 += step;
      k3 += step;
      y0 = a[aAt + k0] * y0 + x[xAt + k0];
      y1 = a[aAt + k1] * y1 + x[xAt + k1];
      y2 = a[aAt + k2] * y2 + x[xAt + k2];
      y3 = a[aAt + k3] * y3 + x[xAt + k3];
    }
  }

  private void oneRow(float[] a, float[] x, float[] y, int at) {
    int step = reverse ? -1 : 1;
    int k = at;
    double last = x[xAt + k];
    y[k] = (float) last;
    for (int i = 1; i < size; i++) {
      k += step;
      last = a[aAt + k] * last + x[xAt + k];
      y[k] = (float) last;
    }
  }

  private void longRow(long @Nullable [] a, long[] x, long[] y, int at) {
    int step = reverse ? -1 : 1;
    int k = at + place(0);
    long last = x[xAt + k];
    y[k] = last;
    for (int i = 1; i < size; i++) {
      k += step;
      last = (a == null ? last : a[aAt + k] * last) + x[xAt + k];
      y[k] = last;
    }
  }

  private void floatColumns(float @Nullable [] a, float[] x, float[] y, int at, int width) {
    double[] last = Workspace.current().doubles(width);
    for (int i = 0; i < size; i++) {
      int k = at + place(i);
      if (i == 0) {
        for (int c = 0; c < width; c++) {
          last[c] = x[xAt + k + c];
          y[k + c] = x[xAt + k + c];
        }
      } else if (a == null) {
        Prefix.add(x, xAt + k, last, y, k, width);
      } else {
        for (int c = 0; c < width; c++) {
          last[c] = a[aAt + k + c] * last[c] + x[xAt + k + c];
          y[k + c] = (float) last[c];
        }
      }
    }
  }

  /** The last result itself is what the next one starts from. */
  private void longColumns(long @Nullable [] a, long[] x, long[] y, int at, int width) {
    System.arraycopy(x, xAt + at + place(0), y, at + place(0), width);
    for (int i = 1; i < size; i++) {
      int k = at + place(i);
      int before = at + place(i - 1);
      for (int c = 0; c < width; c++) {
        y[k + c] = (a == null ? y[before + c] : a[aAt + k + c] * y[before + c]) + x[xAt + k + c];
      }
    }
  }

  /** Sums of pieces first; then all pieces know where to start from. */
  private void longRows(float[] x, float[] y) {
    int pieces = Math.ceilDiv(size, PIECE);
    double[] starts = new double[outer * pieces];
    Parallel.run(
        starts.length, i -> starts[i] = Prefix.sum(x, xAt + pieceAt(i, pieces), count(i % pieces)));
    for (int row = 0; row < outer; row++) {
      double before = -0.0;
      for (int i = row * pieces; i < (row + 1) * pieces; i++) {
        double sum = starts[i];
        starts[i] = before;
        before += sum;
      }
    }
    Parallel.run(
        starts.length,
        i -> {
          int at = pieceAt(i, pieces);
          Prefix.sums(x, xAt + at, y, at, count(i % pieces), reverse, starts[i]);
        });
  }

  /** Returns where piece number {@code i} of all rows begins. */
  private int pieceAt(int i, int pieces) {
    return i / pieces * size + first(i % pieces);
  }

  /** Returns where a piece, counted in the order of the recurrence, begins in its row. */
  private int first(int piece) {
    return reverse ? Math.max(0, size - (piece + 1) * PIECE) : piece * PIECE;
  }

  private int count(int piece) {
    return Math.min(PIECE, size - piece * PIECE);
  }
}
