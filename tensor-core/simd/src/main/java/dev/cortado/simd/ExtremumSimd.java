package dev.cortado.simd;

import dev.cortado.tensor.Copy;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.Walk;
import dev.cortado.tensor.op.ReductionOp;
import dev.cortado.tensor.op.TensorSpec;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * Largest and smallest elements, and where they are. The elements are walked in memory order; no
 * order of comparing changes the result, so lanes and chunks are free.
 */
final class ExtremumSimd {
  private ExtremumSimd() {}

  /** Returns the result, or null for other types than F32. */
  static @Nullable Tensor run(ReductionOp.Extremum op, Tensor x, TensorSpec spec) {
    if (x.dtype() != DType.F32) {
      return null;
    }
    var result = Tensor.full(spec.shape(), DType.F32, worst(op.largest()));
    if (x.elements() > 0) {
      var layout = x.layout().denseLike(x.shape());
      var in = dense(x, layout);
      var walk = Walk.of(x.shape(), in.layout(), SumOfSimd.resultLayout(op, x.shape()));
      new Plan(op.largest(), in.host().floats(), in.layout().offset(), result.host().floats(), walk)
          .run();
    }
    return result;
  }

  /** Returns where the first largest or smallest elements are, or null for other types than F32. */
  static @Nullable Tensor places(int axis, boolean largest, Tensor x, TensorSpec spec) {
    if (x.dtype() != DType.F32) {
      return null;
    }
    var result =
        Tensor.empty(
            spec.shape(),
            DType.I64,
            Layout.contiguous(spec.shape()),
            largest ? "argmax" : "argmin");
    long[] places = result.host().longs();
    if (places.length > 0) {
      var dense = dense(x, innermost(axis, x.shape()));
      float[] in = dense.host().floats();
      int start = dense.layout().offset();
      int size = x.dim(axis);
      Parallel.ranges(
          places.length,
          Math.max(1, FormulaGrid.CHUNK / size),
          (from, to) -> {
            for (int row = from; row < to; row++) {
              places[row] = first(in, start + row * size, size, largest);
            }
          });
    }
    return result;
  }

  /** Returns {@code x} in the given dense layout, wherever it begins. */
  static Tensor dense(Tensor x, Layout layout) {
    boolean fits = x.layout().equals(layout.shifted(x.layout().offset()));
    return fits ? x.detach() : Copy.dense(x.detach(), layout);
  }

  /** Returns the layout in which {@code axis} lies innermost and the others row by row. */
  static Layout innermost(int axis, Shape shape) {
    int[] strides = new int[shape.rank()];
    int stride = shape.dim(axis);
    for (int i = shape.rank() - 1; i >= 0; i--) {
      if (i != axis) {
        strides[i] = stride;
        stride *= shape.dim(i);
      }
    }
    strides[axis] = 1;
    return Layout.of(0, strides);
  }

  /** Returns what every element beats. */
  private static float worst(boolean largest) {
    return largest ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY;
  }

  private static float better(float a, float b, boolean largest) {
    return largest ? Math.max(a, b) : Math.min(a, b);
  }

  private static FloatVector better(FloatVector a, FloatVector b, boolean largest) {
    return largest ? a.max(b) : a.min(b);
  }

  private static FloatVector vector(float[] x, int at) {
    return FloatVector.fromArray(Lanes.F32, x, at);
  }

  /** Returns the largest or smallest of {@code n} neighbours. */
  private static float ofRow(float[] x, int at, int n, boolean largest) {
    var best = FloatVector.broadcast(Lanes.F32, worst(largest));
    var second = best;
    var third = best;
    var fourth = best;
    int i = 0;
    // A comparison takes several instructions and waits for the one before: four at a time.
    for (; i <= n - 4 * Lanes.COUNT; i += 4 * Lanes.COUNT) {
      best = better(best, vector(x, at + i), largest);
      second = better(second, vector(x, at + i + Lanes.COUNT), largest);
      third = better(third, vector(x, at + i + 2 * Lanes.COUNT), largest);
      fourth = better(fourth, vector(x, at + i + 3 * Lanes.COUNT), largest);
    }
    best = better(better(best, second, largest), better(third, fourth, largest), largest);
    for (; i <= n - Lanes.COUNT; i += Lanes.COUNT) {
      best = better(best, vector(x, at + i), largest);
    }
    if (i < n) {
      var mask = Lanes.first(n - i);
      var rest = FloatVector.fromArray(Lanes.F32, x, at + i, mask);
      best = best.blend(better(best, rest, largest), mask);
    }
    // The compiler has to see a constant operator in either call.
    return largest ? best.reduceLanes(VectorOperators.MAX) : best.reduceLanes(VectorOperators.MIN);
  }

