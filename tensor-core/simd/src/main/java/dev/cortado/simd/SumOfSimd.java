package dev.cortado.simd;

import dev.cortado.simd.FormulaShape.Sink;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.Walk;
import dev.cortado.tensor.formula.Program;
import dev.cortado.tensor.op.Fused;
import dev.cortado.tensor.op.ReductionOp;
import dev.cortado.tensor.op.TensorSpec;
import dev.cortado.tensor.op.ViewOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sums of formulas. The elements are walked in memory order. If the innermost axis is summed, each
 * row gives one number (a vector accumulator); if it is kept, rows are added to a row of sums. Both
 * happen in chunks whose size does not depend on the number of threads; the chunks' results are
 * combined in order, in double precision.
 */
final class SumOfSimd {
  /** Rows that are added up in single precision; the errors of longer sums would show. */
  private static final int MOST_ROWS = 256;

  /** Rows of a chunk, however long they are ... */
  private static final int LEAST_ROWS = 64;

  /** ... unless it would hold more elements than this. */
  private static final int LARGEST_CHUNK = 1 << 18;

  /**
   * Chunks that sums of columns are cut into if there is enough to do. Each ends with a row of
   * totals: with four times as many they took a fifth of the time.
   */
  private static final int CHUNKS = 64;

  /** With fewer chunks of rows than this, columns are shared out, too ... */
  private static final int FEW_CHUNKS = 8;

  /** ... so many elements at least, and whole cache lines of results. */
  private static final int LEAST_ELEMENTS = 1 << 13;

  private static final int LEAST_COLUMNS = 64;

  private SumOfSimd() {}

  /** Returns the results, or null if the formula or the types need the reference. */
  static @Nullable List<Tensor> run(
      ReductionOp.SumOf op, List<Tensor> inputs, List<TensorSpec> results) {
    var program = Program.of(op.terms());
    if (!ElementwiseSimd.supports(program, inputs)) {
      return null;
    }
    var specs = inputs.stream().map(Tensor::spec).toList();
    Shape shape = new Fused(op.terms(), op.arity()).infer(specs).getFirst().shape();
    var outputs = new ArrayList<Tensor>();
    for (var spec : results) {
      outputs.add(Tensor.full(spec.shape(), DType.F32, 0));
    }
    if (shape.elements() > 0) {
      new SumOfSimd.Plan(op, program, shape, inputs, outputs).run();
    }
    return outputs;
  }

