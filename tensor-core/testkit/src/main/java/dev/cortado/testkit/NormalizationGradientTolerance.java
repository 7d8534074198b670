package dev.cortado.testkit;

import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.NormalizationOp.SoftmaxGradient;
import java.util.Arrays;
import java.util.List;

/** By how much the gradients of normalisations may be off: by their sums and a few roundings. */
final class NormalizationGradientTolerance {
  /** So far below the largest float that products on the way to it may be larger. */
  private static final double LARGE = 1e35;

  /** So many terms at most are added up one after the other. */
  private static final int IN_A_ROW = 256;

  private NormalizationGradientTolerance() {}

  /** Equal terms are rounded in the same direction over and over, a quarter of a unit each. */
  private static double sum(Precision precision, double size, double count) {
    double drift = precision.unit() * Math.min(count, IN_A_ROW) / 4;
    return precision.sum(size, count) + size * drift;
  }

  /** Inputs g, x, mean, r, weight. */
  static double[][] layerNorm(List<Tensor> inputs, Precision precision) {
    double[] g = inputs.get(0).toDoubles();
    double[] x = inputs.get(1).toDoubles();
    double[] weight = inputs.get(4).toDoubles();
    double[] mean = inputs.get(2).toDoubles();
    double[] r = inputs.get(3).toDoubles();
    int size = weight.length;
    double[] byX = new double[x.length];
    double[] scaled = new double[size];
    double[] plain = new double[size];
    double[] lost = new double[size];
    for (int row = 0; row < mean.length; row++) {
      for (int j = 0; j < size; j++) {
        int i = row * size + j;
        double normal = Math.abs((x[i] - mean[row]) * r[row]);
        scaled[j] += largestOf(Math.abs(g[i]) * normal, normal, Math.abs(g[i]));
        plain[j] += Math.abs(g[i]);
        lost[j] += precision.smallest() * (1 + Math.abs(g[i]) + Math.abs(r[row]));
      }
      byX(g, x, weight, mean[row], r[row], row * size, byX, precision);
    }
    for (int j = 0; j < size; j++) {
      scaled[j] = known(2 * sum(precision, scaled[j], mean.length) + lost[j], scaled[j]);
      plain[j] = known(sum(precision, plain[j], mean.length), plain[j]);
    }
    return new double[][] {byX, scaled, plain};
  }

  /** Returns the first if none of them may overflow, else infinity. */
  private static double largestOf(double value, double... others) {
    return Arrays.stream(others).allMatch(v -> v < LARGE) ? value : Double.POSITIVE_INFINITY;
  }

  private static void byX(
      double[] g,
      double[] x,
      double[] weight,
      double mean,
      double r,
      int at,
      double[] off,
      Precision precision) {
    int m = weight.length;
    double sum = 0;
    double product = 0;
    double distances = 0;
    for (int j = 0; j < m; j++) {
      double d = Math.abs(x[at + j] - mean);
      double t = Math.abs(g[at + j] * weight[j]);
      sum += t;
      product += t * d;
      distances += d;
    }
    double smallest = precision.smallest();
    double unit = precision.unit();
    double inverse = Math.abs(r);
    double cube = inverse * inverse * inverse;
    double sumOff = sum(precision, sum, m) + m * smallest;
    double productOff = 2 * sum(precision, product, m) + smallest * (m + distances);
    for (int j = 0; j < m; j++) {
      double d = Math.abs(x[at + j] - mean);
      double t = Math.abs(g[at + j] * weight[j]);
      double size = inverse * (t + sum / m) + cube * d * product / m;
      double sums = inverse * sumOff / m + cube * d * productOff / m;
      double error = sums + 8 * unit * size + smallest * (4 + inverse + d);
      double largest = Math.max(Math.max(sum, product), Math.max(cube * product, distances));
      off[at + j] = known(error, Math.max(size, Math.max(largest, inverse * sum)));
    }
  }

  /** Inputs g and y. */
  static double[][] softmax(SoftmaxGradient op, List<Tensor> inputs, Precision precision) {
    var size = inputs.get(0).abs();
    double[] y = inputs.get(1).toDoubles();
    double[] g = inputs.get(0).toDoubles();
    if (y.length == 0) {
      return new double[][] {y};
    }
    int count = size.dim(op.axis());
    var terms = op.logarithm() ? size : size.mul(inputs.get(1).abs());
    double[] sums = Tolerance.expanded(terms.sum(true, op.axis()), size.shape());
    double[] off = new double[y.length];
    double unit = precision.unit();
    double smallest = precision.smallest();
    for (int i = 0; i < off.length; i++) {
      double sumOff = sum(precision, sums[i], count) + count * smallest;
      double factor = op.logarithm() ? Math.exp(y[i]) : Math.abs(y[i]);
      double relative = op.logarithm() ? 8 * unit * (2 + Math.abs(y[i])) : 4 * unit;
      double total = op.logarithm() ? factor * sums[i] : factor * (Math.abs(g[i]) + sums[i]);
      double plain = op.logarithm() ? 4 * unit * Math.abs(g[i]) : 0;
      double error = factor * sumOff + relative * total + plain + smallest * (2 + sums[i]);
      off[i] = known(error, Math.max(Math.max(total, factor), sums[i] + Math.abs(g[i])));
    }
    return new double[][] {off};
  }

  /** Where the bound is no number, or something on the way may overflow, anything may come out. */
  private static double known(double off, double size) {
    return off < LARGE && size < LARGE ? off : Double.POSITIVE_INFINITY;
  }
}
