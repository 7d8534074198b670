package dev.cortado.simd;

import dev.cortado.tensor.Parallel;
import org.jspecify.annotations.Nullable;

/**
 * The product of all windows of some images with a matrix: a convolution, or the transposed one of
 * its input gradient. Row {@code p} of the result belongs to window {@code p}, counted row by row
 * over all images.
 *
 * @param windows the windows
 * @param images how many images
 * @param cols columns of the matrix and of the result
 */
record WindowProduct(Windows windows, int images, int cols) {
  private static final int KC = GemmPlan.KC;
  private static final int ROWS = 144;
  private static final int MAX_LOADED = 1 << 16;
  private static final int CHUNKS = 8;
  private static final long CHUNK_WORK = 1 << 19;

  /** The tiles for {@code count} windows. */
  private Tiling tiling(int count) {
    return Tiling.of(count, cols);
  }

  /** Takes finished rows of windows from a scratch array, {@code cols} floats per window. */
  @FunctionalInterface
  interface RowSink {
    /** Takes window rows {@code first … first+rows-1} of an image. */
    void accept(float[] scratch, int image, int first, int rows);
  }

  /**
   * Packs the matrix from convolution weights: row {@code t·channels + i}, column {@code j} is
   * {@code w[wOffset + taps[t] + i·channelStride + j·colStride]}, where {@code t} counts the pixels
   * of the window, run by run.
   */
  float[] pack(float[] w, int wOffset, int[] taps, int channelStride, int colStride) {
    var tiling = tiling(1);
    int nr = tiling.nr();
    int depth = windows.depth();
    int channels = windows.channels();
    int panels = tiling.panels();
    float[] packed = Workspace.current().floats(Workspace.SHARED, panels * nr * depth);
    int perChunk = Math.max(1, (1 << 14) / (nr * depth));
    Parallel.ranges(
        panels,
        perChunk,
        (first, end) -> {
          for (int p = first; p < end; p++) {
            int width = tiling.width(p);
            int valid = Math.min(width, cols - p * nr);
            int from = wOffset + p * nr * colStride;
            int at = p * nr * depth;
            for (int tap : taps) {
              Panels.pack(
                  w, from + tap, channelStride, colStride, channels, width, valid, packed, at);
              at += channels * width;
            }
          }
        });
    return packed;
  }

  /**
   * Multiplies and writes row {@code p} of the result to {@code c[cOffset + p·ldc …]}.
   *
   * @param col number of the first column, for the epilogue
   */
  void run(
      float[] src,
      int srcOffset,
      float[] packed,
      float[] c,
      int cOffset,
      int ldc,
      int col,
      @Nullable TileEpilogue epilogue) {
    int pixels = windows.outHeight() * windows.outWidth();
    chunks(
        (image, first, rows) -> {
          int row = image * pixels + first * windows.outWidth();
          int at = cOffset + row * ldc;
          multiply(src, srcOffset, packed, image, first, rows, c, at, ldc, row, col, epilogue);
        });
  }

  /** Multiplies and hands the rows of the result to {@code sink}. */
  void run(float[] src, int srcOffset, float[] packed, RowSink sink) {
    chunks(
        (image, first, rows) -> {
          int size = rows * windows.outWidth() * cols;
          float[] scratch = Workspace.current().floats(Workspace.ROWS, size);
          multiply(src, srcOffset, packed, image, first, rows, scratch, 0, cols, 0, 0, null);
          sink.accept(scratch, image, first, rows);
        });
  }

  /** Some rows of windows of one image. */
  @FunctionalInterface
  private interface Chunk {
    void run(int image, int first, int rows);
  }

  private void chunks(Chunk body) {
    int height = windows.outHeight();
    int rows = rowsPerChunk();
    int perImage = (height + rows - 1) / rows;
    Parallel.run(
        images * perImage,
        chunk -> {
          int first = chunk % perImage * rows;
          body.run(chunk / perImage, first, Math.min(rows, height - first));
        });
  }

  /**
   * Returns rows of windows per chunk: enough work, a source that fits the cache, and at least some
   * chunks.
   */
  private int rowsPerChunk() {
    int width = windows.outWidth();
    int height = windows.outHeight();
    long workPerRow = (long) width * windows.depth() * cols;
    long rows = Math.max((ROWS + width - 1) / width, (CHUNK_WORK + workPerRow - 1) / workPerRow);
    rows = Math.clamp(rows, 1, height);
    while (rows > 1 && windows.loadedSize((int) rows) > MAX_LOADED) {
      rows = (rows + 1) / 2;
    }
    int perImage = (CHUNKS + images - 1) / images;
    int even = (height + perImage - 1) / perImage;
    return (int) Math.clamp(even, 1, rows);
  }

  private void multiply(
      float[] src,
      int srcOffset,
      float[] packed,
      int image,
      int first,
      int rows,
      float[] c,
      int at,
      int ldc,
      int row,
      int col,
      @Nullable TileEpilogue epilogue) {
    var placed = windows.place(src, srcOffset + image * windows.imageSize(), first, rows);
    int count = rows * windows.outWidth();
    int runs = windows.runs();
    // Places: the runs, one more run, the windows.
    int[] places = Workspace.current().ints(runs + 1 + count);
    windows.runOffsets(placed, places);
    windows.windowOffsets(placed, rows, places, runs + 1);
    int length = windows.runLength();
    int depth = windows.depth();
    var tiling = tiling(count);
    for (int k = 0; k < depth; ) {
      TileLoop.Runs part;
      if (length <= KC) {
        int run = k / length;
        part = new TileLoop.Runs(places, run, Math.min(KC / length, runs - run), length);
      } else {
        // A run longer than a pass: go through it in pieces.
        places[runs] = places[k / length] + k % length;
        part = new TileLoop.Runs(places, runs, 1, Math.min(KC, length - k % length));
      }
      int next = k + part.count() * part.length();
      var tiles = tiling.tiles(Tile.ROW_STRIDE, k > 0);
      tiles.before(Tile.Way.ROWS, (long) count * cols * (next - k));
      var columns = new TileLoop.Columns(packed, 0, depth * tiling.nr(), k, 0, tiling.panels());
      var block = new TileLoop.Block(c, at, ldc, row, col, tiles, next == depth ? epilogue : null);
      TileLoop.inPlace(tiling, placed.data(), places, runs + 1, part, columns, block);
      k = next;
    }
  }
}
