package dev.cortado.tensor.reference;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.formula.Program;
import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.NormalizationOp;
import dev.cortado.tensor.op.TensorSpec;
import java.util.Arrays;
import java.util.List;

/** Normalisations, in the order of their formulas: mean, variance, then every element. */
final class NormalizationReference {
  private NormalizationReference() {}

  static double[][] run(NormalizationOp op, double[][] in, TensorSpec[] specs) {
    Shape shape = specs[0].shape();
    return switch (op) {
      case NormalizationOp.BatchNorm b -> batchNorm(b, in, shape);
      case NormalizationOp.LayerNorm l -> layerNorm(l, in, shape);
      case NormalizationOp.LayerNormGradient l -> layerNormGradient(in, specs[1].shape().dim(-1));
      case NormalizationOp.Softmax s -> new double[][] {softmax(s, in[0], shape)};
      case NormalizationOp.SoftmaxGradient s ->
          new double[][] {softmaxGradient(s, in[0], in[1], shape)};
    };
  }

  private static double[][] batchNorm(NormalizationOp.BatchNorm op, double[][] in, Shape shape) {
    var axes = new Axes(shape.rank() == 2 ? List.of(0) : List.of(0, 2, 3));
    int[] channel = ReductionReference.targets(shape, axes);
    double[] mean = mean(in[0], channel, shape.dim(1));
    double[] variance = variance(in[0], mean, channel);
    var activation = Program.of(op.activation());
    double[] y = new double[in[0].length];
    for (int i = 0; i < y.length; i++) {
      int c = channel[i];
      double normal = (in[0][i] - mean[c]) / Math.sqrt(variance[c] + op.eps());
      y[i] = activation.evaluate(normal * in[1][c] + in[2][c])[0];
    }
    return new double[][] {y, mean, variance};
  }

  private static double[][] layerNorm(NormalizationOp.LayerNorm op, double[][] in, Shape shape) {
    int size = shape.dim(-1);
    int[] row = ReductionReference.targets(shape, Axes.resolve(shape, -1));
    int rows = size == 0 ? 0 : shape.elements() / size;
    double[] mean = mean(in[0], row, rows);
    double[] inverse =
        Arrays.stream(variance(in[0], mean, row)).map(v -> 1 / Math.sqrt(v + op.eps())).toArray();
    double[] y = new double[in[0].length];
    for (int i = 0; i < y.length; i++) {
      y[i] = (in[0][i] - mean[row[i]]) * inverse[row[i]] * in[1][i % size] + in[2][i % size];
    }
    return new double[][] {y, mean, inverse};
  }

  private static double[] softmax(NormalizationOp.Softmax op, double[] x, Shape shape) {
    int[] row = ReductionReference.targets(shape, new Axes(List.of(op.axis())));
    int rows = shape.with(op.axis(), 1).elements();
    double[] largest = new double[rows];
    Arrays.fill(largest, Double.NEGATIVE_INFINITY);
    for (int i = 0; i < x.length; i++) {
      largest[row[i]] = Math.max(largest[row[i]], x[i]);
    }
    double[] sum = new double[rows];
    for (int i = 0; i < x.length; i++) {
      sum[row[i]] += Math.exp(x[i] - largest[row[i]]);
    }
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double shifted = x[i] - largest[row[i]];
      y[i] = op.logarithm() ? shifted - Math.log(sum[row[i]]) : Math.exp(shifted) / sum[row[i]];
    }
    return y;
  }

  /** Inputs g, x, mean, 1/√(variance + eps), weight. */
  private static double[][] layerNormGradient(double[][] in, int size) {
    double[] g = in[0];
    double[][] out = {new double[g.length], new double[size], new double[size]};
    for (int row = 0; row < in[2].length; row++) {
      double r = in[3][row];
      double sum = 0;
      double product = 0;
      for (int j = 0; j < size; j++) {
        int i = row * size + j;
        double d = in[1][i] - in[2][row];
        sum += g[i] * in[4][j];
        product += g[i] * in[4][j] * d;
        out[1][j] += g[i] * d * r;
        out[2][j] += g[i];
      }
      for (int j = 0; j < size; j++) {
        int i = row * size + j;
        double d = in[1][i] - in[2][row];
        out[0][i] = r * (g[i] * in[4][j] - sum / size - r * r * d * product / size);
      }
    }
    return out;
  }

  private static double[] softmaxGradient(
      NormalizationOp.SoftmaxGradient op, double[] g, double[] y, Shape shape) {
    int[] row = ReductionReference.targets(shape, new Axes(List.of(op.axis())));
    double[] sum = new double[shape.with(op.axis(), 1).elements()];
    for (int i = 0; i < g.length; i++) {
      sum[row[i]] += op.logarithm() ? g[i] : g[i] * y[i];
    }
    double[] result = new double[g.length];
    for (int i = 0; i < g.length; i++) {
      result[i] =
          op.logarithm() ? g[i] - Math.exp(y[i]) * sum[row[i]] : y[i] * (g[i] - sum[row[i]]);
    }
    return result;
  }

  private static double[] mean(double[] x, int[] group, int groups) {
    double[] sum = new double[groups];
    for (int i = 0; i < x.length; i++) {
      sum[group[i]] += x[i];
    }
    double count = (double) x.length / groups;
    return Arrays.stream(sum).map(s -> s / count).toArray();
  }

  private static double[] variance(double[] x, double[] mean, int[] group) {
    double[] squares = new double[mean.length];
    for (int i = 0; i < x.length; i++) {
      double d = x[i] - mean[group[i]];
      squares[group[i]] += d * d;
    }
    double count = (double) x.length / mean.length;
    return Arrays.stream(squares).map(s -> s / count).toArray();
  }
}
