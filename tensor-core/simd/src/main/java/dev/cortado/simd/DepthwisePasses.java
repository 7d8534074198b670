package dev.cortado.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of depthwise convolutions: some neighbouring output pixels whose windows lie
 * inside the image's columns. Per vector of channels and row of the kernel every input and every
 * weight is loaded once and used for all pixels and taps that need it; the sums stay in registers
 * until all rows are done.
 *
 * <p>The loops are written out because C2 keeps vectors in registers only as local variables.
 *
 * <p>{@code step} is the distance of neighbouring input pixels, {@code n} the number of channels, a
 * multiple of the lanes. Weights lie as {@code [kernelHeight, kernelWidth, channels]} from {@code
 * wAt}. {@code rows} rows of the kernel are done, whose inputs are {@code pitch} apart and weights
 * {@code wPitch}.
 */
final class DepthwisePasses {
  private static final VectorSpecies<Float> S = Lanes.F32;
  private static final int L = Lanes.COUNT;

  private DepthwisePasses() {}

  /** Eight pixels, kernel three wide, stride 1. */
  static void three1(
      float[] x,
      int xAt,
      int step,
      int pitch,
      int rows,
      float[] w,
      int wAt,
      int n,
      float[] y,
      int yAt,
      int yStep) {
    int step2 = 2 * step;
    int step3 = 3 * step;
    int step4 = 4 * step;
    int step5 = 5 * step;
    int step6 = 6 * step;
    int step7 = 7 * step;
    int step8 = 8 * step;
    int step9 = 9 * step;
    int n2 = 2 * n;
    for (int c = 0; c < n; c += L) {
      var y0 = FloatVector.zero(S);
      var y1 = FloatVector.zero(S);
      var y2 = FloatVector.zero(S);
      var y3 = FloatVector.zero(S);
      var y4 = FloatVector.zero(S);
      var y5 = FloatVector.zero(S);
      var y6 = FloatVector.zero(S);
      var y7 = FloatVector.zero(S);
      int at = xAt + c;
      int weights = wAt + c;
      for (int u = 0; u < rows; u++) {
        var w0 = FloatVector.fromArray(S, w, weights);
        var w1 = FloatVector.fromArray(S, w, weights + n);
        var w2 = FloatVector.fromArray(S, w, weights + n2);
        var v = FloatVector.fromArray(S, x, at);
        y0 = v.fma(w0, y0);
        v = FloatVector.fromArray(S, x, at + step);
        y1 = v.fma(w0, y1);
        y0 = v.fma(w1, y0);
        v = FloatVector.fromArray(S, x, at + step2);
        y2 = v.fma(w0, y2);
        y1 = v.fma(w1, y1);
        y0 = v.fma(w2, y0);
        v = FloatVector.fromArray(S, x, at + step3);
        y3 = v.fma(w0, y3);
        y2 = v.fma(w1, y2);
        y1 = v.fma(w2, y1);
        v = FloatVector.fromArray(S, x, at + step4);
        y4 = v.fma(w0, y4);
        y3 = v.fma(w1, y3);
        y2 = v.fma(w2, y2);
        v = FloatVector.fromArray(S, x, at + step5);
        y5 = v.fma(w0, y5);
        y4 = v.fma(w1, y4);
        y3 = v.fma(w2, y3);
        v = FloatVector.fromArray(S, x, at + step6);
        y6 = v.fma(w0, y6);
        y5 = v.fma(w1, y5);
        y4 = v.fma(w2, y4);
        v = FloatVector.fromArray(S, x, at + step7);
        y7 = v.fma(w0, y7);
        y6 = v.fma(w1, y6);
        y5 = v.fma(w2, y5);
        v = FloatVector.fromArray(S, x, at + step8);
        y7 = v.fma(w1, y7);
        y6 = v.fma(w2, y6);
        v = FloatVector.fromArray(S, x, at + step9);
        y7 = v.fma(w2, y7);
        at += pitch;
        weights += 3 * n;
      }
      int to = yAt + c;
      y0.intoArray(y, to);
      y1.intoArray(y, to + yStep);
      y2.intoArray(y, to + 2 * yStep);
      y3.intoArray(y, to + 3 * yStep);
      y4.intoArray(y, to + 4 * yStep);
      y5.intoArray(y, to + 5 * yStep);
      y6.intoArray(y, to + 6 * yStep);
      y7.intoArray(y, to + 7 * yStep);
    }
  }

