package dev.cortado.vision.image;

import dev.cortado.tensor.CortadoException;

/**
 * One axis of a resize: for each target position in a range, the source positions it is made of and
 * their weights in units of 2^-22. The arithmetic is Pillow's, step by step, so that the integer
 * weights are the same.
 */
final class Taps {
  static final int FRACTION_BITS = 22;
  static final int HALF = 1 << (FRACTION_BITS - 1);

  // Up to here 255 times the sum of the absolute weights, each rounded by at most one half, stays
  // below 2^31.
  private static final double MOST_TAPS = 1 << 20;

  private final int[] first;
  private final int[] count;
  private final int[] weights;
  private final int stride;

  private Taps(int[] first, int[] count, int[] weights, int stride) {
    this.first = first;
    this.count = count;
    this.weights = weights;
    this.stride = stride;
  }

  /**
   * The taps of target positions {@code from} to {@code to} (exclusive) of an axis of {@code in}
   * pixels resized to {@code out}.
   */
  static Taps of(int in, int out, Resampling filter, int from, int to) {
    double scale = (double) in / out;
    double filterScale = Math.max(scale, 1);
    double support = filter.support() * filterScale;
    if (support > MOST_TAPS / 2) {
      throw new CortadoException("cannot reduce " + in + " pixels to " + out + " in one step");
    }
    int stride = (int) Math.ceil(support) * 2 + 1;
    int n = to - from;
    var taps = new Taps(new int[n], new int[n], new int[n * stride], stride);
    double inverse = 1 / filterScale;
    var w = new double[stride];
    for (int i = 0; i < n; i++) {
      double center = (from + i + 0.5) * scale;
      int low = Math.max((int) (center - support + 0.5), 0);
      int high = Math.min((int) (center + support + 0.5), in);
      double sum = 0;
      for (int t = 0; t < high - low; t++) {
        w[t] = filter.weight((t + low - center + 0.5) * inverse);
        sum += w[t];
      }
      taps.set(i, low, high - low, w, sum);
    }
    return taps;
  }

  private void set(int i, int low, int n, double[] w, double sum) {
    first[i] = low;
    count[i] = n;
    for (int t = 0; t < n; t++) {
      double scaled = (sum == 0 ? w[t] : w[t] / sum) * (1 << FRACTION_BITS);
      weights[i * stride + t] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
  }

  int size() {
    return first.length;
  }

  /** First source position of a target. */
  int first(int i) {
    return first[i];
  }

  /** Position behind the last source position of a target. */
  int end(int i) {
    return first[i] + count[i];
  }

  /** Where the weights of a target begin in {@link #weights()}. */
  int weightsAt(int i) {
    return i * stride;
  }

  int[] weights() {
    return weights;
  }

  /** The most source positions any target has. */
  int most() {
    return stride;
  }
}
