package dev.cortado.simd;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The input rows (or columns) that lie on the same phase of the stride.
 *
 * @param start first input row
 * @param step distance to the next
 * @param count how many
 * @param origin output row at which the first one's window begins
 * @param taps kernel rows that reach them, the last first
 * @param places where in the window each tap finds its output row
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Phase(int start, int step, int count, int origin, int[] taps, int[] places) {
  /** Returns the phases that have rows. */
  static List<Phase> all(int size, int pad, int kernel, int stride, int dilation) {
    return IntStream.range(0, stride)
        .mapToObj(phase -> of(phase, size, pad, kernel, stride, dilation))
        .filter(phase -> phase.count > 0)
        .toList();
  }

  /**
   * Input row {@code y} meets kernel row {@code t} at output row {@code (y + pad - t·dilation) /
   * stride}.
   */
  private static Phase of(int phase, int size, int pad, int kernel, int stride, int dilation) {
    // With y + pad = Y·stride + phase, the output row is Y - (t·dilation - phase) / stride.
    int first = Math.max(0, Math.ceilDiv(pad - phase, stride));
    int last = Math.floorDiv(size - 1 + pad - phase, stride);
    int[] taps = new int[kernel];
    int[] back = new int[kernel];
    int n = 0;
    for (int t = kernel - 1; t >= 0; t--) {
      if (t * dilation % stride == phase) {
        taps[n] = t;
        back[n++] = (t * dilation - phase) / stride;
      }
    }
    int[] places = new int[n];
    int most = n == 0 ? 0 : back[0];
    for (int i = 0; i < n; i++) {
      places[i] = most - back[i];
    }
    return new Phase(
        first * stride + phase - pad,
        stride,
        Math.max(0, last - first + 1),
        first - most,
        Arrays.copyOf(taps, n),
        places);
  }

  int pixel(int i) {
    return start + i * step;
  }

  /** Tells whether the taps' output rows are neighbours. */
  boolean joined() {
    return places.length == 0 || places[places.length - 1] == places.length - 1;
  }

  /**
   * Returns the kernel positions, row by row, of pixels on the phases {@code rows} and {@code
   * cols}.
   */
  static int[] taps(Phase rows, Phase cols, int kernelWidth) {
    int across = cols.taps().length;
    int[] taps = new int[rows.taps().length * across];
    Arrays.setAll(taps, i -> rows.taps()[i / across] * kernelWidth + cols.taps()[i % across]);
    return taps;
  }
}
