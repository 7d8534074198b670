package dev.cortado.simd;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.NormalizationOp.LayerNormGradient;
import dev.cortado.tensor.op.NormalizationOp.SoftmaxGradient;
import java.util.Arrays;
import java.util.List;

/**
 * The gradients of normalisations along rows, in one pass over memory: a row is read twice, the
 * second time from the first-level cache.
 */
final class NormalizationGradientSimd {
  /** Elements of a chunk of rows ... */
  private static final int CHUNK = 1 << 16;

  /** ... whose sums of columns must not cost more than the rows ... */
  private static final int LEAST_ROWS = 16;

  /** ... and are taken in single precision; the errors of longer sums would show. */
  private static final int MOST_ROWS = 256;

  /** Columns whose sums are put together at once. */
  private static final int COLUMNS = 256;

  private NormalizationGradientSimd() {}

  static List<Tensor> layerNorm(LayerNormGradient op, List<Tensor> inputs) {
    var g = inputs.get(0).detach().contiguous();
    var x = inputs.get(1).detach().contiguous();
    int size = x.dim(-1);
    int rows = x.elements() / size;
    float[] means = inputs.get(2).toFloats();
    float[] inverses = inputs.get(3).toFloats();
    float[] weight = inputs.get(4).toFloats();
    var byX = Tensor.empty(x.shape(), DType.F32, op.name());
    float[] out = byX.host().floats();
    int perChunk = Math.clamp(CHUNK / size, LEAST_ROWS, MOST_ROWS);
    int chunks = (rows + perChunk - 1) / perChunk;
    // Of each chunk the sums by weight, then those by bias.
    float[] partial =
        Workspace.current().floats(Workspace.PARTIAL, Math.multiplyExact(chunks, 2 * size));
    Parallel.ranges(
        rows,
        perChunk,
        (from, to) -> {
          int sums = from / perChunk * 2 * size;
          Arrays.fill(partial, sums, sums + 2 * size, 0);
          var row =
              new LayerNormRow(
                  g.host().floats(), x.host().floats(), weight, out, partial, sums, size);
          for (int i = from; i < to; i++) {
            int at = i * size;
            row.run(g.layout().offset() + at, x.layout().offset() + at, at, means[i], inverses[i]);
          }
        });
    float[] columns = columns(partial, chunks, 2 * size);
    return List.of(
        byX,
        Tensor.of(Arrays.copyOf(columns, size), size),
        Tensor.of(Arrays.copyOfRange(columns, size, 2 * size), size));
  }

  /** Adds the chunks' sums up, in their order and in double precision. */
  private static float[] columns(float[] partial, int chunks, int columns) {
    float[] result = new float[columns];
    Parallel.ranges(
        columns,
        COLUMNS,
        (from, to) -> {
          double[] sums = new double[to - from];
          for (int chunk = 0; chunk < chunks; chunk++) {
            int at = chunk * columns + from;
            for (int j = 0; j < sums.length; j++) {
              sums[j] += partial[at + j];
            }
          }
          for (int j = 0; j < sums.length; j++) {
            result[from + j] = (float) sums[j];
          }
        });
    return result;
  }

  static List<Tensor> softmax(SoftmaxGradient op, List<Tensor> inputs) {
    int last = inputs.getFirst().rank() - 1;
    if (op.axis() == last) {
      return List.of(rows(op, inputs.get(0), inputs.get(1)));
    }
    var g = inputs.get(0).detach().transpose(op.axis(), last);
    var y = inputs.get(1).detach().transpose(op.axis(), last);
    return List.of(rows(op, g, y).transpose(op.axis(), last));
  }

  private static Tensor rows(SoftmaxGradient op, Tensor gradient, Tensor result) {
    var g = gradient.detach().contiguous();
    var y = result.detach().contiguous();
    Shape shape = y.shape();
    int size = shape.dim(-1);
    var byX = Tensor.empty(shape, DType.F32, op.name());
    float[] gs = g.host().floats();
    float[] ys = y.host().floats();
    float[] out = byX.host().floats();
    int gOffset = g.layout().offset();
    int yOffset = y.layout().offset();
    Parallel.ranges(
        shape.elements() / size,
        Math.max(1, FormulaGrid.CHUNK / size),
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int at = row * size;
            if (op.logarithm()) {
              RowGradients.logSoftmax(gs, gOffset + at, ys, yOffset + at, out, at, size);
            } else {
              RowGradients.softmax(gs, gOffset + at, ys, yOffset + at, out, at, size);
            }
          }
        });
    return byX;
  }
}
