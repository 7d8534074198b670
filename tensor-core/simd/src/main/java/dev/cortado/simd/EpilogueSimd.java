package dev.cortado.simd;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.Walk;
import dev.cortado.tensor.formula.Program;
import dev.cortado.tensor.op.Epilogue;
import dev.cortado.tensor.op.ViewOp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An epilogue's formula as a callback on finished blocks of a result, which is seen as a matrix.
 * Short rows that follow each other in memory are joined: entering the loop costs as much as some
 * vectors.
 */
final class EpilogueSimd implements TileEpilogue {
  private final FormulaRun run;
  private final boolean[] streams;
  private final float[][] extras;
  private final int[] offsets;
  private final int[] rowSteps;
  private final int[] columnSteps;

  private EpilogueSimd(
      FormulaRun run,
      boolean[] streams,
      float[][] extras,
      int[] offsets,
      int[] rowSteps,
      int[] columnSteps) {
    this.run = run;
    this.streams = streams;
    this.extras = extras;
    this.offsets = offsets;
    this.rowSteps = rowSteps;
    this.columnSteps = columnSteps;
  }

  /**
   * Returns the callback for a dense {@code result}, or null if some extra does not lie in memory
   * so that it moves evenly with the result's rows and columns; then the epilogue has to be a pass
   * of its own.
   *
   * @param columns how many neighbours in the result's memory form a row
   */
  static @Nullable EpilogueSimd of(
      Epilogue epilogue, List<Tensor> extras, Tensor result, int columns) {
    var program = Program.of(epilogue.formula());
    if (!FormulaRun.supports(program)) {
      return null;
    }
    int n = extras.size();
    float[][] arrays = new float[n][];
    int[] offsets = new int[n];
    int[] rowSteps = new int[n];
    int[] columnSteps = new int[n];
    boolean[] streams = new boolean[n + 1];
    streams[0] = true;
    for (int k = 0; k < n; k++) {
      var extra = extras.get(k);
      int[] steps = extra.dtype() == DType.F32 ? steps(extra, result, columns) : null;
      if (steps == null) {
        return null;
      }
      arrays[k] = extra.host().floats();
      offsets[k] = extra.layout().offset();
      rowSteps[k] = steps[0];
      columnSteps[k] = steps[1];
      streams[k + 1] = steps[1] == 1;
    }
    var run = FormulaRun.of(program, streams, FormulaShape.Sink.STORE);
    return new EpilogueSimd(run, streams, arrays, offsets, rowSteps, columnSteps);
  }

  /**
   * Returns how an extra moves from row to row and from column to column, or null if not evenly.
   */
  private static int @Nullable [] steps(Tensor extra, Tensor result, int columns) {
    Shape shape = result.shape();
    var layout = new ViewOp.Expand(shape).resultLayout(extra.shape(), extra.layout());
    var walk = Walk.of(shape, result.layout(), layout);
    int length = walk.length();
    if (walk.rank() == 1) {
      int stride = walk.innerStride(1);
      return stride == 0 ? new int[] {0, 0} : stride == 1 ? new int[] {columns, 1} : null;
    }
    boolean even = walk.rank() == 2 && length == columns && walk.innerStride(1) <= 1;
    return even ? new int[] {walk.stride(0, 1), walk.innerStride(1)} : null;
  }

  @Override
  public void apply(float[] c, int offset, int rowStride, int row, int col, int rows, int cols) {
    float[][] in = new float[extras.length + 1][];
    in[0] = c;
    System.arraycopy(extras, 0, in, 1, extras.length);
    var block = new Block(in, new float[][] {c});
    block.inAt[0] = offset;
    block.inStep[0] = rowStride;
    block.outAt[0] = offset;
    block.outStep[0] = rowStride;
    for (int k = 0; k < extras.length; k++) {
      block.inAt[k + 1] = offsets[k] + row * rowSteps[k] + col * columnSteps[k];
      block.inStep[k + 1] = rowSteps[k];
    }
    int fold = rowStride == cols && rows > 1 && continues(cols) ? FormulaGrid.foldOf(cols) : 1;
    if (fold == 1) {
      run.accept(block, rows, cols);
      return;
    }
    fold = Math.min(fold, rows);
    int folded = rows / fold;
    var joined = FormulaGrid.foldRows(block, streams, cols, fold);
    run.accept(joined, folded, cols * fold);
    if (rows > folded * fold) {
      joined.advance(folded);
      run.accept(joined, 1, cols * (rows - folded * fold));
    }
  }

  /** Whether each extra goes on in the next row where it was, or repeats. */
  private boolean continues(int columns) {
    for (int k = 0; k < extras.length; k++) {
      boolean repeats = rowSteps[k] == 0;
      if (!repeats && !(columnSteps[k] == 1 && rowSteps[k] == columns)) {
        return false;
      }
    }
    return true;
  }
}
