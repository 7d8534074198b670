package dev.cortado.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of the depthwise weight gradient, built as {@link DepthwisePasses}: one row of
 * the kernel, {@link #PIXELS} output pixels, a loop over the channels.
 *
 * <p>Sums lie as {@code [kernelWidth, channels]} from {@code at}; the pixels of {@code dy} are
 * {@code n} apart.
 */
final class DepthwiseSums {
  /** Neighbouring output pixels per pass. */
  static final int PIXELS = 8;

  private static final VectorSpecies<Float> S = Lanes.F32;
  private static final int L = Lanes.COUNT;

  private DepthwiseSums() {}

  /** {@code sums[v] += Σp x[p + v]·dy[p]} for three taps. */
  static void three1(
      float[] x, int xAt, int step, float[] dy, int dyAt, int n, float[] sums, int at) {
    int x1At = xAt + step;
    int x2At = xAt + 2 * step;
    int x3At = xAt + 3 * step;
    int x4At = xAt + 4 * step;
    int x5At = xAt + 5 * step;
    int x6At = xAt + 6 * step;
    int x7At = xAt + 7 * step;
    int x8At = xAt + 8 * step;
    int x9At = xAt + 9 * step;
    int y1At = dyAt + n;
    int y2At = dyAt + 2 * n;
    int y3At = dyAt + 3 * n;
    int y4At = dyAt + 4 * n;
    int y5At = dyAt + 5 * n;
    int y6At = dyAt + 6 * n;
    int y7At = dyAt + 7 * n;
    int s1At = at + n;
    int s2At = at + 2 * n;
    int end = S.loopBound(n);
    for (int c = 0; c < end; c += L) {
      var y0 = FloatVector.fromArray(S, dy, dyAt + c);
      var y1 = FloatVector.fromArray(S, dy, y1At + c);
      var y2 = FloatVector.fromArray(S, dy, y2At + c);
      var y3 = FloatVector.fromArray(S, dy, y3At + c);
      var y4 = FloatVector.fromArray(S, dy, y4At + c);
      var y5 = FloatVector.fromArray(S, dy, y5At + c);
      var y6 = FloatVector.fromArray(S, dy, y6At + c);
      var y7 = FloatVector.fromArray(S, dy, y7At + c);
      var s0 = FloatVector.fromArray(S, sums, at + c);
      var s1 = FloatVector.fromArray(S, sums, s1At + c);
      var s2 = FloatVector.fromArray(S, sums, s2At + c);
      var v = FloatVector.fromArray(S, x, xAt + c);
      s0 = v.fma(y0, s0);
      v = FloatVector.fromArray(S, x, x1At + c);
      s0 = v.fma(y1, s0);
      s1 = v.fma(y0, s1);
      v = FloatVector.fromArray(S, x, x2At + c);
      s0 = v.fma(y2, s0);
      s1 = v.fma(y1, s1);
      s2 = v.fma(y0, s2);
      v = FloatVector.fromArray(S, x, x3At + c);
      s0 = v.fma(y3, s0);
      s1 = v.fma(y2, s1);
      s2 = v.fma(y1, s2);
      v = FloatVector.fromArray(S, x, x4At + c);
      s0 = v.fma(y4, s0);
      s1 = v.fma(y3, s1);
      s2 = v.fma(y2, s2);
      v = FloatVector.fromArray(S, x, x5At + c);
      s0 = v.fma(y5, s0);
      s1 = v.fma(y4, s1);
      s2 = v.fma(y3, s2);
      v = FloatVector.fromArray(S, x, x6At + c);
      s0 = v.fma(y6, s0);
      s1 = v.fma(y5, s1);
      s2 = v.fma(y4, s2);
      v = FloatVector.fromArray(S, x, x7At + c);
      s0 = v.fma(y7, s0);
      s1 = v.fma(y6, s1);
      s2 = v.fma(y5, s2);
      v = FloatVector.fromArray(S, x, x8At + c);
      s1 = v.fma(y7, s1);
      s2 = v.fma(y6, s2);
      v = FloatVector.fromArray(S, x, x9At + c);
      s2 = v.fma(y7, s2);
      s0.intoArray(sums, at + c);
      s1.intoArray(sums, s1At + c);
      s2.intoArray(sums, s2At + c);
    }
  }

  /** {@code sums[v] += Σp x[p + v]·dy[p]} for five taps. */
  static void five1(
      float[] x, int xAt, int step, float[] dy, int dyAt, int n, float[] sums, int at) {
    int x1At = xAt + step;
    int x2At = xAt + 2 * step;
    int x3At = xAt + 3 * step;
    int x4At = xAt + 4 * step;
    int x5At = xAt + 5 * step;
    int x6At = xAt + 6 * step;
    int x7At = xAt + 7 * step;
    int x8At = xAt + 8 * step;
    int x9At = xAt + 9 * step;
    int x10At = xAt + 10 * step;
    int x11At = xAt + 11 * step;
    int y1At = dyAt + n;
    int y2At = dyAt + 2 * n;
    int y3At = dyAt + 3 * n;
    int y4At = dyAt + 4 * n;
    int y5At = dyAt + 5 * n;
    int y6At = dyAt + 6 * n;
    int y7At = dyAt + 7 * n;
    int s1At = at + n;
    int s2At = at + 2 * n;
    int s3At = at + 3 * n;
    int s4At = at + 4 * n;
    int end = S.loopBound(n);
    for (int c = 0; c < end; c += L) {
      var y0 = FloatVector.fromArray(S, dy, dyAt + c);
      var y1 = FloatVector.fromArray(S, dy, y1At + c);
      var y2 = FloatVector.fromArray(S, dy, y2At + c);
      var y3 = FloatVector.fromArray(S, dy, y3At + c);
      var y4 = FloatVector.fromArray(S, dy, y4At + c);
      var y5 = FloatVector.fromArray(S, dy, y5At + c);
      var y6 = FloatVector.fromArray(S, dy, y6At + c);
      var y7 = FloatVector.fromArray(S, dy, y7At + c);
      var s0 = FloatVector.fromArray(S, sums, at + c);
      var s1 = FloatVector.fromArray(S, sums, s1At + c);
      var s2 = FloatVector.fromArray(S, sums, s2At + c);
      var s3 = FloatVector.fromArray(S, sums, s3At + c);
      var s4 = FloatVector.fromArray(S, sums, s4At + c);
      var v = FloatVector.fromArray(S, x, xAt + c);
      s0 = v.fma(y0, s0);
      v = FloatVector.fromArray(S, x, x1At + c);
      s0 = v.fma(y1, s0);
      s1 = v.fma(y0, s1);
      v = FloatVector.fromArray(S, x, x2At + c);
      s0 = v.fma(y2, s0);
      s1 = v.fma(y1, s1);
      s2 = v.fma(y0, s2);
      v = FloatVector.fromArray(S, x, x3At + c);
      s0 = v.fma(y3, s0);
      s1 = v.fma(y2, s1);
      s2 = v.fma(y1, s2);
      s3 = v.fma(y0, s3);
      v = FloatVector.fromArray(S, x, x4At + c);
      s0 = v.fma(y4, s0);
      s1 = v.fma(y3, s1);
      s2 = v.fma(y2, s2);
      s3 = v.fma(y1, s3);
      s4 = v.fma(y0, s4);
      v = FloatVector.fromArray(S, x, x5At + c);
      s0 = v.fma(y5, s0);
      s1 = v.fma(y4, s1);
      s2 = v.fma(y3, s2);
      s3 = v.fma(y2, s3);
      s4 = v.fma(y1, s4);
      v = FloatVector.fromArray(S, x, x6At + c);
      s0 = v.fma(y6, s0);
      s1 = v.fma(y5, s1);
      s2 = v.fma(y4, s2);
      s3 = v.fma(y3, s3);
      s4 = v.fma(y2, s4);
      v = FloatVector.fromArray(S, x, x7At + c);
      s0 = v.fma(y7, s0);
      s1 = v.fma(y6, s1);
      s2 = v.fma(y5, s2);
      s3 = v.fma(y4, s3);
      s4 = v.fma(y3, s4);
      v = FloatVector.fromArray(S, x, x8At + c);
      s1 = v.fma(y7, s1);
      s2 = v.fma(y6, s2);
      s3 = v.fma(y5, s3);
      s4 = v.fma(y4, s4);
      v = FloatVector.fromArray(S, x, x9At + c);
      s2 = v.fma(y7, s2);
      s3 = v.fma(y6, s3);
      s4 = v.fma(y5, s4);
      v = FloatVector.fromArray(S, x, x10At + c);
      s3 = v.fma(y7, s3);
      s4 = v.fma(y6, s4);
      v = FloatVector.fromArray(S, x, x11At + c);
      s4 = v.fma(y7, s4);
      s0.intoArray(sums, at + c);
      s1.intoArray(sums, s1At + c);
      s2.intoArray(sums, s2At + c);
      s3.intoArray(sums, s3At + c);
      s4.intoArray(sums, s4At + c);
    }
  }

  /** {@code sums[v] += Σp x[2p + v]·dy[p]} for three taps. */
  static void three2(
      float[] x, int xAt, int step, float[] dy, int dyAt, int n, float[] sums, int at) {
    int x1At = xAt + step;
    int x2At = xAt + 2 * step;
    int x3At = xAt + 3 * step;
    int x4At = xAt + 4 * step;
    int x5At = xAt + 5 * step;
    int x6At = xAt + 6 * step;
    int x7At = xAt + 7 * step;
    int x8At = xAt + 8 * step;
    int x9At = xAt + 9 * step;
    int x10At = xAt + 10 * step;
    int x11At = xAt + 11 * step;
    int x12At = xAt + 12 * step;
    int x13At = xAt + 13 * step;
    int x14At = xAt + 14 * step;
    int x15At = xAt + 15 * step;
    int x16At = xAt + 16 * step;
    int y1At = dyAt + n;
    int y2At = dyAt + 2 * n;
    int y3At = dyAt + 3 * n;
    int y4At = dyAt + 4 * n;
    int y5At = dyAt + 5 * n;
    int y6At = dyAt + 6 * n;
    int y7At = dyAt + 7 * n;
    int s1At = at + n;
    int s2At = at + 2 * n;
    int end = S.loopBound(n);
    for (int c = 0; c < end; c += L) {
      var y0 = FloatVector.fromArray(S, dy, dyAt + c);
      var y1 = FloatVector.fromArray(S, dy, y1At + c);
      var y2 = FloatVector.fromArray(S, dy, y2At + c);
      var y3 = FloatVector.fromArray(S, dy, y3At + c);
      var y4 = FloatVector.fromArray(S, dy, y4At + c);
      var y5 = FloatVector.fromArray(S, dy, y5At + c);
      var y6 = FloatVector.fromArray(S, dy, y6At + c);
      var y7 = FloatVector.fromArray(S, dy, y7At + c);
      var s0 = FloatVector.fromArray(S, sums, at + c);
      var s1 = FloatVector.fromArray(S, sums, s1At + c);
      var s2 = FloatVector.fromArray(S, sums, s2At + c);
      var v = FloatVector.fromArray(S, x, xAt + c);
      s0 = v.fma(y0, s0);
      v = FloatVector.fromArray(S, x, x1At + c);
      s1 = v.fma(y0, s1);
      v = FloatVector.fromArray(S, x, x2At + c);
      s0 = v.fma(y1, s0);
      s2 = v.fma(y0, s2);
      v = FloatVector.fromArray(S, x, x3At + c);
      s1 = v.fma(y1, s1);
      v = FloatVector.fromArray(S, x, x4At + c);
      s0 = v.fma(y2, s0);
      s2 = v.fma(y1, s2);
      v = FloatVector.fromArray(S, x, x5At + c);
      s1 = v.fma(y2, s1);
      v = FloatVector.fromArray(S, x, x6At + c);
      s0 = v.fma(y3, s0);
      s2 = v.fma(y2, s2);
      v = FloatVector.fromArray(S, x, x7At + c);
      s1 = v.fma(y3, s1);
      v = FloatVector.fromArray(S, x, x8At + c);
      s0 = v.fma(y4, s0);
      s2 = v.fma(y3, s2);
      v = FloatVector.fromArray(S, x, x9At + c);
      s1 = v.fma(y4, s1);
      v = FloatVector.fromArray(S, x, x10At + c);
      s0 = v.fma(y5, s0);
      s2 = v.fma(y4, s2);
      v = FloatVector.fromArray(S, x, x11At + c);
      s1 = v.fma(y5, s1);
      v = FloatVector.fromArray(S, x, x12At + c);
      s0 = v.fma(y6, s0);
      s2 = v.fma(y5, s2);
      v = FloatVector.fromArray(S, x, x13At + c);
      s1 = v.fma(y6, s1);
      v = FloatVector.fromArray(S, x, x14At + c);
      s0 = v.fma(y7, s0);
      s2 = v.fma(y6, s2);
      v = FloatVector.fromArray(S, x, x15At + c);
      s1 = v.fma(y7, s1);
      v = FloatVector.fromArray(S, x, x16At + c);
      s2 = v.fma(y7, s2);
      s0.intoArray(sums, at + c);
      s1.intoArray(sums, s1At + c);
      s2.intoArray(sums, s2At + c);
    }
  }

  /** {@code sums[v] += Σp x[2p + v]·dy[p]} for five taps. */
  static void five2(
      float[] x, int xAt, int step, float[] dy, int dyAt, int n, float[] sums, int at) {
    int x1At = xAt + step;
    int x2At = xAt + 2 * step;
    int x3At = xAt + 3 * step;
    int x4At = xAt + 4 * step;
    int x5At = xAt + 5 * step;
    int x6At = xAt + 6 * step;
    int x7At = xAt + 7 * step;
    int x8At = xAt + 8 * step;
    int x9At = xAt + 9 * step;
    int x10At = xAt + 10 * step;
    int x11At = xAt + 11 * step;
    int x12At = xAt + 12 * step;
    int x13At = xAt + 13 * step;
    int x14At = xAt + 14 * step;
    int x15At = xAt + 15 * step;
    int x16At = xAt + 16 * step;
    int x17At = xAt + 17 * step;
    int x18At = xAt + 18 * step;
    int y1At = dyAt + n;
    int y2At = dyAt + 2 * n;
    int y3At = dyAt + 3 * n;
    int y4At = dyAt + 4 * n;
    int y5At = dyAt + 5 * n;
    int y6At = dyAt + 6 * n;
    int y7At = dyAt + 7 * n;
    int s1At = at + n;
    int s2At = at + 2 * n;
    int s3At = at + 3 * n;
    int s4At = at + 4 * n;
    int end = S.loopBound(n);
    for (int c = 0; c < end; c += L) {
      var y0 = FloatVector.fromArray(S, dy, dyAt + c);
      var y1 = FloatVector.fromArray(S, dy, y1At + c);
      var y2 = FloatVector.fromArray(S, dy, y2At + c);
      var y3 = FloatVector.fromArray(S, dy, y3At + c);
      var y4 = FloatVector.fromArray(S, dy, y4At + c);
      var y5 = FloatVector.fromArray(S, dy, y5At + c);
      var y6 = FloatVector.fromArray(S, dy, y6At + c);
      var y7 = FloatVector.fromArray(S, dy, y7At + c);
      var s0 = FloatVector.fromArray(S, sums, at + c);
      var s1 = FloatVector.fromArray(S, sums, s1At + c);
      var s2 = FloatVector.fromArray(S, sums, s2At + c);
      var s3 = FloatVector.fromArray(S, sums, s3At + c);
      var s4 = FloatVector.fromArray(S, sums, s4At + c);
      var v = FloatVector.fromArray(S, x, xAt + c);
      s0 = v.fma(y0, s0);
      v = FloatVector.fromArray(S, x, x1At + c);
      s1 = v.fma(y0, s1);
      v = FloatVector.fromArray(S, x, x2At + c);
      s0 = v.fma(y1, s0);
      s2 = v.fma(y0, s2);
      v = FloatVector.fromArray(S, x, x3At + c);
      s1 = v.fma(y1, s1);
      s3 = v.fma(y0, s3);
      v = FloatVector.fromArray(S, x, x4At + c);
      s0 = v.fma(y2, s0);
      s2 = v.fma(y1, s2);
      s4 = v.fma(y0, s4);
      v = FloatVector.fromArray(S, x, x5At + c);
      s1 = v.fma(y2, s1);
      s3 = v.fma(y1, s3);
      v = FloatVector.fromArray(S, x, x6At + c);
      s0 = v.fma(y3, s0);
      s2 = v.fma(y2, s2);
      s4 = v.fma(y1, s4);
      v = FloatVector.fromArray(S, x, x7At + c);
      s1 = v.fma(y3, s1);
      s3 = v.fma(y2, s3);
      v = FloatVector.fromArray(S, x, x8At + c);
      s0 = v.fma(y4, s0);
      s2 = v.fma(y3, s2);
      s4 = v.fma(y2, s4);
      v = FloatVector.fromArray(S, x, x9At + c);
      s1 = v.fma(y4, s1);
      s3 = v.fma(y3, s3);
      v = FloatVector.fromArray(S, x, x10At + c);
      s0 = v.fma(y5, s0);
      s2 = v.fma(y4, s2);
      s4 = v.fma(y3, s4);
      v = FloatVector.fromArray(S, x, x11At + c);
      s1 = v.fma(y5, s1);
      s3 = v.fma(y4, s3);
      v = FloatVector.fromArray(S, x, x12At + c);
      s0 = v.fma(y6, s0);
      s2 = v.fma(y5, s2);
      s4 = v.fma(y4, s4);
      v = FloatVector.fromArray(S, x, x13At + c);
      s1 = v.fma(y6, s1);
      s3 = v.fma(y5, s3);
      v = FloatVector.fromArray(S, x, x14At + c);
      s0 = v.fma(y7, s0);
      s2 = v.fma(y6, s2);
      s4 = v.fma(y5, s4);
      v = FloatVector.fromArray(S, x, x15At + c);
      s1 = v.fma(y7, s1);
      s3 = v.fma(y6, s3);
      v = FloatVector.fromArray(S, x, x16At + c);
      s2 = v.fma(y7, s2);
      s4 = v.fma(y6, s4);
      v = FloatVector.fromArray(S, x, x17At + c);
      s3 = v.fma(y7, s3);
      v = FloatVector.fromArray(S, x, x18At + c);
      s4 = v.fma(y7, s4);
      s0.intoArray(sums, at + c);
      s1.intoArray(sums, s1At + c);
      s2.intoArray(sums, s2At + c);
      s3.intoArray(sums, s3At + c);
      s4.intoArray(sums, s4At + c);
    }
  }

  /**
   * {@code sums += Σp x[p]·dy[p]}: one tap; {@code step} is the distance of the inputs of
   * neighbouring outputs.
   */
  static void tap(float[] x, int xAt, int step, float[] dy, int dyAt, int n, float[] sums, int at) {
    int x1At = xAt + step;
    int x2At = xAt + 2 * step;
    int x3At = xAt + 3 * step;
    int x4At = xAt + 4 * step;
    int x5At = xAt + 5 * step;
    int x6At = xAt + 6 * step;
    int x7At = xAt + 7 * step;
    int y1At = dyAt + n;
    int y2At = dyAt + 2 * n;
    int y3At = dyAt + 3 * n;
    int y4At = dyAt + 4 * n;
    int y5At = dyAt + 5 * n;
    int y6At = dyAt + 6 * n;
    int y7At = dyAt + 7 * n;
    int end = S.loopBound(n);
    for (int c = 0; c < end; c += L) {
      var even = FloatVector.fromArray(S, sums, at + c);
      var odd = FloatVector.zero(S);
      var v = FloatVector.fromArray(S, x, xAt + c);
      even = v.fma(FloatVector.fromArray(S, dy, dyAt + c), even);
      v = FloatVector.fromArray(S, x, x1At + c);
      odd = v.fma(FloatVector.fromArray(S, dy, y1At + c), odd);
      v = FloatVector.fromArray(S, x, x2At + c);
      even = v.fma(FloatVector.fromArray(S, dy, y2At + c), even);
      v = FloatVector.fromArray(S, x, x3At + c);
      odd = v.fma(FloatVector.fromArray(S, dy, y3At + c), odd);
      v = FloatVector.fromArray(S, x, x4At + c);
      even = v.fma(FloatVector.fromArray(S, dy, y4At + c), even);
      v = FloatVector.fromArray(S, x, x5At + c);
      odd = v.fma(FloatVector.fromArray(S, dy, y5At + c), odd);
      v = FloatVector.fromArray(S, x, x6At + c);
      even = v.fma(FloatVector.fromArray(S, dy, y6At + c), even);
      v = FloatVector.fromArray(S, x, x7At + c);
      odd = v.fma(FloatVector.fromArray(S, dy, y7At + c), odd);
      even.add(odd).intoArray(sums, at + c);
    }
  }

  /** The channels that do not fill a vector: {@code sums[v] += Σp x[p·step + taps[v]]·dy[p]}. */
  static void tail(
      float[] x, int xAt, int step, int[] taps, float[] dy, int dyAt, int n, float[] sums, int at) {
    int from = n / L * L;
    var mask = Lanes.first(n - from);
    for (int v = 0; v < taps.length; v++) {
      int to = at + v * n + from;
      var sum = FloatVector.fromArray(S, sums, to, mask);
      for (int p = 0; p < PIXELS; p++) {
        var value = FloatVector.fromArray(S, x, xAt + p * step + taps[v] + from, mask);
        sum = value.fma(FloatVector.fromArray(S, dy, dyAt + p * n + from, mask), sum);
      }
      sum.intoArray(sums, to, mask);
    }
  }
}