  /** Returns where the result for each element of {@code shape} lies, row-major. */
  static Layout resultLayout(ReductionOp op, Shape shape) {
    int[] strides = new int[shape.rank()];
    int stride = 1;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      strides[axis] = op.axes().contains(axis) ? 0 : stride;
      stride *= op.axes().contains(axis) ? 1 : shape.dim(axis);
    }
    return Layout.of(0, strides);
  }

  /** One sum: the walk over the inputs, with stride 0 in the outputs where axes are summed. */
  private static final class Plan {
    private final Program program;
    private final float[][] in;
    private final float[][] out;
    private final Walk walk;
    private final int columns;
    private final int rows;
    private final int outer;

    Plan(
        ReductionOp.SumOf op,
        Program program,
        Shape shape,
        List<Tensor> inputs,
        List<Tensor> outputs) {
      this.program = program;
      var order = ElementwiseSimd.resultLayout(inputs, shape);
      var layouts = new Layout[inputs.size() + 2];
      layouts[0] = order;
      layouts[1] = resultLayout(op, shape);
      in = new float[inputs.size()][];
      for (int k = 0; k < in.length; k++) {
        var x = inputs.get(k);
        layouts[k + 2] = expanded(x, shape);
        in[k] = x.host().floats();
      }
      var first = Walk.of(shape, layouts);
      for (int k = 0; k < in.length; k++) {
        if (first.innerStride(k + 2) > 1) {
          var copy = FormulaGrid.inOrderOf(inputs.get(k), order, shape);
          in[k] = copy.host().floats();
          layouts[k + 2] = expanded(copy, shape);
        }
      }
      walk = Walk.of(shape, layouts);
      out = outputs.stream().map(t -> t.host().floats()).toArray(float[][]::new);
      columns = walk.length();
      rows = walk.rank() > 1 ? walk.size(walk.rank() - 2) : 1;
      outer = walk.rows() / rows;
    }

    private static Layout expanded(Tensor x, Shape shape) {
      return new ViewOp.Expand(shape).resultLayout(x.shape(), x.layout());
    }

    void run() {
      boolean[] streams = new boolean[in.length];
      for (int k = 0; k < in.length; k++) {
        streams[k] = walk.innerStride(k + 2) == 1;
      }
      if (walk.innerStride(1) == 0) {
        sumRows(FormulaRun.of(program, streams, Sink.SUM_OF_ROW), streams);
      } else {
        sumColumns(FormulaRun.of(program, streams, Sink.ADD_TO_COLUMN), streams);
      }
    }

    /** Each row, or piece of a long row, gives one number for each term. */
    private void sumRows(FormulaRun run, boolean[] streams) {
      int pieces = (columns + FormulaGrid.BLOCK - 1) / FormulaGrid.BLOCK;
      int total = outer * rows * pieces;
      float[] partial = partial(total);
      int perChunk = Math.max(1, FormulaGrid.CHUNK / Math.min(columns, FormulaGrid.BLOCK));
      Parallel.ranges(
          total,
          perChunk,
          (from, to) -> {
            for (int piece = from; piece < to; ) {
              int together = pieces == 1 ? Math.min(to - piece, rows - piece % rows) : 1;
              sumPieces(run, streams, partial, pieces, piece, together);
              piece += together;
            }
          });
      combine(partial, total, pieces, 1);
    }

    /** Returns an array for {@code perTerm} numbers of each term, one term after the other. */
    private float[] partial(int perTerm) {
      return Workspace.current().floats(Workspace.PARTIAL, Math.multiplyExact(out.length, perTerm));
    }

    /** Sums one piece of a row, or several whole rows that follow each other evenly. */
    private void sumPieces(
        FormulaRun run, boolean[] streams, float[] partial, int pieces, int piece, int count) {
      int column = piece % pieces * FormulaGrid.BLOCK;
      var block = block(piece / pieces, partial, outer * rows * pieces);
      for (int k = 0; k < in.length; k++) {
        block.inAt[k] += streams[k] ? column : 0;
      }
      for (int term = 0; term < out.length; term++) {
        block.outAt[term] += piece;
        block.outStep[term] = 1;
      }
      run.accept(block, count, Math.min(FormulaGrid.BLOCK, columns - column));
    }

    /** Rows are added up, chunk by chunk, into rows of sums. */
    private void sumColumns(FormulaRun run, boolean[] streams) {
      boolean reduceRows = walk.rank() > 1 && walk.stride(walk.rank() - 2, 1) == 0;
      int span = reduceRows ? rows : 1;
      int fold = reduceRows ? fold(streams) : 1;
      int groups = walk.rows() / span;
      int chunkRows = chunkRows(fold);
      int chunks = (span + chunkRows - 1) / chunkRows;
      int total = groups * chunks * columns;
      float[] partial = partial(total);
      int width = fold > 1 ? columns : chunkColumns(groups * chunks, Math.min(span, chunkRows));
      int across = (columns + width - 1) / width;
      Parallel.run(
          groups * chunks * across,
          i -> {
            int chunk = i / across;
            int first = chunk % chunks * chunkRows;
            int count = Math.min(span - first, chunkRows);
            int row = chunk / chunks * span + first;
            int column = i % across * width;
            int n = Math.min(width, columns - column);
            double[] totals = addRows(run, streams, row, count, fold, column, n);
            for (int term = 0; term < out.length; term++) {
              int at = term * total + chunk * columns + column;
              for (int c = 0; c < n; c++) {
                partial[at + c] = (float) totals[term * n + c];
              }
            }
          });
      combine(partial, total, chunks, columns);
    }

    /** Returns the rows of a chunk: as many as the elements, not the threads, ask for. */
    private int chunkRows(int fold) {
      int elements =
          Math.clamp(
              (long) walk.rows() * columns / CHUNKS, FormulaGrid.CHUNK, 4 * FormulaGrid.CHUNK);
      int least = Math.min(LEAST_ROWS, LARGEST_CHUNK / columns);
      return Math.max(fold, Math.max(least, elements / columns) / fold * fold);
    }

    /** Returns the columns of a chunk: all, unless there would be work for a few threads only. */
    private int chunkColumns(int chunks, int chunkRows) {
      int least = Math.max(LEAST_COLUMNS, LEAST_ELEMENTS / chunkRows);
      return chunks >= FEW_CHUNKS ? columns : Math.min(columns, Lanes.roundUp(least, Lanes.COUNT));
    }

    private int fold(boolean[] streams) {
      int fold = FormulaGrid.foldOf(columns);
      for (int k = 0; k < in.length; k++) {
        int step = walk.stride(walk.rank() - 2, k + 2);
        if (step != 0 && !(streams[k] && step == columns)) {
          return 1;
        }
      }
      return Math.min(rows, fold);
    }

    /** Returns the sums of {@code n} columns of {@code count} rows, one term after the other. */
    private double[] addRows(
        FormulaRun run, boolean[] streams, int row, int count, int fold, int column, int n) {
      int width = n * fold;
      var workspace = Workspace.current();
      float[] sums = workspace.floats(Workspace.COLUMN_SUMS, out.length * width);
      double[] totals = workspace.doubles(out.length * n);
      Arrays.fill(sums, 0, out.length * width, 0);
      Arrays.fill(totals, 0, out.length * n, 0);
      var block = block(row, sums, width);
      for (int k = 0; k < in.length; k++) {
        block.inAt[k] += streams[k] ? column : 0;
      }
      if (fold > 1) {
        FormulaGrid.repeatRows(block, streams, block.inStep, n, fold);
        for (int k = 0; k < in.length; k++) {
          block.inStep[k] *= fold;
        }
      }
      int whole = count / fold;
      int step = Math.clamp(FormulaGrid.BLOCK / width, 1, MOST_ROWS);
      for (int r = 0, added = 0; r < whole; r += step) {
        int together = Math.min(step, whole - r);
        run.accept(block, together, width);
        block.advance(together);
        added += together;
        if (added >= MOST_ROWS) {
          total(sums, totals, fold, n);
          added = 0;
        }
      }
      if (count > whole * fold) {
        run.accept(block, 1, (count - whole * fold) * n);
      }
      total(sums, totals, fold, n);
      return totals;
    }

    /** Moves what has been summed into totals, the folded rows on top of each other. */
    private void total(float[] sums, double[] totals, int fold, int n) {
      for (int term = 0; term < out.length; term++) {
        for (int i = 0; i < fold; i++) {
          add(sums, (term * fold + i) * n, totals, term * n, n);
        }
      }
      Arrays.fill(sums, 0, out.length * fold * n, 0);
    }

    private static void add(float[] from, int at, double[] to, int first, int n) {
      for (int c = 0; c < n; c++) {
        to[first + c] += from[at + c];
      }
    }

    /** The results go to {@code results}, {@code perTerm} numbers of each term. */
    private Block block(int row, float[] results, int perTerm) {
      float[][] sinks = new float[out.length][];
      Arrays.fill(sinks, results);
      var block = new Block(in.clone(), sinks);
      int[] at = new int[in.length + 2];
      walk.offsets(row, at);
      for (int k = 0; k < in.length; k++) {
        block.inAt[k] = at[k + 2];
        block.inStep[k] = walk.rank() > 1 ? walk.stride(walk.rank() - 2, k + 2) : 0;
      }
      for (int term = 0; term < out.length; term++) {
        block.outAt[term] = term * perTerm;
      }
      return block;
    }

    /**
     * Adds the partial sums into the outputs in order. Partial row number i, of {@code width} sums,
     * belongs where row i · (rows of the walk / number of partial rows) begins.
     */
    private void combine(float[] partial, int perTerm, int parts, int width) {
      int groups = perTerm / parts / width;
      int rowsPerGroup = walk.rows() / groups;
      int[] at = new int[in.length + 2];
      int stride = walk.innerStride(1);
      int results = out[0].length;
      double[] sums = Workspace.current().doubles(results);
      for (int term = 0; term < out.length; term++) {
        Arrays.fill(sums, 0, results, 0);
        for (int group = 0; group < groups; group++) {
          walk.offsets(group * rowsPerGroup, at);
          for (int part = 0; part < parts; part++) {
            int from = term * perTerm + (group * parts + part) * width;
            for (int c = 0; c < width; c++) {
              sums[at[1] + c * stride] += partial[from + c];
            }
          }
        }
        for (int i = 0; i < results; i++) {
          out[term][i] = (float) sums[i];
        }
      }
    }
  }
}
