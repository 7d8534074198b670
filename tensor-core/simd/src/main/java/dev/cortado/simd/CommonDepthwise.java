package dev.cortado.simd;

import java.util.Arrays;

/**
 * The {@link DepthwiseLoop} for all stencils and channels, which serves until the one compiled for
 * them is fast: pixel by pixel, with the same products in the same order.
 */
final class CommonDepthwise implements DepthwiseLoop {
  private final Key key;
  private final int[][] inputs;
  private final int[][] weights;

  CommonDepthwise(Key key) {
    this.key = key;
    int pixels = key.stencil().pixels();
    this.inputs = new int[pixels][];
    this.weights = new int[pixels][];
    for (int p = 0; p < pixels; p++) {
      int pixel = p;
      var taps = key.stencil().taps().stream().filter(t -> t.pixel() == pixel).toList();
      inputs[p] = taps.stream().mapToInt(t -> t.input() * key.n()).toArray();
      weights[p] = taps.stream().mapToInt(t -> t.weight() * key.n()).toArray();
    }
  }

  @Override
  public void run(
      float[] x,
      int xAt,
      int pitch,
      int upper,
      int both,
      int lower,
      float[] w,
      int wAt,
      int wBelow,
      int wPitch,
      float[] y,
      int yAt,
      int yBelow,
      int tiles,
      int tileStep,
      int channels) {
    int step = inputs.length * key.n();
    for (int t = 0; t < tiles; t++) {
      int first = xAt + t * tileStep;
      if (key.rows() == 2) {
        // The upper row last: a row alone has it for both.
        int at = first + upper * pitch;
        row(both + lower, x, at, pitch, w, wBelow, wPitch, y, yBelow + t * step, channels);
      }
      row(upper + both, x, first, pitch, w, wAt, wPitch, y, yAt + t * step, channels);
    }
  }

  /** Computes the pixels of a tile in one row, from {@code rows} input rows. */
  private void row(
      int rows,
      float[] x,
      int xAt,
      int pitch,
      float[] w,
      int wAt,
      int wPitch,
      float[] y,
      int yAt,
      int channels) {
    for (int p = 0; p < inputs.length; p++) {
      int at = yAt + p * key.n();
      Arrays.fill(y, at, at + channels, 0f);
      new CommonTaps(inputs[p], weights[p], rows, pitch, wPitch, 1, 0, 0)
          .sum(x, xAt, w, wAt, y, at, channels, key.masked());
    }
  }
}
