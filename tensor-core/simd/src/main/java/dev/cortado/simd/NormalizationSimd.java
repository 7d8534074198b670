package dev.cortado.simd;

import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Derivative;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.formula.Program;
import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.NormalizationOp;
import dev.cortado.tensor.op.ReductionOp;
import dev.cortado.tensor.op.TensorSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Normalisations. Batch normalisation is two formulas: one reading pass for the statistics, one
 * writing pass.
 */
final class NormalizationSimd {
  /** Pixels whose mean serves as pivot of a channel. */
  private static final int PIVOT_SAMPLES = 16;

  private NormalizationSimd() {}

  /** Returns the results, or null if the types or the layout need the reference. */
  static @Nullable List<Tensor> run(
      NormalizationOp op, List<Tensor> inputs, List<TensorSpec> results) {
    for (var input : inputs) {
      if (input.dtype() != DType.F32) {
        return null;
      }
    }
    if (inputs.getFirst().elements() == 0) {
      return null;
    }
    return switch (op) {
      case NormalizationOp.BatchNorm b -> batchNorm(b, inputs, results);
      case NormalizationOp.LayerNorm l -> layerNorm(l, inputs);
      case NormalizationOp.LayerNormGradient l -> NormalizationGradientSimd.layerNorm(l, inputs);
      case NormalizationOp.Softmax s -> softmax(s, inputs.getFirst());
      case NormalizationOp.SoftmaxGradient s -> NormalizationGradientSimd.softmax(s, inputs);
    };
  }

  private static @Nullable List<Tensor> batchNorm(
      NormalizationOp.BatchNorm op, List<Tensor> inputs, List<TensorSpec> results) {
    var normal = input(0).times(input(1)).plus(input(2));
    var formula = Derivative.substitute(op.activation(), List.of(normal));
    if (!FormulaRun.supports(Program.of(formula))) {
      return null;
    }
    var x = inputs.getFirst();
    int channels = x.dim(1);
    int count = x.elements() / channels;
    float[] pivot = pivot(x);
    float[][] moments = moments(x, pivot);
    float[] mean = new float[channels];
    float[] variance = new float[channels];
    float[] scale = new float[channels];
    float[] shift = new float[channels];
    float[] weight = inputs.get(1).toFloats();
    float[] bias = inputs.get(2).toFloats();
    for (int c = 0; c < channels; c++) {
      double distance = moments[0][c] / (double) count;
      double v = Math.max(0, moments[1][c] / (double) count - distance * distance);
      if (Double.isNaN(moments[1][c])) {
        v = Double.NaN;
      }
      double m = pivot[c] + distance;
      double factor = weight[c] / Math.sqrt(v + op.eps());
      mean[c] = (float) m;
      variance[c] = (float) v;
      scale[c] = (float) factor;
      shift[c] = (float) (bias[c] - m * factor);
    }
    var y = formula(x, formula, perChannel(scale, x), perChannel(shift, x), results.getFirst());
    return List.of(y, Tensor.of(mean, channels), Tensor.of(variance, channels));
  }

  private static Tensor formula(Tensor x, Formula formula, Tensor a, Tensor b, TensorSpec result) {
    var outputs =
        ElementwiseSimd.run("BatchNorm", Program.of(formula), List.of(x, a, b), List.of(result));
    if (outputs == null) {
      throw new IllegalStateException("checked before: " + formula);
    }
    return outputs.getFirst();
  }

  private static Tensor perChannel(float[] values, Tensor x) {
    return x.rank() == 2
        ? Tensor.of(values, values.length)
        : Tensor.of(values, values.length, 1, 1);
  }

  /**
   * Returns for each channel a value near its mean. The variance is then the mean square distance
   * from it, less a small correction: one pass, and nothing cancels even where the mean is large
   * against the deviation.
   */
  private static float[] pivot(Tensor x) {
    int channels = x.dim(1);
    int pixels = x.elements() / channels / x.dim(0);
    int width = x.rank() == 4 ? x.dim(3) : 1;
    float[] data = x.host().floats();
    float[] pivot = new float[channels];
    int total = pixels * x.dim(0);
    int samples = Math.min(PIVOT_SAMPLES, total);
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      for (int i = 0; i < samples; i++) {
        int pixel = (int) ((long) i * total / samples);
        int at =
            x.layout().offset() + pixel / pixels * x.layout().stride(0) + c * x.layout().stride(1);
        if (x.rank() == 4) {
          at +=
              pixel % pixels / width * x.layout().stride(2) + pixel % width * x.layout().stride(3);
        }
        sum += data[at];
      }
      pivot[c] = (float) (sum / samples);
    }
    return pivot;
  }

  /** Returns the sums of x − pivot and of its square. */
  private static float[][] moments(Tensor x, float[] pivot) {
    var distance = input(0).minus(input(1));
    var axes = new Axes(x.rank() == 2 ? List.of(0) : List.of(0, 2, 3));
    var op = new ReductionOp.SumOf(List.of(distance, distance.times(distance)), 2, axes, false);
    var spec = new TensorSpec(Shape.of(x.dim(1)), DType.F32);
    var sums = SumOfSimd.run(op, List.of(x, perChannel(pivot, x)), List.of(spec, spec));
    if (sums == null) {
      throw new IllegalStateException("sums of differences are always supported");
    }
    return new float[][] {sums.get(0).toFloats(), sums.get(1).toFloats()};
  }

  private static List<Tensor> layerNorm(NormalizationOp.LayerNorm op, List<Tensor> inputs) {
    var x = inputs.get(0).detach().contiguous();
    int size = x.dim(-1);
    int rows = x.elements() / size;
    var y = Tensor.empty(x.shape(), DType.F32, op.name());
    var mean = Tensor.empty(x.shape().with(-1, 1), DType.F32, op.name());
    var inverse = Tensor.empty(x.shape().with(-1, 1), DType.F32, op.name());
    float[] weight = inputs.get(1).toFloats();
    float[] bias = inputs.get(2).toFloats();
    float[] in = x.host().floats();
    int offset = x.layout().offset();
    Parallel.ranges(
        rows,
        Math.max(1, FormulaGrid.CHUNK / size),
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int at = offset + row * size;
            float m = RowKernels.sum(in, at, size) / size;
            float v = RowKernels.squaredDistance(in, at, size, m) / size;
            float r = (float) (1 / Math.sqrt(v + op.eps()));
            RowKernels.normalize(in, at, y.host().floats(), row * size, size, m, r, weight, bias);
            mean.host().floats()[row] = m;
            inverse.host().floats()[row] = r;
          }
        });
    return List.of(y, mean, inverse);
  }

  private static List<Tensor> softmax(NormalizationOp.Softmax op, Tensor x) {
    if (op.axis() != x.rank() - 1) {
      // Bring the axis to the end: softmax works on rows.
      var moved = x.detach().transpose(op.axis(), -1).contiguous();
      return List.of(rows(op, moved).transpose(op.axis(), -1));
    }
    return List.of(rows(op, x.detach().contiguous()));
  }

  private static Tensor rows(NormalizationOp.Softmax op, Tensor x) {
    int size = x.dim(-1);
    var y = Tensor.empty(x.shape(), DType.F32, op.name());
    var softmax = new SoftmaxRows(x, y, size, op.logarithm());
    Parallel.ranges(x.elements() / size, Math.max(1, FormulaGrid.CHUNK / size), softmax::run);
    return y;
  }
}
