package dev.cortado.simd;

import dev.cortado.tensor.Parallel;

/**
 * The weight gradient of a convolution: {@code dW = dYᵀ · X}, where row {@code p} of {@code dY} is
 * output pixel {@code p} and row {@code p} of {@code X} is its window. The sum runs over all pixels
 * of all images, often hundreds of thousands, while the result is small; so the pixels are cut into
 * slabs, each with a partial result of its own, which are summed in slab order.
 *
 * <p>A slab goes through its pixels in blocks of some output rows. Of each block the windows are
 * packed panel by panel (runs of the padded input, {@link Windows}), and multiplied by the packed
 * strips of {@code dY}.
 */
final class Conv2dWeightGradient {
  private static final int BLOCK_PIXELS = 256;
  private static final int MAX_SLABS = 16;
  private static final int MAX_PARTIAL = 1 << 22;
  private static final int SUM_CHUNK = 1 << 14;

  private final Conv2dShape s;
  private final Windows windows;
  private final int group;
  private final float[] x;
  private final int xOffset;
  private final float[] dy;
  private final int dyOffset;
  private final Tiling tiling;
  private final int blockRows;

  /** Floats of a row of a partial result: whole vectors, so that no tile has to mask its last. */
  private final int pitch;

  private Conv2dWeightGradient(
      Conv2dShape s, int group, float[] x, int xOffset, float[] dy, int dyOffset) {
    this.s = s;
    this.group = group;
    this.windows = Windows.of(s, group);
    this.x = x;
    this.xOffset = xOffset;
    this.dy = dy;
    this.dyOffset = dyOffset;
    this.pitch = Lanes.roundUp(windows.depth(), Lanes.COUNT);
    this.tiling = Tiling.of(s.groupOut(), pitch);
    this.blockRows = Math.clamp(BLOCK_PIXELS / s.outWidth(), 1, s.outHeight());
  }

  /** Computes {@code dw}; see {@link Conv2dKernels#weightGradient}. */
  static void run(
      Conv2dShape s, float[] x, int xOffset, float[] dy, int dyOffset, float[] dw, int dwOffset) {
    for (int g = 0; g < s.groups(); g++) {
      int from = dwOffset + g * s.groupOut() * s.groupIn() * s.taps();
      new Conv2dWeightGradient(s, g, x, xOffset, dy, dyOffset).run(dw, from);
    }
  }

  private void run(float[] dw, int at) {
    int size = s.groupOut() * pitch;
    int perImage = Math.ceilDiv(s.outHeight(), blockRows);
    int blocks = s.n() * perImage;
    int most = Math.clamp(MAX_PARTIAL / size, 1, MAX_SLABS);
    int perSlab = Math.ceilDiv(blocks, Math.min(most, blocks));
    int slabs = Math.ceilDiv(blocks, perSlab);
    float[] partial = Workspace.current().floats(Workspace.PARTIAL, slabs * size);
    Parallel.run(
        slabs,
        slab -> {
          int first = slab * perSlab;
          for (int b = first; b < Math.min(blocks, first + perSlab); b++) {
            int row = b % perImage * blockRows;
            int rows = Math.min(blockRows, s.outHeight() - row);
            block(b / perImage, row, rows, partial, slab * size, b > first);
          }
        });
    sum(partial, size, slabs, dw, at);
  }

  /**
   * Adds output rows {@code row … row+rows-1} of an image to a partial result {@code [groupOut,
   * pitch]}.
   */
  private void block(int image, int row, int rows, float[] partial, int at, boolean add) {
    var space = Workspace.current();
    int pixels = rows * s.outWidth();
    int out = s.groupOut();
    int count = tiling.strips().count();
    int stride = Panels.stride(pixels, tiling.strips().height());
    float[] strips = space.floats(Workspace.STRIPS, count * stride);
    int from =
        dyOffset
            + (image * s.outPixels() + row * s.outWidth()) * s.outChannels()
            + group * s.groupOut();
    var gradients = new MatrixView(dy, from, 1, s.outChannels());
    Lefts.pack(tiling, gradients, 0, pixels, 0, count, strips, 0, stride);
    var left = new TileLoop.Left(strips, 0, stride, 0);
    var placed = windows.place(x, xOffset + image * windows.imageSize(), row, rows);
    int[] runs = space.ints(windows.runs());
    windows.runOffsets(placed, runs);
    float[] panel = space.floats(Workspace.COLUMNS, pixels * tiling.nr());
    var tiles = tiling.tiles(Tile.ROW_STRIDE, add);
    tiles.before(Tile.Way.PACKED, (long) tiling.strips().rows() * tiling.cols() * pixels);
    for (int p = 0; p < tiling.panels(); p++) {
      packWindows(placed, runs, rows, p, panel);
      var columns = new TileLoop.Columns(panel, 0, 0, 0, p, p + 1);
      var block = new TileLoop.Block(partial, at, pitch, 0, 0, tiles, null);
      TileLoop.strips(tiling, left, pixels, 0, count, columns, block);
    }
  }

  /** Packs the floats of each window that belong to panel {@code p}: pieces of one or more runs. */
  private void packWindows(Windows.Placed placed, int[] runs, int rows, int p, float[] panel) {
    int j = p * tiling.nr();
    int nr = tiling.width(p);
    int valid = Math.min(nr, windows.depth() - j);
    int length = windows.runLength();
    int width = s.outWidth();
    if (valid < nr) {
      java.util.Arrays.fill(panel, 0, rows * width * nr, 0f);
    }
    for (int lane = 0; lane < valid; ) {
      int run = (j + lane) / length;
      int inRun = (j + lane) % length;
      int count = Math.min(valid - lane, length - inRun);
      int step = s.strideWidth() * placed.pixelPitch();
      for (int r = 0; r < rows; r++) {
        int from = placed.base() + r * s.strideHeight() * placed.rowPitch() + runs[run] + inRun;
        Panels.copy(placed.data(), from, step, width, nr, count, panel, r * width * nr + lane);
      }
      lane += count;
    }
  }

  /** Sums the partial results and turns {@code [out, tap, in]} into {@code [out, in, tap]}. */
  private void sum(float[] partial, int size, int slabs, float[] dw, int at) {
    int depth = windows.depth();
    int in = windows.channels();
    int taps = s.taps();
    Parallel.ranges(
        s.groupOut(),
        Math.max(1, SUM_CHUNK / depth),
        (first, end) -> {
          for (int o = first; o < end; o++) {
            if (slabs > 1) {
              Gemm.sumRow(partial, o * pitch, size, slabs, pitch, partial, o * pitch, false);
            }
            int to = at + o * depth;
            for (int i = 0; i < in; i++) {
              for (int t = 0; t < taps; t++) {
                dw[to + i * taps + t] = partial[o * pitch + t * in + i];
              }
            }
          }
        });
  }
}
