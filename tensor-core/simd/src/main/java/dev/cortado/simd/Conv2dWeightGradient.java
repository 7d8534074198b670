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
  /** Floats of the source of a block, a part of the second-level cache. */
  private static final int MOST_LOADED = 1 << 17;

  /** Pixels of a part: so many that its panel of {@code dY} stays in the first-level cache. */
  private static final int PART = 256;

  private static final int CHUNKS = 16;

  /** Floats of all partial results: a part of the second-level caches. */
  private static final int MAX_PARTIAL = 1 << 19;

  private final Conv2dShape s;
  private final Windows windows;
  private final int group;
  private final float[] x;
  private final int xOffset;
  private final float[] dy;
  private final int dyOffset;
  private final WindowTiling tiling;
  private final int blockRows;

  /**
   * Floats of a row of a partial result: the channels of the group, or so many more that panels are
   * filled up.
   */
  private final int pitch;

  /** Whether a panel is all channels of {@code dY}: then it need not be packed. */
  private final boolean inPlace;

  private Conv2dWeightGradient(
      Conv2dShape s, int group, float[] x, int xOffset, float[] dy, int dyOffset) {
    this.s = s;
    this.group = group;
    this.windows = Windows.of(s, group);
    this.x = x;
    this.xOffset = xOffset;
    this.dy = dy;
    this.dyOffset = dyOffset;
    boolean one = WindowTiling.isOnePanel(windows.runLength(), s.groupOut());
    this.pitch = one ? s.groupOut() : Lanes.roundUp(s.groupOut(), Lanes.COUNT);
    this.inPlace = one && s.groups() == 1;
    int step = s.strideWidth() * windows.channels();
    this.tiling = WindowTiling.of(windows.runLength(), pitch, 1, step, WindowLoop.Into.ADD);
    int rows = Math.ceilDiv(s.n() * s.outHeight(), CHUNKS);
    while (rows > 1 && windows.loadedSize(rows) > MOST_LOADED) {
      rows = (rows + 1) / 2;
    }
    this.blockRows = Math.min(rows, s.outHeight());
  }

  /** Computes {@code dw}; see {@link Conv2dKernels#weightGradient}. */
  static void run(
      Conv2dShape s, float[] x, int xOffset, float[] dy, int dyOffset, float[] dw, int dwOffset) {
    for (int g = 0; g < s.groups(); g++) {
      int from = dwOffset + g * s.groupOut() * s.groupIn() * s.taps();
      new Conv2dWeightGradient(s, g, x, xOffset, dy, dyOffset).run(dw, from);
    }
  }

  /** A chunk of work is a slab by some panels: few slabs if the result is large. */
  private void run(float[] dw, int at) {
    int size = windows.depth() * pitch;
    int perImage = Math.ceilDiv(s.outHeight(), blockRows);
    int blocks = s.n() * perImage;
    int most = Math.clamp(MAX_PARTIAL / size, 1, CHUNKS);
    int perSlab = Math.ceilDiv(blocks, Math.min(most, blocks));
    int slabs = Math.ceilDiv(blocks, perSlab);
    int panels = Math.ceilDiv(tiling.panels(), Math.ceilDiv(CHUNKS, slabs));
    int groups = Math.ceilDiv(tiling.panels(), panels);
    float[] partial = Workspace.current().floats(Workspace.PARTIAL, slabs * size);
    Parallel.run(
        slabs * groups,
        chunk -> {
          int slab = chunk / groups;
          int panel = chunk % groups * panels;
          int panelEnd = Math.min(tiling.panels(), panel + panels);
          clear(partial, slab * size, panel, panelEnd);
          int first = slab * perSlab;
          for (int b = first; b < Math.min(blocks, first + perSlab); b++) {
            int row = b % perImage * blockRows;
            int rows = Math.min(blockRows, s.outHeight() - row);
            block(b / perImage, row, rows, panel, panelEnd, partial, slab * size);
          }
        });
    sum(partial, size, slabs, dw, at);
  }

  private void clear(float[] partial, int at, int panel, int panelEnd) {
    int from = panel * tiling.nr();
    int to = Math.min(pitch, panelEnd * tiling.nr());
    for (int k = 0; k < windows.depth(); k++) {
      Arrays.fill(partial, at + k * pitch + from, at + k * pitch + to, 0f);
    }
  }

  /**
   * Adds output rows {@code row … row+rows-1} of an image to panels {@code panel … panelEnd-1} of a
   * partial result.
   */
  private void block(
      int image, int row, int rows, int panel, int panelEnd, float[] partial, int at) {
    var placed = windows.place(x, xOffset, image, row, rows);
    int width = s.outWidth();
    int out = s.outChannels();
    int from = dyOffset + (image * s.outPixels() + row * width) * out + group * s.groupOut();
    int parts = Math.ceilDiv(width, PART);
    int most = Math.ceilDiv(width, parts);
    int together = WindowProduct.even(rows, Math.max(1, PART / width));
    for (int r = 0; r < rows; r += together) {
      for (int col = 0; col < width; col += most) {
        int count = Math.min(together, rows - r);
        int dyAt = from + (r * width + col) * out;
        int cols = Math.min(most, width - col);
        part(placed, r, count, col, cols, dyAt, panel, panelEnd, partial, at);
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
      int panel,
      int panelEnd,
      float[] partial,
      int at) {
    var space = Workspace.current();
    // Where the rows of pixels begin, and the runs of the windows.
    int[] places = space.ints(rows + windows.runs());
    for (int r = 0; r < rows; r++) {
      places[r] =
          placed.base()
              + (row + r) * s.strideHeight() * placed.rowPitch()
              + col * s.strideWidth() * windows.channels();
    }
    windows.runOffsets(placed, places, rows);
    int pixels = rows * cols;
    float[] packed = inPlace ? dy : space.floats(Workspace.COLUMNS, pixels * tiling.nr());
    int b = inPlace ? dyAt : 0;
    int run = windows.runLength() * pitch;
    var loops = tiling.loops((long) pixels * windows.runs());
    for (int p = panel; p < panelEnd; p++) {
      int first = p * tiling.nr();
      int width = tiling.width(p);
      if (!inPlace) {
        int valid = Math.min(width, s.groupOut() - first);
        Panels.pack(dy, dyAt + first, s.outChannels(), 1, pixels, width, valid, packed, 0);
      }
      for (int i = 0; i < windows.runs(); i++) {
        int a = places[rows + i];
        int c = at + i * run;
        tiling.panel(
            loops, p, cols, places, 0, rows, placed.data(), a, packed, b, partial, c, pitch);
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
            Gemm.sumRow(partial, row, size, slabs, end - first, partial, row, false);
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
