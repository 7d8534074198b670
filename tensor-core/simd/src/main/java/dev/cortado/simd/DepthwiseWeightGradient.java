package dev.cortado.simd;

import dev.cortado.tensor.Parallel;
import java.util.Arrays;

/**
 * The weight gradient of a depthwise convolution: for each tap and channel the sum of {@code x·dy}
 * over all pixels. The pixels are cut into slabs of fixed size, each with sums of its own, which
 * are added up in slab order. A slab goes through its pixels as the forward pass does, eight at a
 * time.
 */
final class DepthwiseWeightGradient {
  private static final int PIXELS = DepthwiseSums.PIXELS;

  /** Multiply-adds per block, at least. */
  private static final int BLOCK_WORK = 1 << 16;

  /** Floats of a block's input: a quarter of a MiB. */
  private static final int BLOCK_INPUT = 1 << 16;

  private static final int BLOCKS = 8;
  private static final int MAX_SLABS = 32;
  private static final int MAX_PARTIAL = 1 << 20;

  private final Conv2dShape s;
  private final Windows windows;
  private final DepthwiseWindow window;
  private final float[] dy;
  private final int dyAt;

  private DepthwiseWeightGradient(Conv2dShape s, float[] dy, int dyAt) {
    this.s = s;
    this.dy = dy;
    this.dyAt = dyAt;
    this.window = DepthwiseWindow.of(s);
    // Surplus pixels of a row's last eight have zero gradients, but their inputs must be readable.
    this.windows = window.over(s, Lanes.roundUp(s.outWidth(), PIXELS));
  }

  /** Computes {@code dw}; see {@link Conv2dKernels#weightGradient}. */
  static void run(Conv2dShape s, float[] x, int xAt, float[] dy, int dyAt, float[] dw, int dwAt) {
    new DepthwiseWeightGradient(s, dy, dyAt).run(x, xAt, dw, dwAt);
  }

  private void run(float[] x, int xAt, float[] dw, int dwAt) {
    int size = s.taps() * s.inChannels();
    int rows = rowsPerBlock();
    int perImage = Math.ceilDiv(s.outHeight(), rows);
    int blocks = s.n() * perImage;
    int perSlab = Math.ceilDiv(blocks, Math.clamp(MAX_PARTIAL / size, 1, MAX_SLABS));
    int slabs = Math.ceilDiv(blocks, perSlab);
    float[] partial = Workspace.current().floats(Workspace.PARTIAL, slabs * size);
    Parallel.run(
        slabs,
        slab -> {
          int sums = slab * size;
          Arrays.fill(partial, sums, sums + size, 0f);
          for (int b = slab * perSlab; b < Math.min(blocks, (slab + 1) * perSlab); b++) {
            int image = b / perImage;
            int first = b % perImage * rows;
            int count = Math.min(rows, s.outHeight() - first);
            var placed = windows.place(x, xAt + image * windows.imageSize(), first, count);
            for (int r = 0; r < count; r++) {
              row(placed, r, image * s.outHeight() + first + r, partial, sums);
            }
          }
        });
    Gemm.sumRow(partial, 0, size, slabs, size, partial, 0, false);
    for (int c = 0; c < s.inChannels(); c++) {
      for (int t = 0; t < s.taps(); t++) {
        dw[dwAt + c * s.taps() + t] = partial[t * s.inChannels() + c];
      }
    }
  }

  /**
   * Returns how many output rows to do at a time: an input that fits the cache, and at least some
   * blocks.
   */
  private int rowsPerBlock() {
    int halo = windows.loadedSize(1);
    int perRow = windows.loadedSize(2) - halo;
    int rows = Math.clamp(1 + (BLOCK_INPUT - halo) / perRow, 1, s.outHeight());
    int worth = BLOCK_WORK / (s.outWidth() * s.inChannels() * s.taps()) + 1;
    return Math.min(rows, Math.max(worth, Math.ceilDiv(s.n() * s.outHeight(), BLOCKS)));
  }

  /** Adds a row of output pixels, number {@code row} of all images. */
  private void row(Windows.Placed placed, int r, int row, float[] sums, int at) {
    int n = s.inChannels();
    int from = dyAt + row * s.outWidth() * n;
    int x = placed.base() + r * s.strideHeight() * placed.rowPitch();
    for (int p = 0; p < s.outWidth(); p += PIXELS) {
      int left = s.outWidth() - p;
      float[] gradients = dy;
      int gradientsAt = from + p * n;
      if (left < PIXELS) {
        gradients = Workspace.current().floats(Workspace.ROWS, PIXELS * n);
        System.arraycopy(dy, gradientsAt, gradients, 0, left * n);
        Arrays.fill(gradients, left * n, PIXELS * n, 0f);
        gradientsAt = 0;
      }
      int begin = x + p * s.strideWidth() * n;
      window.sum(placed.data(), begin, placed.rowPitch(), gradients, gradientsAt, n, sums, at);
    }
  }
}
