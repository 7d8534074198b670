package dev.cortado.simd;

import dev.cortado.tensor.Parallel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The product of all windows of some images with a matrix: a convolution, or the transposed one of
 * its input gradient.
 *
 * <p>A chunk of work is some rows of windows of an image, so few that the source and the result
 * stay in the second-level cache. k runs in passes, so short that a panel of the matrix stays in
 * the first-level cache while the windows go past it.
 *
 * @param windows the windows
 * @param images how many images
 * @param cols columns of the matrix and of the result
 */
record WindowProduct(Windows windows, int images, int cols) {
  /** Most k of a pass: 32 KiB of a panel with vectors of 512 bits. */
  private static final int PASS = 256;

  private static final int MOST_LOADED = 1 << 17;
  private static final int MOST_RESULT = 1 << 16;
  private static final int CHUNKS = 8;
  private static final long CHUNK_WORK = 1 << 19;
  private static final int PACK_CHUNK = 1 << 14;

  /** Where the matrix is to be found among a convolution's weights. */
  @FunctionalInterface
  interface Weights {
    /**
     * Returns the index of the weight by which channel 0 of a window's pixel goes into a column; a
     * negative number for none, which makes it 0.
     */
    int at(int pixel, int col);
  }

  /**
   * Where results go: window {@code q} of row {@code p} of image {@code n} to {@code c[at + n·image
   * + p·row + q·pixel …]}.
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Target(float[] c, int at, int image, int row, int pixel) {
    private int place(int n, int p) {
      return at + n * image + p * row;
    }
  }

  private WindowTiling tiling(WindowLoop.Into into) {
    int row = windows.strideWidth() * windows.channels();
    return WindowTiling.of(windows.outWidth(), cols, row, 1, into);
  }

  /** Returns the floats of the packed matrix. */
  int packedSize() {
    var tiling = tiling(WindowLoop.Into.WRITE);
    return tiling.panels() * windows.depth() * tiling.nr();
  }

  /**
   * Packs the matrix from convolution weights.
   *
   * @param channelStride distance of the weights of neighbouring channels of the windows
   * @param packed the array that takes it, from {@code at}
   */
  void pack(float[] w, Weights weights, int channelStride, float[] packed, int at) {
    var tiling = tiling(WindowLoop.Into.WRITE);
    int depth = windows.depth();
    int panel = depth * tiling.nr();
    Parallel.ranges(
        tiling.panels(),
        Math.max(1, PACK_CHUNK / panel),
        (first, end) -> {
          for (int p = first; p < end; p++) {
            pack(w, weights, channelStride, tiling, p, packed, at + p * panel);
          }
        });
  }

  /** Packs a panel: as many floats per k as it is wide. */
  private void pack(
      float[] w,
      Weights weights,
      int channelStride,
      WindowTiling tiling,
      int panel,
      float[] packed,
      int at) {
    int width = tiling.width(panel);
    int col = panel * tiling.nr();
    int channels = windows.channels();
    int pixels = windows.depth() / channels;
    int valid = Math.min(width, cols - col);
    if (valid < width) {
      Arrays.fill(packed, at, at + windows.depth() * width, 0f);
    }
    int[] places = Workspace.current().ints(valid * pixels);
    for (int j = 0; j < valid; j++) {
      for (int t = 0; t < pixels; t++) {
        places[j * pixels + t] = weights.at(t, col + j);
      }
    }
    // In the order of the weights, which are read once; the panel is small.
    for (int i = 0; i < channels; i++) {
      for (int j = 0; j < valid; j++) {
        for (int t = 0; t < pixels; t++) {
          int from = places[j * pixels + t];
          packed[at + (t * channels + i) * width + j] = from < 0 ? 0f : w[from + i * channelStride];
        }
      }
    }
  }