  /** Sets each of {@code n} numbers to the better of itself and the element of its column. */
  private static void intoRow(float[] x, int at, float[] best, int bestAt, int n, boolean largest) {
    int whole = Lanes.F32.loopBound(n);
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      var before = FloatVector.fromArray(Lanes.F32, best, bestAt + i);
      better(before, FloatVector.fromArray(Lanes.F32, x, at + i), largest)
          .intoArray(best, bestAt + i);
    }
    for (int i = whole; i < n; i++) {
      best[bestAt + i] = better(best[bestAt + i], x[at + i], largest);
    }
  }

  /** Returns where in a row the first of the best elements is; −0 and 0 are equal, NaN is best. */
  private static int first(float[] x, int at, int size, boolean largest) {
    float best = worst(largest);
    for (int i = 0; i < size; i += FormulaGrid.BLOCK) {
      best =
          better(best, ofRow(x, at + i, Math.min(FormulaGrid.BLOCK, size - i), largest), largest);
    }
    int i = 0;
    for (; i + Lanes.COUNT <= size; i += Lanes.COUNT) {
      var v = FloatVector.fromArray(Lanes.F32, x, at + i);
      var found = v.compare(VectorOperators.EQ, best).or(v.compare(VectorOperators.NE, v));
      if (found.anyTrue()) {
        return i + found.firstTrue();
      }
    }
    // One of the rest has it: if there is a NaN anywhere, NaN is the best.
    while (x[at + i] != best && !Float.isNaN(x[at + i])) {
      i++;
    }
    return i;
  }

  /** One reduction: dense rows of columns, and for each row where its result begins. */
  private record Plan(boolean largest, float[] in, int inAt, float[] out, Walk walk) {
    void run() {
      if (walk.innerStride(1) == 0) {
        overRows();
      } else {
        overColumns();
      }
    }

    /** Each piece of a row gives one number. */
    private void overRows() {
      int columns = walk.length();
      int pieces = Math.ceilDiv(columns, FormulaGrid.BLOCK);
      float[] partial = new float[walk.rows() * pieces];
      Parallel.ranges(
          partial.length,
          Math.max(1, FormulaGrid.CHUNK / Math.min(columns, FormulaGrid.BLOCK)),
          (from, to) -> {
            for (int piece = from; piece < to; piece++) {
              int column = piece % pieces * FormulaGrid.BLOCK;
              int count = Math.min(FormulaGrid.BLOCK, columns - column);
              partial[piece] = ofRow(in, inAt + piece / pieces * columns + column, count, largest);
            }
          });
      combine(partial, pieces, 1, 1);
    }

    /** Rows that fall together go into one row of numbers, chunk by chunk. */
    private void overColumns() {
      int columns = walk.length();
      int inner = walk.rank() - 2;
      int span = inner >= 0 && walk.stride(inner, 1) == 0 ? walk.size(inner) : 1;
      int fold = Math.min(span, FormulaGrid.foldOf(columns));
      int chunkRows = Math.max(fold, FormulaGrid.CHUNK / columns / fold * fold);
      int chunks = Math.ceilDiv(span, chunkRows);
      int groups = walk.rows() / span;
      float[] partial = new float[groups * chunks * columns];
      Parallel.ranges(
          groups * chunks,
          Math.max(1, FormulaGrid.CHUNK / (Math.min(chunkRows, span) * columns)),
          (from, to) -> {
            for (int chunk = from; chunk < to; chunk++) {
              int first = chunk % chunks * chunkRows;
              int at = inAt + (chunk / chunks * span + first) * columns;
              int count = Math.min(chunkRows, span - first) * columns;
              ofColumns(at, count, columns * fold, partial, chunk * columns, columns);
            }
          });
      combine(partial, chunks, columns, span);
    }

    /**
     * Short rows are joined to {@code width} numbers, of which the columns are taken at the end.
     */
    private void ofColumns(int at, int count, int width, float[] best, int bestAt, int columns) {
      float[] wide = Workspace.current().floats(Workspace.PARTIAL, width);
      Arrays.fill(wide, 0, width, worst(largest));
      for (int i = 0; i < count; i += width) {
        intoRow(in, at + i, wide, 0, Math.min(width, count - i), largest);
      }
      System.arraycopy(wide, 0, best, bestAt, columns);
      for (int i = columns; i < width; i += columns) {
        intoRow(wide, i, best, bestAt, columns, largest);
      }
    }

    /** Partial results of {@code width} numbers, {@code parts} for every {@code span} rows. */
    private void combine(float[] partial, int parts, int width, int span) {
      int[] at = new int[2];
      int stride = walk.innerStride(1);
      for (int i = 0; i < partial.length; i += width) {
        walk.offsets(i / width / parts * span, at);
        if (stride == 1) {
          intoRow(partial, i, out, at[1], width, largest);
          continue;
        }
        for (int c = 0; c < width; c++) {
          int to = at[1] + c * stride;
          out[to] = better(out[to], partial[i + c], largest);
        }
      }
    }
  }
}
