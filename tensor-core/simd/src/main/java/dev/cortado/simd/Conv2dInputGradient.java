package dev.cortado.simd;

import dev.cortado.tensor.Parallel;
import java.util.Arrays;

/**
 * The input gradient of a convolution: a convolution of the output's gradient with the kernel
 * turned around.
 *
 * <p>With a stride only some kernel positions reach a given input pixel, and which ones depends on
 * the pixel's row and column modulo the stride. So the pixels are sorted into {@code strideHeight ·
 * strideWidth} <em>phases</em>. Within a phase all pixels see the same positions, and neighbours in
 * the phase see neighbours in the output: a convolution with stride 1 again, without a
 * multiplication by zero anywhere.
 */
final class Conv2dInputGradient {
  private Conv2dInputGradient() {}

  /** Computes {@code dx}; see {@link Conv2dKernels#inputGradient}. */
  static void run(
      Conv2dShape s, float[] dy, int dyOffset, float[] w, int wOffset, float[] dx, int dxOffset) {
    for (int row = 0; row < s.strideHeight(); row++) {
      var rows =
          Phase.of(
              row, s.height(), s.top(), s.kernelHeight(), s.strideHeight(), s.dilationHeight());
      for (int col = 0; col < s.strideWidth(); col++) {
        var cols =
            Phase.of(col, s.width(), s.left(), s.kernelWidth(), s.strideWidth(), s.dilationWidth());
        if (rows.count() == 0 || cols.count() == 0) {
          continue;
        }
        if (rows.taps().length == 0 || cols.taps().length == 0) {
          clear(s, rows, cols, dx, dxOffset);
          continue;
        }
        for (int g = 0; g < s.groups(); g++) {
          group(s, g, rows, cols, dy, dyOffset, w, wOffset, dx, dxOffset);
        }
      }
    }
  }

  private static void group(
      Conv2dShape s,
      int g,
      Phase rows,
      Phase cols,
      float[] dy,
      int dyOffset,
      float[] w,
      int wOffset,
      float[] dx,
      int dxOffset) {
    int in = s.groupIn();
    var product = new WindowProduct(windows(s, g, rows, cols), s.n(), in);
    int weights = s.groupOut() * in * s.taps();
    float[] packed =
        product.pack(
            w,
            wOffset + g * weights,
            Phase.taps(rows, cols, s.kernelWidth()),
            in * s.taps(),
            s.taps());
    int channel = g * in;
    if (s.strideHeight() == 1 && s.strideWidth() == 1) {
      product.run(dy, dyOffset, packed, dx, dxOffset + channel, s.inChannels(), channel, null);
      return;
    }
    product.run(
        dy,
        dyOffset,
        packed,
        (scratch, image, first, count) -> {
          int from = 0;
          for (int r = first; r < first + count; r++) {
            int y = rows.pixel(r);
            int line = dxOffset + (image * s.height() + y) * s.width() * s.inChannels() + channel;
            for (int c = 0; c < cols.count(); c++, from += in) {
              System.arraycopy(scratch, from, dx, line + cols.pixel(c) * s.inChannels(), in);
            }
          }
        });
  }

  private static Windows windows(Conv2dShape s, int g, Phase rows, Phase cols) {
    boolean joined = cols.joined();
    int perRow = joined ? 1 : cols.taps().length;
    int[] runRows = new int[rows.taps().length * perRow];
    int[] runCols = new int[runRows.length];
    for (int i = 0; i < runRows.length; i++) {
      runRows[i] = rows.places()[i / perRow];
      runCols[i] = joined ? 0 : cols.places()[i % perRow];
    }
    return new Windows(
        s.outHeight(),
        s.outWidth(),
        s.outChannels(),
        g * s.groupOut(),
        s.groupOut(),
        rows.origin(),
        cols.origin(),
        1,
        1,
        rows.count(),
        cols.count(),
        runRows,
        runCols,
        joined ? cols.taps().length : 1);
  }

  private static void clear(Conv2dShape s, Phase rows, Phase cols, float[] dx, int dxOffset) {
    int in = s.inChannels();
    Parallel.run(
        s.n(),
        image -> {
          for (int r = 0; r < rows.count(); r++) {
            int line = dxOffset + (image * s.height() + rows.pixel(r)) * s.width() * in;
            for (int c = 0; c < cols.count(); c++) {
              int at = line + cols.pixel(c) * in;
              Arrays.fill(dx, at, at + in, 0f);
            }
          }
        });
  }
}
