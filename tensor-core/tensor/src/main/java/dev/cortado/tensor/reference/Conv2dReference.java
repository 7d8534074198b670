package dev.cortado.tensor.reference;

import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.op.ConvolutionOp;
import dev.cortado.tensor.op.TensorSpec;
import dev.cortado.tensor.op.Window2d;

/**
 * Convolution and its gradients: the same sum over (n, o, i, j, c, u, v), collected by y, by x or
 * by w.
 */
final class Conv2dReference {
  private Conv2dReference() {}

  /** The sizes of one convolution and the indices of its elements. */
  private record Sizes(Shape x, Shape w, Shape y, Window2d window, int groups) {
    int xAt(int n, int c, int i, int j) {
      return ((n * x.dim(1) + c) * x.dim(2) + i) * x.dim(3) + j;
    }

    int wAt(int o, int c, int u, int v) {
      return ((o * w.dim(1) + c) * w.dim(2) + u) * w.dim(3) + v;
    }

    int yAt(int n, int o, int i, int j) {
      return ((n * y.dim(1) + o) * y.dim(2) + i) * y.dim(3) + j;
    }
  }

  /** One product of the sum: y[y] goes with x[x] · w[w]. */
  private interface Tap {
    void accept(int y, int x, int w);
  }

  static double[] forward(
      ConvolutionOp.Conv2d op, double[][] in, TensorSpec[] specs, TensorSpec result) {
    var sizes =
        new Sizes(specs[0].shape(), specs[1].shape(), result.shape(), op.window(), op.groups());
    double[] y = new double[result.shape().elements()];
    forEachImage(
        sizes,
        n -> {
          for (int o = 0; o < sizes.w.dim(0); o++) {
            taps(sizes, n, o, (a, b, c) -> y[a] += in[0][b] * in[1][c]);
          }
        });
    return y;
  }

  static double[] inputGradient(
      ConvolutionOp.Conv2dInputGradient op, double[][] in, TensorSpec[] specs, TensorSpec result) {
    var sizes =
        new Sizes(result.shape(), specs[1].shape(), specs[0].shape(), op.window(), op.groups());
    double[] x = new double[result.shape().elements()];
    forEachImage(
        sizes,
        n -> {
          for (int o = 0; o < sizes.w.dim(0); o++) {
            taps(sizes, n, o, (a, b, c) -> x[b] += in[0][a] * in[1][c]);
          }
        });
    return x;
  }

  static double[] weightGradient(
      ConvolutionOp.Conv2dWeightGradient op, double[][] in, TensorSpec[] specs, TensorSpec result) {
    var sizes =
        new Sizes(specs[1].shape(), result.shape(), specs[0].shape(), op.window(), op.groups());
    double[] w = new double[result.shape().elements()];
    Parallel.run(
        sizes.w.dim(0),
        o -> {
          for (int n = 0; n < sizes.x.dim(0); n++) {
            taps(sizes, n, o, (a, b, c) -> w[c] += in[0][a] * in[1][b]);
          }
        });
    return w;
  }

  private static void forEachImage(Sizes s, java.util.function.IntConsumer body) {
    Parallel.run(s.x.dim(0), body);
  }

  /** Visits every product that output channel {@code o} of image {@code n} is made of. */
  private static void taps(Sizes s, int n, int o, Tap tap) {
    var window = s.window;
    int firstChannel = o / (s.w.dim(0) / s.groups) * s.w.dim(1);
    for (int i = 0; i < s.y.dim(2); i++) {
      for (int j = 0; j < s.y.dim(3); j++) {
        int y = s.yAt(n, o, i, j);
        for (int u = 0; u < s.w.dim(2); u++) {
          int row = i * window.strideH() - window.top() + u * window.dilationH();
          for (int v = 0; v < s.w.dim(3); v++) {
            int column = j * window.strideW() - window.left() + v * window.dilationW();
            if (row < 0 || row >= s.x.dim(2) || column < 0 || column >= s.x.dim(3)) {
              continue;
            }
            for (int c = 0; c < s.w.dim(1); c++) {
              tap.accept(y, s.xAt(n, firstChannel + c, row, column), s.wAt(o, c, u, v));
            }
          }
        }
      }
    }
  }
}
