package dev.cortado.simd;

/**
 * The definition of a convolution and its gradients, in double; also the sum of the terms' sizes,
 * for tolerances.
 */
final class NaiveConv2d {
  /** Values and the sum of the sizes of the terms they were summed from. */
  record Result(double[] value, double[] size) {
    Result(int n) {
      this(new double[n], new double[n]);
    }

    private void add(int at, double a, double b) {
      value[at] += a * b;
      size[at] += Math.abs(a * b);
    }
  }

  private NaiveConv2d() {}

  static Result forward(Conv2dShape s, float[] x, float[] w) {
    var result = new Result(s.outputSize());
    each(s, (xi, wi, yi) -> result.add(yi, x[xi], w[wi]));
    return result;
  }

  static Result inputGradient(Conv2dShape s, float[] dy, float[] w) {
    var result = new Result(s.inputSize());
    each(s, (xi, wi, yi) -> result.add(xi, dy[yi], w[wi]));
    return result;
  }

  static Result weightGradient(Conv2dShape s, float[] x, float[] dy) {
    var result = new Result(s.weightSize());
    each(s, (xi, wi, yi) -> result.add(wi, x[xi], dy[yi]));
    return result;
  }

  private interface Term {
    void accept(int x, int w, int y);
  }

  private static void each(Conv2dShape s, Term term) {
    int in = s.inChannels() / s.groups();
    int out = s.outChannels() / s.groups();
    for (int n = 0; n < s.n(); n++) {
      for (int p = 0; p < s.outHeight(); p++) {
        for (int q = 0; q < s.outWidth(); q++) {
          for (int r = 0; r < s.kernelHeight(); r++) {
            for (int t = 0; t < s.kernelWidth(); t++) {
              int y = p * s.strideHeight() + r * s.dilationHeight() - s.top();
              int x = q * s.strideWidth() + t * s.dilationWidth() - s.left();
              if (y < 0 || y >= s.height() || x < 0 || x >= s.width()) {
                continue;
              }
              for (int o = 0; o < s.outChannels(); o++) {
                for (int i = 0; i < in; i++) {
                  int channel = o / out * in + i;
                  term.accept(
                      ((n * s.height() + y) * s.width() + x) * s.inChannels() + channel,
                      ((o * in + i) * s.kernelHeight() + r) * s.kernelWidth() + t,
                      ((n * s.outHeight() + p) * s.outWidth() + q) * s.outChannels() + o);
                }
              }
            }
          }
        }
      }
    }
  }
}
