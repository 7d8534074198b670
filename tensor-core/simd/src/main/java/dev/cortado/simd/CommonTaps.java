package dev.cortado.simd;

import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;

/**
 * Sums of products channel by channel, at distances that are variables: what the loops for all
 * sizes of depthwise convolutions ({@link CommonDepthwise}) and of their weights' gradients ({@link
 * CommonSums}) do.
 *
 * <pre>
 *   sums[c] += Σi Σj Σt a[i·aRow + j·aStep + aTaps[t] + c] · b[i·bRow + j·bStep + bTaps[t] + c]
 * </pre>
 *
 * @param aTaps places in a
 * @param bTaps places in b
 * @param rows how many i
 * @param steps how many j
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record CommonTaps(
    int[] aTaps, int[] bTaps, int rows, int aRow, int bRow, int steps, int aStep, int bStep) {
  private static final int VECTORS = 4;
  private static final int L = Lanes.COUNT;

  /** What brings it to full speed. */
  static final WarmUp WARM_UP = warmUp();

  /**
   * Computes the sums for some channels.
   *
   * @param channels how many, a multiple of the lanes; if {@code masked} fewer than lanes
   */
  void sum(
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      float[] sums,
      int sumsAt,
      int channels,
      boolean masked) {
    int c = 0;
    for (; c <= channels - VECTORS * L; c += VECTORS * L) {
      four(a, aAt + c, b, bAt + c, sums, sumsAt + c);
    }
    for (; c < channels; c += L) {
      one(a, aAt + c, b, bAt + c, sums, sumsAt + c, masked ? channels : L);
    }
  }

  private void four(float[] a, int aAt, float[] b, int bAt, float[] sums, int at) {
    var s0 = FloatVector.fromArray(Lanes.F32, sums, at);
    var s1 = FloatVector.fromArray(Lanes.F32, sums, at + L);
    var s2 = FloatVector.fromArray(Lanes.F32, sums, at + 2 * L);
    var s3 = FloatVector.fromArray(Lanes.F32, sums, at + 3 * L);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < steps; j++) {
        int aFirst = aAt + i * aRow + j * aStep;
        int bFirst = bAt + i * bRow + j * bStep;
        for (int t = 0; t < aTaps.length; t++) {
          int p = aFirst + aTaps[t];
          int q = bFirst + bTaps[t];
          s0 = load(a, p).fma(load(b, q), s0);
          s1 = load(a, p + L).fma(load(b, q + L), s1);
          s2 = load(a, p + 2 * L).fma(load(b, q + 2 * L), s2);
          s3 = load(a, p + 3 * L).fma(load(b, q + 3 * L), s3);
        }
      }
    }
    s0.intoArray(sums, at);
    s1.intoArray(sums, at + L);
    s2.intoArray(sums, at + 2 * L);
    s3.intoArray(sums, at + 3 * L);
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(Lanes.F32, x, at);
  }

  private void one(float[] a, int aAt, float[] b, int bAt, float[] sums, int at, int lanes) {
    var mask = Lanes.first(lanes);
    var sum = FloatVector.fromArray(Lanes.F32, sums, at, mask);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < steps; j++) {
        int aFirst = aAt + i * aRow + j * aStep;
        int bFirst = bAt + i * bRow + j * bStep;
        for (int t = 0; t < aTaps.length; t++) {
          var x = FloatVector.fromArray(Lanes.F32, a, aFirst + aTaps[t], mask);
          sum = x.fma(FloatVector.fromArray(Lanes.F32, b, bFirst + bTaps[t], mask), sum);
        }
      }
    }
    sum.intoArray(sums, at, mask);
  }

  private static WarmUp warmUp() {
    int count = 3;
    int pixel = (VECTORS + 2) * L;
    int[] taps = IntStream.range(0, count).map(t -> t * pixel).toArray();
    var sums = new CommonTaps(taps, taps, count, pixel, pixel, count, pixel, pixel);
    var few = new CommonTaps(new int[1], new int[1], 1, 0, 0, 1, 0, 0);
    var loop =
        new WarmUp.Loop() {
          @Override
          public void work(float[] scratch) {
            run(sums, scratch, (VECTORS + 1) * L);
          }

          @Override
          public void nothing(float[] scratch) {
            run(few, scratch, 0);
          }

          @Override
          public void little(float[] scratch) {
            run(few, scratch, (VECTORS + 1) * L);
          }

          private void run(CommonTaps taps, float[] x, int channels) {
            taps.sum(x, 0, x, 0, x, 0, channels, false);
            taps.sum(x, 0, x, 0, x, 0, Math.min(channels, 1), true);
          }
        };
    int products = count * count * count;
    return new WarmUp(loop, 3 * products * (VECTORS + 2), 3 * count * pixel);
  }
}
