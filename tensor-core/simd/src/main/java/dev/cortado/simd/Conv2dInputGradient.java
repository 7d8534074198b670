package dev.cortado.simd;

import dev.cortado.tensor.Parallel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The input gradient of a convolution: a convolution of the output's gradient with the kernel
 * turned around.
 *
 * <p>With a stride only some kernel positions reach a given input pixel, and which ones depends on
 * the pixel's row and column modulo the stride. So the pixels are sorted into {@code strideHeight ·
 * strideWidth} <em>phases</em>. Within a phase all pixels see the same positions, and neighbours in
 * the phase see neighbours in the output: a convolution with stride 1 again, without a
 * multiplication by zero anywhere.
 *
 * <p>An image of few channels, such as a photo, would leave most lanes empty. Then all phases are
 * computed together, side by side in one vector, although that multiplies by some zeros. Infinity
 * times such a zero is not a number: if one comes up, the phases are computed once more, one by
 * one.
 */
final class Conv2dInputGradient {
  private final Conv2dShape s;
  private final float[] dy;
  private final int dyOffset;
  private final float[] w;
  private final int wOffset;
  private final float[] dx;
  private final int dxOffset;

  private Conv2dInputGradient(
      Conv2dShape s, float[] dy, int dyOffset, float[] w, int wOffset, float[] dx, int dxOffset) {
    this.s = s;
    this.dy = dy;
    this.dyOffset = dyOffset;
    this.w = w;
    this.wOffset = wOffset;
    this.dx = dx;
    this.dxOffset = dxOffset;
  }

  /** Computes {@code dx}; see {@link Conv2dKernels#inputGradient}. */
  static void run(
      Conv2dShape s, float[] dy, int dyOffset, float[] w, int wOffset, float[] dx, int dxOffset) {
    var gradient = new Conv2dInputGradient(s, dy, dyOffset, w, wOffset, dx, dxOffset);
    int phases = s.strideHeight() * s.strideWidth();
    boolean few = s.groups() == 1 && phases > 1 && phases * s.inChannels() <= Lanes.COUNT;
    if (few && gradient.together()) {
      return;
    }
    for (int g = 0; g < s.groups(); g++) {
      gradient.group(g);
    }
  }

  /**
   * The pixels of one phase of a group.
   *
   * @param product the product that computes them
   * @param taps the kernel positions that reach them
   * @param packed where the product's matrix begins
   * @param to where the pixels are
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Part(WindowProduct product, int[] taps, int packed, WindowProduct.Target to) {
    Windows windows() {
      return product.windows();
    }
  }

  /**
   * Computes the pixels of one group. A chunk does its rows of all phases, which read the same rows
   * of {@code dy} and write to the same rows of {@code dx}.
   */
  private void group(int g) {
    var parts = new ArrayList<Part>();
    int size = 0;
    for (var rows : phasesDown()) {
      for (var cols : phasesAcross()) {
        if (rows.taps().length == 0 || cols.taps().length == 0) {
          clear(g, rows, cols);
        } else {
          parts.add(part(g, rows, cols, size));
          size += parts.getLast().product.packedSize();
        }
      }
    }
    if (parts.isEmpty()) {
      return;
    }
    float[] packed = pack(g, parts, size);
    var all = Windows.covering(parts.stream().map(Part::windows).toList());
    WindowProduct.chunks(
        s.n(),
        all.outHeight(),
        parts.getFirst().product.rowsPerChunk(parts.size()),
        (image, first, count) -> {
          var placed = all.place(dy, dyOffset, image, first, count);
          for (var part : parts) {
            int rows = Math.min(count, part.windows().outHeight() - first);
            if (rows > 0) {
              var here = part.windows().within(all, placed);
              part.product.multiply(here, packed, part.packed, image, first, rows, part.to);
            }
          }
        });
  }

  private float[] pack(int g, List<Part> parts, int size) {
    float[] packed = Workspace.current().floats(Workspace.SHARED, size);
    int in = s.groupIn();
    int from = wOffset + g * s.groupOut() * in * s.taps();
    for (var part : parts) {
      part.product.pack(
          w, (t, i) -> from + i * s.taps() + part.taps[t], in * s.taps(), packed, part.packed);
    }
    return packed;
  }

  private Part part(int g, Phase rows, Phase cols, int packed) {
    var product = new WindowProduct(windows(g, rows, cols), s.n(), s.groupIn());
    int line = s.width() * s.inChannels();
    int at = rows.start() * line + cols.start() * s.inChannels() + g * s.groupIn();
    var to =
        new WindowProduct.Target(
            dx, dxOffset + at, s.height() * line, rows.step() * line, cols.step() * s.inChannels());
    return new Part(product, Phase.taps(rows, cols, s.kernelWidth()), packed, to);
  }