  /** Four pixels, kernel three wide, stride 2. */
  static void three2(
      float[] x,
      int xAt,
      int step,
      int pitch,
      int rows,
      float[] w,
      int wAt,
      int n,
      float[] y,
      int yAt,
      int yStep) {
    int step2 = 2 * step;
    int step3 = 3 * step;
    int step4 = 4 * step;
    int step5 = 5 * step;
    int step6 = 6 * step;
    int step7 = 7 * step;
    int step8 = 8 * step;
    int n2 = 2 * n;
    for (int c = 0; c < n; c += L) {
      var y0 = FloatVector.zero(S);
      var y1 = FloatVector.zero(S);
      var y2 = FloatVector.zero(S);
      var y3 = FloatVector.zero(S);
      int at = xAt + c;
      int weights = wAt + c;
      for (int u = 0; u < rows; u++) {
        var w0 = FloatVector.fromArray(S, w, weights);
        var w1 = FloatVector.fromArray(S, w, weights + n);
        var w2 = FloatVector.fromArray(S, w, weights + n2);
        var v = FloatVector.fromArray(S, x, at);
        y0 = v.fma(w0, y0);
        v = FloatVector.fromArray(S, x, at + step);
        y0 = v.fma(w1, y0);
        v = FloatVector.fromArray(S, x, at + step2);
        y1 = v.fma(w0, y1);
        y0 = v.fma(w2, y0);
        v = FloatVector.fromArray(S, x, at + step3);
        y1 = v.fma(w1, y1);
        v = FloatVector.fromArray(S, x, at + step4);
        y2 = v.fma(w0, y2);
        y1 = v.fma(w2, y1);
        v = FloatVector.fromArray(S, x, at + step5);
        y2 = v.fma(w1, y2);
        v = FloatVector.fromArray(S, x, at + step6);
        y3 = v.fma(w0, y3);
        y2 = v.fma(w2, y2);
        v = FloatVector.fromArray(S, x, at + step7);
        y3 = v.fma(w1, y3);
        v = FloatVector.fromArray(S, x, at + step8);
        y3 = v.fma(w2, y3);
        at += pitch;
        weights += 3 * n;
      }
      int to = yAt + c;
      y0.intoArray(y, to);
      y1.intoArray(y, to + yStep);
      y2.intoArray(y, to + 2 * yStep);
      y3.intoArray(y, to + 3 * yStep);
    }
  }

  /** Eight pixels, kernel five wide, stride 1. */
  static void five1(
      float[] x,
      int xAt,
      int step,
      int pitch,
      int rows,
      float[] w,
      int wAt,
      int n,
      float[] y,
      int yAt,
      int yStep) {
    int step2 = 2 * step;
    int step3 = 3 * step;
    int step4 = 4 * step;
    int step5 = 5 * step;
    int step6 = 6 * step;
    int step7 = 7 * step;
    int step8 = 8 * step;
    int step9 = 9 * step;
    int step10 = 10 * step;
    int step11 = 11 * step;
    int n2 = 2 * n;
    int n3 = 3 * n;
    int n4 = 4 * n;
    for (int c = 0; c < n; c += L) {
      var y0 = FloatVector.zero(S);
      var y1 = FloatVector.zero(S);
      var y2 = FloatVector.zero(S);
      var y3 = FloatVector.zero(S);
      var y4 = FloatVector.zero(S);
      var y5 = FloatVector.zero(S);
      var y6 = FloatVector.zero(S);
      var y7 = FloatVector.zero(S);
      int at = xAt + c;
      int weights = wAt + c;
      for (int u = 0; u < rows; u++) {
        var w0 = FloatVector.fromArray(S, w, weights);
        var w1 = FloatVector.fromArray(S, w, weights + n);
        var w2 = FloatVector.fromArray(S, w, weights + n2);
        var w3 = FloatVector.fromArray(S, w, weights + n3);
        var w4 = FloatVector.fromArray(S, w, weights + n4);
        var v = FloatVector.fromArray(S, x, at);
        y0 = v.fma(w0, y0);
        v = FloatVector.fromArray(S, x, at + step);
        y1 = v.fma(w0, y1);
        y0 = v.fma(w1, y0);
        v = FloatVector.fromArray(S, x, at + step2);
        y2 = v.fma(w0, y2);
        y1 = v.fma(w1, y1);
        y0 = v.fma(w2, y0);
        v = FloatVector.fromArray(S, x, at + step3);
        y3 = v.fma(w0, y3);
        y2 = v.fma(w1, y2);
        y1 = v.fma(w2, y1);
        y0 = v.fma(w3, y0);
        v = FloatVector.fromArray(S, x, at + step4);
        y4 = v.fma(w0, y4);
        y3 = v.fma(w1, y3);
        y2 = v.fma(w2, y2);
        y1 = v.fma(w3, y1);
        y0 = v.fma(w4, y0);
        v = FloatVector.fromArray(S, x, at + step5);
        y5 = v.fma(w0, y5);
        y4 = v.fma(w1, y4);
        y3 = v.fma(w2, y3);
        y2 = v.fma(w3, y2);
        y1 = v.fma(w4, y1);
        v = FloatVector.fromArray(S, x, at + step6);
        y6 = v.fma(w0, y6);
        y5 = v.fma(w1, y5);
        y4 = v.fma(w2, y4);
        y3 = v.fma(w3, y3);
        y2 = v.fma(w4, y2);
        v = FloatVector.fromArray(S, x, at + step7);
        y7 = v.fma(w0, y7);
        y6 = v.fma(w1, y6);
        y5 = v.fma(w2, y5);
        y4 = v.fma(w3, y4);
        y3 = v.fma(w4, y3);
        v = FloatVector.fromArray(S, x, at + step8);
        y7 = v.fma(w1, y7);
        y6 = v.fma(w2, y6);
        y5 = v.fma(w3, y5);
        y4 = v.fma(w4, y4);
        v = FloatVector.fromArray(S, x, at + step9);
        y7 = v.fma(w2, y7);
        y6 = v.fma(w3, y6);
        y5 = v.fma(w4, y5);
        v = FloatVector.fromArray(S, x, at + step10);
        y7 = v.fma(w3, y7);
        y6 = v.fma(w4, y6);
        v = FloatVector.fromArray(S, x, at + step11);
        y7 = v.fma(w4, y7);
        at += pitch;
        weights += 5 * n;
      }
      int to = yAt + c;
      y0.intoArray(y, to);
      y1.intoArray(y, to + yStep);
      y2.intoArray(y, to + 2 * yStep);
      y3.intoArray(y, to + 3 * yStep);
      y4.intoArray(y, to + 4 * yStep);
      y5.intoArray(y, to + 5 * yStep);
      y6.intoArray(y, to + 6 * yStep);
      y7.intoArray(y, to + 7 * yStep);
    }
  }

