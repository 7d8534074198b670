package dev.cortado.simd;

import java.util.Arrays;
import java.util.List;

/**
 * The windows that slide over an image: for each pixel of a result, which floats of the source it
 * is made of.
 *
 * <p>Channels are last in memory, so neighbouring pixels of a window's row are one contiguous
 * <em>run</em> of floats. A window is a list of runs, the same list for every window, moved by the
 * window's origin. So a convolution is a matrix product whose left operand has a row per window,
 * and that row need not exist anywhere: a {@link WindowLoop} reads the runs where they lie. Only
 * zeros around the image must be real: {@link #load} copies the rows that some windows need, with
 * their margins, into a buffer that fits the cache. That costs one copy of the image, not one per
 * kernel position as the usual im2col.
 *
 * @param srcHeight rows of the source image
 * @param srcWidth columns of the source image
 * @param srcChannels channels of the source image
 * @param channel first channel that the windows use
 * @param channels how many channels they use
 * @param top row of the first window's origin; negative in the margin
 * @param left column of the first window's origin
 * @param strideHeight distance of the windows' rows
 * @param strideWidth distance of the windows' columns
 * @param outHeight rows of windows
 * @param outWidth columns of windows
 * @param runRows each run's row in the window
 * @param runCols each run's column in the window
 * @param runPixels pixels per run
 */
@SuppressWarnings("ArrayRecordComponent") // a view, never compared
record Windows(
    int srcHeight,
    int srcWidth,
    int srcChannels,
    int channel,
    int channels,
    int top,
    int left,
    int strideHeight,
    int strideWidth,
    int outHeight,
    int outWidth,
    int[] runRows,
    int[] runCols,
    int runPixels) {

  /** Returns the windows of the forward pass, for one group. */
  static Windows of(Conv2dShape s, int group) {
    boolean joined = s.dilationWidth() == 1;
    int perRow = joined ? 1 : s.kernelWidth();
    int[] rows = new int[s.kernelHeight() * perRow];
    int[] cols = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i / perRow * s.dilationHeight();
      cols[i] = i % perRow * s.dilationWidth();
    }
    return new Windows(
        s.height(),
        s.width(),
        s.inChannels(),
        group * s.groupIn(),
        s.groupIn(),
        -s.top(),
        -s.left(),
        s.strideHeight(),
        s.strideWidth(),
        s.outHeight(),
        s.outWidth(),
        rows,
        cols,
        joined ? s.kernelWidth() : 1);
  }

  /** Returns how many runs a window has. */
  int runs() {
    return runRows.length;
  }

  /** Returns the floats of a run. */
  int runLength() {
    return runPixels * channels;
  }

  /** Returns the floats of a window. */
  int depth() {
    return runs() * runLength();
  }

  private int spanHeight() {
    return largest(runRows) + 1;
  }

  private int loadedWidth() {
    return (outWidth - 1) * strideWidth + largest(runCols) + runPixels;
  }

  /** Asked for each block of pixels: a stream would leave garbage behind. */
  private static int largest(int[] numbers) {
    int largest = 0;
    for (int number : numbers) {
      largest = Math.max(largest, number);
    }
    return largest;
  }

  private int loadedHeight(int rows) {
    return (rows - 1) * strideHeight + spanHeight();
  }

  /**
   * Tells whether all windows lie inside the image and use all its channels: then nothing need be
   * copied.
   */
  boolean inside() {
    return top >= 0
        && left >= 0
        && top + loadedHeight(outHeight) <= srcHeight
        && left + loadedWidth() <= srcWidth
        && channels == srcChannels;
  }

  /** Returns the floats that {@code rows} rows of windows cover, margins included. */
  int loadedSize(int rows) {
    return loadedHeight(rows) * loadedWidth() * channels;
  }

  /**
   * Source rows made ready for some rows of windows: see {@link #place}. Neighbouring pixels are
   * {@code channels} floats apart.
   *
   * @param data the array
   * @param base where the first window begins
   * @param rowPitch distance of the rows
   */
  @SuppressWarnings("ArrayRecordComponent") // a view, never compared
  record Placed(float[] data, int base, int rowPitch) {}

  /**
   * Makes the source of window rows {@code first … first+rows-1} of an image readable: in place
   * where all windows lie inside the image, else as a copy with zeros around it.
   *
   * @param src the images, from {@code at}
   */
  Placed place(float[] src, int at, int image, int first, int rows) {
    int from = at + image * srcHeight * srcWidth * srcChannels;
    if (inside()) {
      int base = from + ((top + first * strideHeight) * srcWidth + left) * srcChannels;
      return new Placed(src, base, srcWidth * srcChannels);
    }
    float[] buffer = Workspace.current().floats(Workspace.PADDED, loadedSize(rows));
    load(src, from, first, rows, buffer);
    return new Placed(buffer, 0, loadedWidth() * channels);
  }

  /** Returns windows that cover all of {@code windows}, which differ in their places only. */
  static Windows covering(List<Windows> windows) {
    var some = windows.getFirst();
    int top = windows.stream().mapToInt(Windows::top).min().orElse(0);
    int left = windows.stream().mapToInt(Windows::left).min().orElse(0);
    int span = 0;
    int width = 0;
    int height = 0;
    for (var w : windows) {
      span = Math.max(span, w.top - top + w.spanHeight());
      width = Math.max(width, w.left - left + w.loadedWidth());
      height = Math.max(height, w.outHeight);
    }
    return new Windows(
        some.srcHeight,
        some.srcWidth,
        some.srcChannels,
        some.channel,
        some.channels,
        top,
        left,
        some.strideHeight,
        some.strideWidth,
        height,
        1,
        new int[] {span - 1},
        new int[] {0},
        width);
  }

  /** Returns what {@code all}, which covers these windows, has placed, as these see it. */
  Placed within(Windows all, Placed placed) {
    int shift = (top - all.top) * placed.rowPitch + (left - all.left) * channels;
    return new Placed(placed.data, placed.base + shift, placed.rowPitch);
  }

  private void load(float[] src, int image, int first, int rows, float[] dst) {
    int width = loadedWidth();
    int pitch = width * channels;
    int from = Math.clamp(-left, 0, width);
    int to = Math.clamp(srcWidth - left, from, width);
    int height = loadedHeight(rows);
    for (int r = 0, at = 0; r < height; r++, at += pitch) {
      int y = top + first * strideHeight + r;
      if (y < 0 || y >= srcHeight || from == to) {
        Arrays.fill(dst, at, at + pitch, 0f);
        continue;
      }
      Arrays.fill(dst, at, at + from * channels, 0f);
      Arrays.fill(dst, at + to * channels, at + pitch, 0f);
      int source = image + (y * srcWidth + left + from) * srcChannels + channel;
      if (channels == srcChannels) {
        System.arraycopy(src, source, dst, at + from * channels, (to - from) * channels);
      } else {
        for (int x = from; x < to; x++, source += srcChannels) {
          System.arraycopy(src, source, dst, at + x * channels, channels);
        }
      }
    }
  }

  /** Writes the runs' offsets in {@code placed} to {@code offsets[at …]}. */
  void runOffsets(Placed placed, int[] offsets, int at) {
    for (int i = 0; i < runs(); i++) {
      offsets[at + i] = runRows[i] * placed.rowPitch() + runCols[i] * channels;
    }
  }
}