  private List<Phase> phasesDown() {
    return Phase.all(s.height(), s.top(), s.kernelHeight(), s.strideHeight(), s.dilationHeight());
  }

  private List<Phase> phasesAcross() {
    return Phase.all(s.width(), s.left(), s.kernelWidth(), s.strideWidth(), s.dilationWidth());
  }

  /**
   * Computes all phases together: a row of the product is a block of {@code strideHeight ·
   * strideWidth} neighbouring pixels, and the kernel positions that reach any of them count for
   * all. Returns whether no result is NaN.
   */
  private boolean together() {
    var notNumbers = new AtomicBoolean();
    int backH = (s.kernelHeight() - 1) * s.dilationHeight() / s.strideHeight();
    int backW = (s.kernelWidth() - 1) * s.dilationWidth() / s.strideWidth();
    int[] runRows = new int[backH + 1];
    Arrays.setAll(runRows, r -> r);
    int down = (s.height() - 1 + s.top()) / s.strideHeight() + 1;
    int across = (s.width() - 1 + s.left()) / s.strideWidth() + 1;
    var windows =
        new Windows(
            s.outHeight(),
            s.outWidth(),
            s.outChannels(),
            0,
            s.outChannels(),
            -backH,
            -backW,
            1,
            1,
            down,
            across,
            runRows,
            new int[runRows.length],
            backW + 1);
    int block = s.strideHeight() * s.strideWidth() * s.inChannels();
    var product = new WindowProduct(windows, s.n(), block);
    float[] packed = Workspace.current().floats(Workspace.SHARED, product.packedSize());
    int channelStride = s.inChannels() * s.taps();
    product.pack(w, (t, j) -> weight(backH, backW, t, j), channelStride, packed, 0);
    WindowProduct.chunks(
        s.n(),
        down,
        product.rowsPerChunk(1),
        (image, first, count) -> {
          int row = across * block;
          float[] blocks = Workspace.current().floats(Workspace.ROWS, count * row);
          var to = new WindowProduct.Target(blocks, -first * row, 0, row, block);
          var placed = windows.place(dy, dyOffset, image, first, count);
          product.multiply(placed, packed, 0, image, first, count, to);
          if (Float.isNaN(RowKernels.sum(blocks, 0, count * row))) {
            notNumbers.set(true);
          }
          for (int r = 0; r < count; r++) {
            spread(blocks, r * row, across, image, first + r);
          }
        });
    return !notNumbers.get();
  }

  /**
   * Returns the index of the weight that takes output pixel {@code t} of a window to float {@code
   * j} of a block, or -1.
   */
  private int weight(int backH, int backW, int t, int j) {
    int pixel = j / s.inChannels();
    int down = (backH - t / (backW + 1)) * s.strideHeight() + pixel / s.strideWidth();
    int across = (backW - t % (backW + 1)) * s.strideWidth() + pixel % s.strideWidth();
    int row = down / s.dilationHeight();
    int col = across / s.dilationWidth();
    boolean hits = down % s.dilationHeight() == 0 && across % s.dilationWidth() == 0;
    if (!hits || row >= s.kernelHeight() || col >= s.kernelWidth()) {
      return -1;
    }
    return wOffset + (j % s.inChannels() * s.kernelHeight() + row) * s.kernelWidth() + col;
  }

  /** Takes a row of blocks apart into rows of pixels. */
  private void spread(float[] blocks, int from, int across, int image, int row) {
    int part = s.strideWidth() * s.inChannels();
    int line = s.width() * s.inChannels();
    float[] pixels = Workspace.current().floats(Workspace.COLUMNS, across * part + Lanes.COUNT);
    for (int i = 0; i < s.strideHeight(); i++) {
      int y = row * s.strideHeight() + i - s.top();
      if (y >= 0 && y < s.height()) {
        int distance = s.strideHeight() * part;
        Panels.copy(blocks, from + i * part, distance, across, part, part, pixels, 0);
        int to = dxOffset + (image * s.height() + y) * line;
        System.arraycopy(pixels, s.left() * s.inChannels(), dx, to, line);
      }
    }
  }

  private Windows windows(int g, Phase rows, Phase cols) {
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

  private void clear(int g, Phase rows, Phase cols) {
    int in = s.inChannels();
    int channel = g * s.groupIn();
    Parallel.run(
        s.n(),
        image -> {
          for (int r = 0; r < rows.count(); r++) {
            int line = dxOffset + (image * s.height() + rows.pixel(r)) * s.width() * in;
            for (int c = 0; c < cols.count(); c++) {
              int at = line + cols.pixel(c) * in + channel;
              Arrays.fill(dx, at, at + s.groupIn(), 0f);
            }
          }
        });
  }
}
