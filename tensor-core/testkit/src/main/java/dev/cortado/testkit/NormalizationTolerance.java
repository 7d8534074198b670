package dev.cortado.testkit;

import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.NormalizationOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * By how much normalisations may be off: by the errors of mean and variance, and what the division
 * by the standard deviation makes of them.
 */
final class NormalizationTolerance {
  private final List<Tensor> inputs;
  private final List<Tensor> results;
  private final Precision precision;

  NormalizationTolerance(List<Tensor> inputs, List<Tensor> results, Precision precision) {
    this.inputs = inputs;
    this.results = results;
    this.precision = precision;
  }

  double[][] of(NormalizationOp op) {
    return switch (op) {
      case NormalizationOp.BatchNorm b -> batchNorm(b);
      case NormalizationOp.LayerNorm l -> layerNorm(l);
      case NormalizationOp.LayerNormGradient l ->
          NormalizationGradientTolerance.layerNorm(inputs, precision);
      case NormalizationOp.Softmax s -> new double[][] {softmax(s)};
      case NormalizationOp.SoftmaxGradient s ->
          NormalizationGradientTolerance.softmax(s, inputs, precision);
    };
  }

  /** One group of numbers that are normalised together: its moments and their errors. */
  private record Group(
      double mean, double variance, double meanOff, double varianceOff, double eps) {

    double inverse() {
      return 1 / Math.sqrt(variance + eps);
    }

    double inverseOff(Precision precision) {
      double relative = varianceOff / (variance + eps);
      return relative > 0.5
          ? Double.POSITIVE_INFINITY
          : inverse() * (relative + 4 * precision.unit());
    }

    /** Returns by how much (x − mean) · inverse · weight + bias may be off. */
    double off(double x, double weight, double bias, Precision precision) {
      double u = precision.unit();
      double distance = Math.abs(x - mean);
      double shifted = meanOff + 4 * u * (Math.abs(x) + Math.abs(mean));
      double normal = inverse() * shifted + distance * inverseOff(precision);
      double size = distance * inverse() * Math.abs(weight) + Math.abs(bias);
      double off = Math.abs(weight) * normal + 6 * u * size + precision.smallest();
      double largest =
          Math.max(1, Math.abs(x) + Math.abs(mean)) * inverse() * Math.max(1, Math.abs(weight));
      boolean overflows = largest > precision.largest() / 4 || Double.isNaN(off);
      return overflows ? Double.POSITIVE_INFINITY : off;
    }
  }

  private Group group(double[] x, double eps) {
    double n = x.length;
    double mean = Arrays.stream(x).sum() / n;
    double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / n;
    double size = Arrays.stream(x).map(Math::abs).sum() / n;
    double range = Arrays.stream(x).max().orElse(mean) - Arrays.stream(x).min().orElse(mean);
    double meanOff = precision.sum(size * n, n) / n;
    // The square of what the mean is off by; and some pivot other than the mean may be in use.
    double spread = variance + range * range / 16;
    double varianceOff = 2 * precision.sum(spread, n) + 2 * meanOff * meanOff;
    boolean overflows = !(range * range * n < precision.largest() / 4);
    return new Group(
        mean, variance, meanOff, overflows ? Double.POSITIVE_INFINITY : varianceOff, eps);
  }

  private double[][] batchNorm(NormalizationOp.BatchNorm op) {
    var x = inputs.get(0);
    int channels = x.dim(1);
    var byChannel = x.transpose(0, 1).reshape(channels, channels == 0 ? 0 : -1);
    var groups = new ArrayList<Group>();
    for (int c = 0; c < channels; c++) {
      groups.add(group(byChannel.select(0, c).toDoubles(), op.eps()));
    }
    double[] values = x.toDoubles();
    double[] weight = inputs.get(1).toDoubles();
    double[] bias = inputs.get(2).toDoubles();
    double[] off = new double[values.length];
    int pixels = values.length / Math.max(1, x.dim(0) * channels);
    var activation = new RoundingErrors(List.of(op.activation()), precision);
    for (int i = 0; i < values.length; i++) {
      int c = i / pixels % channels;
      var group = groups.get(c);
      double normal = (values[i] - group.mean) * group.inverse() * weight[c] + bias[c];
      double before = group.off(values[i], weight[c], bias[c], precision);
      activation.at(new double[] {normal}, new double[] {before});
      off[i] = activation.error(0);
    }
    return new double[][] {
      off,
      groups.stream().mapToDouble(Group::meanOff).toArray(),
      groups.stream().mapToDouble(Group::varianceOff).toArray()
    };
  }

  private double[][] layerNorm(NormalizationOp.LayerNorm op) {
    var x = inputs.get(0);
    int size = x.dim(-1);
    double[] values = x.toDoubles();
    double[] weight = inputs.get(1).toDoubles();
    double[] bias = inputs.get(2).toDoubles();
    int rows = values.length / size;
    double[][] off = {new double[values.length], new double[rows], new double[rows]};
    for (int row = 0; row < rows; row++) {
      var group = group(Arrays.copyOfRange(values, row * size, (row + 1) * size), op.eps());
      for (int i = 0; i < size; i++) {
        off[0][row * size + i] = group.off(values[row * size + i], weight[i], bias[i], precision);
      }
      off[1][row] = group.meanOff;
      off[2][row] = group.inverseOff(precision);
    }
    return off;
  }

  /** The rounding of x − max is magnified by the exponential. */
  private double[] softmax(NormalizationOp.Softmax op) {
    var x = inputs.getFirst();
    double[] y = results.getFirst().toDoubles();
    double[] largest =
        x.elements() == 0 ? y : Tolerance.expanded(x.max(true, op.axis()), x.shape());
    double[] values = x.toDoubles();
    double terms = 12 + Math.sqrt(x.dim(op.axis()));
    double u = precision.unit();
    double[] off = new double[y.length];
    Arrays.setAll(
        off,
        i -> {
          double distance = largest[i] - values[i];
          double relative = 4 * u * (terms + distance);
          return op.logarithm()
              ? relative + 4 * u * Math.abs(y[i])
              : y[i] * relative + precision.smallest();
        });
    return off;
  }
}
