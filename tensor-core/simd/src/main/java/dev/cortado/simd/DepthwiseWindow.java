package dev.cortado.simd;

import java.util.Arrays;

/**
 * The window of a depthwise weight gradient, and which of the {@link DepthwiseSums} does a row of
 * it.
 *
 * @param rows the taps' rows
 * @param cols the taps' columns
 * @param stride distance of neighbouring windows, in pixels
 * @param kind which loop
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record DepthwiseWindow(int[] rows, int[] cols, int stride, Kind kind) {
  /** Ways to do a row of a window. */
  enum Kind {
    /** Three neighbouring taps together. */
    THREE,
    /** Five neighbouring taps together. */
    FIVE,
    /** Tap by tap. */
    ANY
  }

  /** Returns the window of a convolution. */
  static DepthwiseWindow of(Conv2dShape s) {
    int[] rows = new int[s.kernelHeight()];
    Arrays.setAll(rows, u -> u * s.dilationHeight());
    int[] cols = new int[s.kernelWidth()];
    Arrays.setAll(cols, v -> v * s.dilationWidth());
    boolean dense = s.dilationWidth() == 1 && s.strideWidth() <= 2;
    Kind kind =
        dense && cols.length == 3 ? Kind.THREE : dense && cols.length == 5 ? Kind.FIVE : Kind.ANY;
    return new DepthwiseWindow(rows, cols, s.strideWidth(), kind);
  }

  /** Returns the windows that slide over the images of {@code s}, {@code columns} in a row. */
  Windows over(Conv2dShape s, int columns) {
    return new Windows(
        s.height(),
        s.width(),
        s.inChannels(),
        0,
        s.inChannels(),
        -s.top(),
        -s.left(),
        s.strideHeight(),
        stride,
        s.outHeight(),
        columns,
        rows,
        new int[rows.length],
        cols[cols.length - 1] + 1);
  }

  /**
   * Adds {@code x·dy} of eight neighbouring pixels to the sums {@code [rows, cols, n]} from {@code
   * at}.
   */
  void sum(float[] x, int xAt, int pitch, float[] dy, int dyAt, int n, float[] sums, int at) {
    for (int u = 0; u < rows.length; u++) {
      int from = xAt + rows[u] * pitch;
      int to = at + u * cols.length * n;
      switch (kind) {
        case THREE -> {
          if (stride == 1) {
            DepthwiseSums.three1(x, from, n, dy, dyAt, n, sums, to);
          } else {
            DepthwiseSums.three2(x, from, n, dy, dyAt, n, sums, to);
          }
        }
        case FIVE -> {
          if (stride == 1) {
            DepthwiseSums.five1(x, from, n, dy, dyAt, n, sums, to);
          } else {
            DepthwiseSums.five2(x, from, n, dy, dyAt, n, sums, to);
          }
        }
        case ANY -> {
          for (int v = 0; v < cols.length; v++) {
            int tap = from + cols[v] * n;
            DepthwiseSums.tap(x, tap, stride * n, dy, dyAt, n, sums, to + v * n);
          }
        }
      }
    }
    if (n % Lanes.COUNT != 0) {
      int[] taps = new int[rows.length * cols.length];
      Arrays.setAll(taps, t -> rows[t / cols.length] * pitch + cols[t % cols.length] * n);
      DepthwiseSums.tail(x, xAt, stride * n, taps, dy, dyAt, n, sums, at);
    }
  }
}