  /** Four pixels, kernel five wide, stride 2. */
  static void five2(
      float[] x,
      int xAt,
      int step,
      int pitch,
      int rows,
      float[] w,
      int wAt,
      int n,
      float[] y,
      int yAt,
      int yStep) {
    int step2 = 2 * step;
    int step3 = 3 * step;
    int step4 = 4 * step;
    int step5 = 5 * step;
    int step6 = 6 * step;
    int step7 = 7 * step;
    int step8 = 8 * step;
    int step9 = 9 * step;
    int step10 = 10 * step;
    int n2 = 2 * n;
    int n3 = 3 * n;
    int n4 = 4 * n;
    for (int c = 0; c < n; c += L) {
      var y0 = FloatVector.zero(S);
      var y1 = FloatVector.zero(S);
      var y2 = FloatVector.zero(S);
      var y3 = FloatVector.zero(S);
      int at = xAt + c;
      int weights = wAt + c;
      for (int u = 0; u < rows; u++) {
        var w0 = FloatVector.fromArray(S, w, weights);
        var w1 = FloatVector.fromArray(S, w, weights + n);
        var w2 = FloatVector.fromArray(S, w, weights + n2);
        var w3 = FloatVector.fromArray(S, w, weights + n3);
        var w4 = FloatVector.fromArray(S, w, weights + n4);
        var v = FloatVector.fromArray(S, x, at);
        y0 = v.fma(w0, y0);
        v = FloatVector.fromArray(S, x, at + step);
        y0 = v.fma(w1, y0);
        v = FloatVector.fromArray(S, x, at + step2);
        y1 = v.fma(w0, y1);
        y0 = v.fma(w2, y0);
        v = FloatVector.fromArray(S, x, at + step3);
        y1 = v.fma(w1, y1);
        y0 = v.fma(w3, y0);
        v = FloatVector.fromArray(S, x, at + step4);
        y2 = v.fma(w0, y2);
        y1 = v.fma(w2, y1);
        y0 = v.fma(w4, y0);
        v = FloatVector.fromArray(S, x, at + step5);
        y2 = v.fma(w1, y2);
        y1 = v.fma(w3, y1);
        v = FloatVector.fromArray(S, x, at + step6);
        y3 = v.fma(w0, y3);
        y2 = v.fma(w2, y2);
        y1 = v.fma(w4, y1);
        v = FloatVector.fromArray(S, x, at + step7);
        y3 = v.fma(w1, y3);
        y2 = v.fma(w3, y2);
        v = FloatVector.fromArray(S, x, at + step8);
        y3 = v.fma(w2, y3);
        y2 = v.fma(w4, y2);
        v = FloatVector.fromArray(S, x, at + step9);
        y3 = v.fma(w3, y3);
        v = FloatVector.fromArray(S, x, at + step10);
        y3 = v.fma(w4, y3);
        at += pitch;
        weights += 5 * n;
      }
      int to = yAt + c;
      y0.intoArray(y, to);
      y1.intoArray(y, to + yStep);
      y2.intoArray(y, to + 2 * yStep);
      y3.intoArray(y, to + 3 * yStep);
    }
  }
}
