package dev.cortado.simd;

import dev.cortado.tensor.Parallel;
import java.util.Arrays;

/**
 * The weight gradient of a convolution: {@code dW = Xᵀ · dY}, where row {@code p} of {@code dY} is
 * output pixel {@code p} and row {@code p} of {@code X} is its window. The sum runs over all pixels
 * of all images, often hundreds of thousands, while the result is small; so the pixels are cut into
 * slabs, each with a partial result of its own, which are summed in slab order.
 *
 * <p>A slab goes through its pixels in blocks of some output rows, and these in parts. A panel of
 * {@code dY} is packed, {@code X} is read where it lies: a row of the kernel is a run of
 * neighbouring floats, and from pixel to pixel they move by a constant distance ({@link
 * WindowLoop}).
 */
final class Conv2dWeightGradient {
  /** Pixels of a block: so many that the rows at its ends, which are copied twice, are few. */
  private static final int BLOCK_PIXELS = 512;

  /** Pixels of a part, whose {@code dY} and {@code X} share the first-level cache. */
  private static final int PART = 128;

  private static final int MAX_SLABS = 16;
  private static final int MAX_PARTIAL = 1 << 22;

  private final Conv2dShape s;
  private final Windows windows;
  private final int group;
  private final float[] x;
  private final int xOffset;
  private final float[] dy;
  private final int dyOffset;
  private final WindowTiling tiling;
  private final int blockRows;

  /** Floats of a row of a partial result: whole vectors, so that no loop has to mask its last. */
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
    this.pitch = Lanes.roundUp(s.groupOut(), Lanes.COUNT);
    int step = s.strideWidth() * windows.pixelPitch();
    this.tiling = WindowTiling.of(windows.runLength(), pitch, 1, step, true);
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
    int size = windows.depth() * pitch;
    int perImage = Math.ceilDiv(s.outHeight(), blockRows);
    int blocks = s.n() * perImage;
    int most = Math.clamp(MAX_PARTIAL / size, 1, MAX_SLABS);
    int perSlab = Math.ceilDiv(blocks, Math.min(most, blocks));
    int slabs = Math.ceilDiv(blocks, perSlab);
    float[] partial = Workspace.current().floats(Workspace.PARTIAL, slabs * size);
    Parallel.run(
        slabs,
        slab -> {
          Arrays.fill(partial, slab * size, (slab + 1) * size, 0f);
          int first = slab * perSlab;
          for (int b = first; b < Math.min(blocks, first + perSlab); b++) {
            int row = b % perImage * blockRows;
            int rows = Math.min(blockRows, s.outHeight() - row);
            block(b / perImage, row, rows, partial, slab * size);
          }
        });
    sum(partial, size, slabs, dw, at);
  }

  /** Adds output rows {@code row … row+rows-1} of an image to a partial result. */
  private void block(int image, int row, int rows, float[] partial, int at) {
    var placed = windows.place(x, xOffset + image * windows.imageSize(), row, rows);
    int width = s.outWidth();
    int out = s.outChannels();
    int from = dyOffset + (image * s.outPixels() + row * width) * out + group * s.groupOut();
    int parts = Math.ceilDiv(width, PART);
    int most = Math.ceilDiv(width, parts);
    int together = parts > 1 ? 1 : Math.ceilDiv(rows, Math.ceilDiv(rows * width, PART));
    for (int r = 0; r < rows; r += together) {
      for (int col = 0; col < width; col += most) {
        int count = Math.min(together, rows - r);
        int dyAt = from + (r * width + col) * out;
        part(placed, r, count, col, Math.min(most, width - col), dyAt, partial, at);
      }
    }
  }

  /**
   * Adds {@code cols} pixels from {@code col} of rows {@code row … row+rows-1} of a block to a
   * partial result {@code [window, pitch]}; all pixels of the rows, or those of one row.
   */
  private void part(
      Windows.Placed placed,
      int row,
      int rows,
      int col,
      int cols,
      int dyAt,
      float[] partial,
      int at) {
    var space = Workspace.current();
    // Where the rows of pixels begin, and the runs of the windows.
    int[] places = space.ints(rows + windows.runs());
    for (int r = 0; r < rows; r++) {
      places[r] =
          placed.base()
              + (row + r) * s.strideHeight() * placed.rowPitch()
              + col * s.strideWidth() * windows.pixelPitch();
    }
    windows.runOffsets(placed, places, rows);
    int pixels = rows * cols;
    float[] panel = space.floats(Workspace.COLUMNS, pixels * tiling.nr());
    int run = windows.runLength() * pitch;
    for (int p = 0; p < tiling.panels(); p++) {
      int first = p * tiling.nr();
      int width = tiling.width(p);
      int valid = Math.min(width, s.groupOut() - first);
      Panels.pack(dy, dyAt + first, s.outChannels(), 1, pixels, width, valid, panel, 0);
      for (int i = 0; i < windows.runs(); i++) {
        int a = places[rows + i];
        int c = at + i * run;
        tiling.panel(p, cols, places, 0, rows, placed.data(), a, panel, 0, partial, c, pitch);
      }
    }
  }

  /**
   * Sums the partial results, a vector of output channels at a time, and turns {@code [tap, in,
   * out]} into {@code [out, in, tap]}.
   */
  private void sum(float[] partial, int size, int slabs, float[] dw, int at) {
    int depth = windows.depth();
    int in = windows.channels();
    int taps = s.taps();
    Parallel.ranges(
        s.groupOut(),
        Lanes.COUNT,
        (first, end) -> {
          for (int k = 0; k < depth && slabs > 1; k++) {
            int row = k * pitch + first;
            Gemm.sumRow(partial, row, size, slabs, Lanes.COUNT, partial, row, false);
          }
          for (int o = first; o < end; o++) {
            int to = at + o * depth;
            for (int i = 0; i < in; i++) {
              for (int t = 0; t < taps; t++) {
                dw[to++] = partial[(t * in + i) * pitch + o];
              }
            }
          }
        });
  }
}
