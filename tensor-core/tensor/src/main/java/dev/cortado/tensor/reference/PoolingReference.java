package dev.cortado.tensor.reference;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.op.IndexOp;
import dev.cortado.tensor.op.PoolingOp;
import dev.cortado.tensor.op.Taps;
import dev.cortado.tensor.op.TensorSpec;
import dev.cortado.tensor.op.Window2d;
import java.util.List;

/** Pooling over windows of each H·W plane. */
final class PoolingReference {
  private PoolingReference() {}

  /**
   * What one output pixel takes from the input: called with the output's number, the input's, and
   * the window's count.
   */
  private interface Tap {
    void accept(int y, int x, int count);
  }

  static double[][] run(PoolingOp op, double[][] in, TensorSpec[] specs, List<TensorSpec> results) {
    Shape result = results.getFirst().shape();
    return switch (op) {
      case PoolingOp.MaxPool2d p -> max(p, in[0], specs[0].shape(), result);
      case PoolingOp.AdaptiveMaxPool2d p -> adaptiveMax(in[0], specs[0].shape(), result);
      case PoolingOp.AvgPool2d p -> {
        double[] y = new double[result.elements()];
        taps(
            specs[0].shape(),
            result,
            p.kernelH(),
            p.kernelW(),
            p.window(),
            p.countBorder(),
            (a, b, n) -> y[a] += in[0][b] / n);
        yield new double[][] {y};
      }
      case PoolingOp.AvgPool2dGradient p -> {
        double[] x = new double[p.input().elements()];
        taps(
            p.input(),
            specs[0].shape(),
            p.kernelH(),
            p.kernelW(),
            p.window(),
            p.countBorder(),
            (a, b, n) -> x[b] += in[0][a] / n);
        yield new double[][] {x};
      }
      case PoolingOp.MaxPool2dGradient p -> {
        double[] x = new double[p.input().elements()];
        int plane = p.input().dim(2) * p.input().dim(3);
        int pooled = specs[0].shape().dim(2) * specs[0].shape().dim(3);
        for (int i = 0; i < in[0].length; i++) {
          int place = IndexOp.checked(p, (long) in[1][i], plane);
          x[i / pooled * plane + place] += in[0][i];
        }
        yield new double[][] {x};
      }
    };
  }

  private static double[][] max(PoolingOp.MaxPool2d op, double[] x, Shape from, Shape to) {
    var largest = new Largest(x, from, to);
    taps(from, to, op.kernelH(), op.kernelW(), op.window(), true, (a, b, n) -> largest.offer(a, b));
    return largest.results();
  }

  private static double[][] adaptiveMax(double[] x, Shape from, Shape to) {
    var largest = new Largest(x, from, to);
    for (int out = 0; out < to.elements(); out++) {
      int plane = out / (to.dim(2) * to.dim(3));
      int i = out / to.dim(3) % to.dim(2);
      int j = out % to.dim(3);
      int bottom = Taps.adaptiveEnd(i, from.dim(2), to.dim(2));
      int right = Taps.adaptiveEnd(j, from.dim(3), to.dim(3));
      for (int u = Taps.adaptiveStart(i, from.dim(2), to.dim(2)); u < bottom; u++) {
        for (int v = Taps.adaptiveStart(j, from.dim(3), to.dim(3)); v < right; v++) {
          largest.offer(out, (plane * from.dim(2) + u) * from.dim(3) + v);
        }
      }
    }
    return largest.results();
  }

  /** The largest elements so far and their places in their planes; NaN wins. */
  private static final class Largest {
    private final double[] x;
    private final int plane;
    private final double[] y;
    private final double[] place;

    Largest(double[] x, Shape from, Shape to) {
      this.x = x;
      plane = from.dim(2) * from.dim(3);
      y = new double[to.elements()];
      place = new double[to.elements()];
      java.util.Arrays.fill(y, Double.NEGATIVE_INFINITY);
      java.util.Arrays.fill(place, -1);
    }

    void offer(int output, int input) {
      double value = x[input];
      boolean wins = value > y[output] || (Double.isNaN(value) && !Double.isNaN(y[output]));
      if (wins || place[output] < 0) {
        y[output] = value;
        place[output] = input % plane;
      }
    }

    double[][] results() {
      return new double[][] {y, place};
    }
  }

  private static void taps(Shape x, Shape y, int kh, int kw, Window2d w, boolean border, Tap tap) {
    for (int out = 0; out < y.elements(); out++) {
      int plane = out / (y.dim(2) * y.dim(3));
      int top = out / y.dim(3) % y.dim(2) * w.strideH() - w.top();
      int left = out % y.dim(3) * w.strideW() - w.left();
      int count =
          border
              ? kh * kw
              : inside(top, kh, w.dilationH(), x.dim(2))
                  * inside(left, kw, w.dilationW(), x.dim(3));
      for (int u = 0; u < kh; u++) {
        for (int v = 0; v < kw; v++) {
          int i = top + u * w.dilationH();
          int j = left + v * w.dilationW();
          if (i >= 0 && i < x.dim(2) && j >= 0 && j < x.dim(3)) {
            tap.accept(out, (plane * x.dim(2) + i) * x.dim(3) + j, count);
          }
        }
      }
    }
  }

  private static int inside(int start, int kernel, int dilation, int size) {
    int count = 0;
    for (int u = 0; u < kernel; u++) {
      int at = start + u * dilation;
      count += at >= 0 && at < size ? 1 : 0;
    }
    return count;
  }
}
