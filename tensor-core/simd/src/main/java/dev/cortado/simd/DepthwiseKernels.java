package dev.cortado.simd;

import dev.cortado.tensor.Parallel;
import org.jspecify.annotations.Nullable;

/**
 * Depthwise convolutions on channels-last images: every channel is convolved by itself, so lanes
 * run over channels and nothing is ever shuffled. There are few multiplications per number, so all
 * depends on touching each number rarely.
 *
 * <p>The unit of work is a {@link DepthwiseRow} of output pixels for some channels, few enough that
 * the input rows stay in the first-level cache while the rows below one another are computed.
 *
 * <p>The input gradient with stride 1 is again such a convolution, with the kernel turned around;
 * with a stride it is one in which neighbouring pixels see other taps. Both are the same loops over
 * another {@link Slide}. The weight gradient is {@link DepthwiseWeightGradient}.
 *
 * <p>Weights come as {@code [channels, 1, kernelHeight, kernelWidth]} and are turned into {@code
 * [kernelHeight, kernelWidth, channels]}.
 */
final class DepthwiseKernels {
  /** Multiply-adds per chunk of parallel work. */
  private static final int CHUNK_WORK = 1 << 18;

  /** Output rows per chunk, at least: the input rows at its ends are read twice ... */
  private static final int CHUNK_ROWS = 8;

  /** ... which is better than idle cores where there are a few chunks only. */
  private static final int FEW_ROWS = 4;

  private static final int FEW_CHUNKS = 16;

  /** Output rows per chunk of few small images. */
  private static final int SMALL_ROWS = 2;

  /** Pixels of an image that is cut by channels only, if there are enough of them. */
  private static final int SMALL_IMAGE = 256;

  /** Channels per chunk, at least: neighbouring chunks write to the same cache lines. */
  private static final int CHUNK_CHANNELS = 64;

  /** As many chunks as small images are cut into at most, unless there are more images. */
  private static final int CHUNKS = 32;

  /** Floats of the input rows of one output row, so that they stay in the second-level cache. */
  private static final int CLOSE = 1 << 15;

  /** Channels whose weights are turned together, and weights per chunk of that. */
  private static final int TURNED = 64;

  private static final int TURNED_CHUNK = 1 << 11;

  private final Slide down;
  private final Slide.Reach[] reaches;
  private final Slide across;
  private final int n;
  private final int whole;
  private final DepthwiseRow row;
  private final DepthwiseRow rest;

  private DepthwiseKernels(Slide down, Slide across, int channels) {
    this.down = down;
    this.reaches = down.reaches();
    this.across = across;
    this.n = channels;
    this.whole = channels / Lanes.COUNT * Lanes.COUNT;
    this.row = DepthwiseRow.of(down, across, n, whole == 0);
    this.rest = DepthwiseRow.of(down, across, n, whole < n);
  }

  /** Computes the output; see {@link Conv2dKernels#forward}. */
  static void forward(
      Conv2dShape s,
      float[] x,
      int xAt,
      float[] w,
      int wAt,
      float[] y,
      int yAt,
      @Nullable TileEpilogue epilogue) {
    float[] packed = pack(w, wAt, s.inChannels(), s.taps(), false);
    new DepthwiseKernels(Slide.down(s), Slide.across(s), s.inChannels())
        .run(s.n(), x, xAt, packed, y, yAt, epilogue);
  }

  /**
   * Computes the gradient by x from that by y: each input pixel gathers from the output pixels it
   * went into.
   */
  static void inputGradient(
      Conv2dShape s, float[] dy, int dyAt, float[] w, int wAt, float[] dx, int dxAt) {
    var down = Slide.down(s);
    var across = Slide.across(s);
    boolean turned = s.strideHeight() == 1 && s.strideWidth() == 1;
    float[] packed = pack(w, wAt, s.inChannels(), s.taps(), turned);
    new DepthwiseKernels(
            turned ? down.turned() : down.back(),
            turned ? across.turned() : across.back(),
            s.inChannels())
        .run(s.n(), dy, dyAt, packed, dx, dxAt, null);
  }

  /** Computes the weights' gradient; see {@link Conv2dKernels#weightGradient}. */
  static void weightGradient(
      Conv2dShape s, float[] x, int xAt, float[] dy, int dyAt, float[] dw, int dwAt) {
    DepthwiseWeightGradient.run(s, x, xAt, dy, dyAt, dw, dwAt);
  }