  /**
   * Multiplies and writes the result to {@code to}.
   *
   * @param packed the matrix, from index 0
   * @param col number of the first column, for the epilogue
   * @param epilogue called on finished chunks, where rows of windows follow each other; or null
   */
  void run(
      float[] src,
      int srcOffset,
      float[] packed,
      Target to,
      int col,
      @Nullable TileEpilogue epilogue) {
    int width = windows.outWidth();
    chunks(
        images,
        windows.outHeight(),
        rowsPerChunk(1),
        (image, first, rows) -> {
          var placed = windows.place(src, srcOffset, image, first, rows);
          multiply(placed, packed, 0, image, first, rows, to);
          if (epilogue != null) {
            int row = (image * windows.outHeight() + first) * width;
            epilogue.apply(to.c, to.place(image, first), to.pixel, row, col, rows * width, cols);
          }
        });
  }

  /** Some rows of windows of one image. */
  @FunctionalInterface
  interface Chunk {
    /** Does rows {@code first … first+rows-1} of an image. */
    void run(int image, int first, int rows);
  }

  /** Cuts the rows of some images into chunks. */
  static void chunks(int images, int height, int rows, Chunk body) {
    int perImage = Math.ceilDiv(height, rows);
    Parallel.run(
        images * perImage,
        chunk -> {
          int first = chunk % perImage * rows;
          body.run(chunk / perImage, first, Math.min(rows, height - first));
        });
  }

  /**
   * Returns rows of windows per chunk: a source and a result that fit the cache, and some chunks at
   * least unless there is little to do.
   *
   * @param products how many products like this one share a chunk
   */
  int rowsPerChunk(int products) {
    int width = windows.outWidth();
    int height = windows.outHeight();
    int rows = Math.clamp(MOST_RESULT / ((long) width * cols * products), 1, height);
    while (rows > 1 && windows.loadedSize(rows) > MOST_LOADED) {
      rows = (rows + 1) / 2;
    }
    int even = Math.ceilDiv(height, Math.ceilDiv(CHUNKS, images));
    long worth = Math.ceilDiv(CHUNK_WORK, (long) width * windows.depth() * cols * products);
    return (int) Math.min(rows, Math.max(even, worth));
  }

  /**
   * Computes rows of windows {@code first … first+rows-1} of an image on the calling thread.
   *
   * @param placed the source of these rows
   * @param packed the matrix, from {@code packedAt}
   */
  void multiply(
      Windows.Placed placed,
      float[] packed,
      int packedAt,
      int image,
      int first,
      int rows,
      Target to) {
    // The runs, and room for a piece of one.
    int[] runs = Workspace.current().ints(windows.runs() + 1);
    windows.runOffsets(placed, runs, 0);
    int down = windows.strideHeight() * placed.rowPitch();
    int depth = windows.depth();
    int length = windows.runLength();
    int together = even(windows.runs(), Math.max(1, PASS / length));
    int piece = even(length, PASS);
    for (int k = 0; k < depth; ) {
      int run = k / length;
      int count = Math.min(together, windows.runs() - run);
      int part = length;
      if (piece < length) {
        runs[windows.runs()] = runs[run] + k % length;
        part = Math.min(piece, length - k % length);
        run = windows.runs();
        count = 1;
      }
      var tiling = tiling(k > 0 ? WindowLoop.Into.CONTINUE : WindowLoop.Into.WRITE);
      var loops = tiling.loops((long) rows * count * part);
      for (int p = 0; p < tiling.panels(); p++) {
        int b = packedAt + p * depth * tiling.nr() + k * tiling.width(p);
        for (int r = 0; r < rows; r++) {
          int a = placed.base() + r * down;
          int c = to.place(image, first + r);
          tiling.panel(
              loops, p, part, runs, run, count, placed.data(), a, packed, b, to.c, c, to.pixel);
        }
      }
      k += count * part;
    }
  }

  /** Cuts {@code total} into as few parts of at most {@code most} as possible, and evenly. */
  static int even(int total, int most) {
    return Math.ceilDiv(total, Math.ceilDiv(total, most));
  }
}