  /**
   * Returns weights {@code [channels, taps]} as {@code [taps, channels]}, the taps in reverse order
   * if {@code turned}; they begin behind {@link Aligned#FRONT}.
   */
  private static float[] pack(float[] w, int wAt, int channels, int taps, boolean turned) {
    int first = Aligned.FRONT;
    float[] packed = Workspace.current().floats(Workspace.SHARED, first + taps * channels);
    Parallel.ranges(
        Math.ceilDiv(channels, TURNED),
        Math.max(1, TURNED_CHUNK / (TURNED * taps)),
        (from, to) -> {
          for (int block = from * TURNED; block < to * TURNED; block += TURNED) {
            int end = Math.min(channels, block + TURNED);
            for (int t = 0; t < taps; t++) {
              int source = wAt + (turned ? taps - 1 - t : t);
              for (int c = block; c < end; c++) {
                packed[first + t * channels + c] = w[source + c * taps];
              }
            }
          }
        });
    return packed;
  }

  private void run(
      int images,
      float[] x,
      int xAt,
      float[] w,
      float[] y,
      int yAt,
      @Nullable TileEpilogue epilogue) {
    int height = down.outputs();
    int width = across.outputs();
    int perPixel = Math.max(1, down.kernel() * across.kernel());
    boolean small = Math.max(height * width, down.inputs() * across.inputs()) <= SMALL_IMAGE;
    int least = leastRows(images, height, small);
    int rows = small ? least : Math.clamp(CHUNK_WORK / (width * perPixel * n), least, height);
    int channels =
        small && rows == height ? channelsPerChunk(images, height * width * perPixel) : n;
    int bands = Math.ceilDiv(height, rows);
    int parts = Math.ceilDiv(n, channels);
    int imageSize = down.inputs() * across.inputs() * n;
    Parallel.run(
        images * bands * parts,
        chunk -> {
          int image = chunk / parts / bands;
          int first = chunk / parts % bands * rows;
          int end = Math.min(height, first + rows);
          int from = chunk % parts * channels;
          int to = Math.min(n, from + channels);
          int in = xAt + image * imageSize;
          int pixel = image * height * width;
          band(x, in, w, y, yAt + pixel * n, first, end, from, to);
          if (epilogue != null) {
            pixel += first * width;
            int count = (end - first) * width;
            epilogue.apply(y, yAt + pixel * n + from, n, pixel, from, count, to - from);
          }
        });
  }

  /**
   * Returns how many rows of an image a chunk has at least. Where there are few images they are cut
   * into bands: two cores that work on different channels of the same rows get into each other's
   * way, because the hardware fetches ahead what the other one is about to write.
   */
  private static int leastRows(int images, int height, boolean small) {
    if (small) {
      return images < FEW_CHUNKS / 2 && height > 4 * SMALL_ROWS ? SMALL_ROWS : height;
    }
    boolean few = images * Math.ceilDiv(height, CHUNK_ROWS) < FEW_CHUNKS;
    return Math.min(few ? FEW_ROWS : CHUNK_ROWS, height);
  }

  /** Returns how many channels of a small image to give to a chunk, by the work on one. */
  private int channelsPerChunk(int images, int work) {
    int worth = Math.max(CHUNK_CHANNELS, CHUNK_WORK / work);
    return Lanes.roundUp(
        Math.max(worth, Math.ceilDiv(n, Math.ceilDiv(CHUNKS, images))), Lanes.COUNT);
  }

  /** Computes channels {@code from … to-1} of output rows {@code first … end-1} of an image. */
  private void band(
      float[] x, int image, float[] w, float[] y, int out, int first, int end, int from, int to) {
    int pixels = Math.min(down.kernel(), down.inputs()) * across.inputs();
    int last = Math.min(to, whole);
    int blocks = Math.ceilDiv(last - from, Math.max(Lanes.COUNT, CLOSE / pixels));
    int block = Lanes.roundUp(Math.ceilDiv(last - from, Math.max(1, blocks)), Lanes.COUNT);
    for (int c = from; c < last; c += block) {
      rows(
          row,
          x,
          image + c,
          w,
          Aligned.FRONT + c,
          y,
          out + c,
          first,
          end,
          Math.min(block, last - c));
    }
    if (last < to) {
      rows(rest, x, image + last, w, Aligned.FRONT + last, y, out + last, first, end, to - last);
    }
  }

  private void rows(
      DepthwiseRow row,
      float[] x,
      int image,
      float[] w,
      int wAt,
      float[] y,
      int out,
      int first,
      int end,
      int channels) {
    int pitch = across.inputs() * n;
    int wPitch = across.kernel() * n;
    int yPitch = across.outputs() * n;
    for (var meet : Slide.meets(reaches, first, end, row.rows())) {
      row.run(meet, x, image, pitch, w, wAt, wPitch, y, out, yPitch, channels);
    }
  }
}
