package dev.cortado.simd;

import dev.cortado.tensor.Parallel;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * Depthwise convolutions on channels-last images: every channel is convolved by itself, so lanes
 * run over channels and nothing is ever shuffled. There are few multiplications per number, so all
 * depends on touching each number rarely.
 *
 * <p>The work is one row of output pixels at a time. A row is cut into runs of pixels that see the
 * same taps of the kernel: the long one in the middle, where the whole window lies inside the
 * image, and the few at its ends. Where all taps of a 3×3 or 5×5 kernel count, {@link
 * DepthwisePasses} computes four or eight pixels together; otherwise a list of taps is walked.
 *
 * <p>The input gradient with stride 1 is again such a convolution, with the kernel turned around.
 * With a stride, input pixels that lie a stride apart see the same taps and form a run. The weight
 * gradient is {@link DepthwiseWeightGradient}.
 *
 * <p>Weights come as {@code [channels, 1, kernelHeight, kernelWidth]} and are turned into {@code
 * [kernelHeight, kernelWidth, channels]}.
 */
final class DepthwiseKernels {
  private static final VectorSpecies<Float> S = Lanes.F32;

  /** Neighbouring output pixels computed together. */
  private static final int PIXELS = 4;

  /** Multiply-adds per chunk of parallel work. */
  private static final int CHUNK_WORK = 1 << 17;

  private DepthwiseKernels() {}

  /**
   * Returns weights {@code [channels, taps]} as {@code [taps, channels]}, the taps in reverse order
   * if {@code turned}.
   */
  private static float[] pack(float[] w, int wAt, int channels, int taps, boolean turned) {
    float[] packed = Workspace.current().floats(Workspace.SHARED, taps * channels);
    for (int t = 0; t < taps; t++) {
      int from = wAt + (turned ? taps - 1 - t : t);
      for (int c = 0; c < channels; c++) {
        packed[t * channels + c] = w[from + c * taps];
      }
    }
    return packed;
  }

  /**
   * The taps that one run of pixels takes part in: input element {@code input[t] + pixel·step} goes
   * with weight row {@code weight[t]}.
   */
  private static final class Taps {
    final int[] input;
    final int[] weight;
    int count;

    Taps(int most) {
      input = new int[most];
      weight = new int[most];
    }

    void shift(int distance) {
      for (int t = 0; t < count; t++) {
        input[t] += distance;
      }
    }

    void add(int inputOffset, int weightOffset) {
      input[count] = inputOffset;
      weight[count++] = weightOffset;
    }
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
    convolve(s, -s.top(), -s.left(), s.outHeight(), s.outWidth(), x, xAt, packed, y, yAt, epilogue);
  }

  /**
   * Convolves images of {@code s}: the first window begins at row {@code top} and column {@code
   * left}, and there are {@code outHeight × outWidth} of them.
   */
  private static void convolve(
      Conv2dShape s,
      int top,
      int left,
      int outHeight,
      int outWidth,
      float[] x,
      int xAt,
      float[] w,
      float[] y,
      int yAt,
      @Nullable TileEpilogue epilogue) {
    int channels = s.inChannels();
    int rowWork = outWidth * channels * s.taps();
    Parallel.ranges(
        s.n() * outHeight,
        Math.max(1, CHUNK_WORK / rowWork),
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int image = xAt + row / outHeight * s.height() * s.width() * channels;
            int out = yAt + row * outWidth * channels;
            int first = top + row % outHeight * s.strideHeight();
            row(s, x, image, first, left, w, y, out, outWidth);
            if (epilogue != null) {
              epilogue.apply(y, out, channels, row * outWidth, 0, outWidth, channels);
            }
          }
        });
  }

  /**
   * Computes a row of output pixels whose windows begin at row {@code top}, the first one at column
   * {@code left}.
   */
  private static void row(
      Conv2dShape s,
      float[] x,
      int image,
      int top,
      int left,
      float[] w,
      float[] y,
      int out,
      int outWidth) {
    int c = s.inChannels();
    int stride = s.strideWidth();
    // Columns whose window lies inside the image from the first tap to the last.
    int reach = (s.kernelWidth() - 1) * s.dilationWidth();
    int first = Math.clamp(Math.ceilDiv(-left, stride), 0, outWidth);
    int last = Math.clamp(Math.floorDiv(s.width() - 1 - reach - left, stride) + 1, first, outWidth);
    for (int j = 0; j < outWidth; ) {
      int end = j < first || j >= last ? j + 1 : last;
      var taps = new Taps(s.taps());
      for (int u = 0; u < s.kernelHeight(); u++) {
        int row = top + u * s.dilationHeight();
        for (int v = 0; row >= 0 && row < s.height() && v < s.kernelWidth(); v++) {
          int column = left + j * stride + v * s.dilationWidth();
          if (column >= 0 && column < s.width()) {
            taps.add(image + (row * s.width() + column) * c, (u * s.kernelWidth() + v) * c);
          }
        }
      }
      int done = j == first && first < last ? whole(s, x, taps, w, y, out + j * c, end - j) : 0;
      j += done;
      if (j < end) {
        taps.shift(done * stride * c);
        run(x, stride * c, taps, w, y, out + j * c, c, end - j, c);
      }
      j = end;
    }
  }

  /**
   * Computes as many of {@code pixels} pixels, all of whose columns of taps lie in the image, as
   * there is a fast pass for.
   *
   * @return how many it did
   */
  private static int whole(
      Conv2dShape s, float[] x, Taps taps, float[] w, float[] y, int yAt, int pixels) {
    int n = s.inChannels();
    int stride = s.strideWidth();
    int width = s.kernelWidth();
    int size = stride == 1 ? 8 : 4;
    boolean known = (width == 3 || width == 5) && stride <= 2 && s.dilationWidth() == 1;
    if (!known || pixels < size || n % Lanes.COUNT != 0 || taps.count == 0) {
      return 0;
    }
    int rows = taps.count / width;
    int pitch = rows == 1 ? 0 : taps.input[width] - taps.input[0];
    int wAt = taps.weight[0];
    int done = 0;
    // A few pixels are left to the list of taps; otherwise the last pass steps back.
    while (pixels - done >= size / 2) {
      int first = Math.min(done, pixels - size);
      int at = yAt + first * n;
      int from = taps.input[0] + first * stride * n;
      if (width == 3 && stride == 1) {
        DepthwisePasses.three1(x, from, n, pitch, rows, w, wAt, n, y, at, n);
      } else if (width == 3) {
        DepthwisePasses.three2(x, from, n, pitch, rows, w, wAt, n, y, at, n);
      } else if (stride == 1) {
        DepthwisePasses.five1(x, from, n, pitch, rows, w, wAt, n, y, at, n);
      } else {
        DepthwisePasses.five2(x, from, n, pitch, rows, w, wAt, n, y, at, n);
      }
      done = first + size;
    }
    return done;
  }

  /**
   * Computes the gradient by x from that by y: each input pixel gathers from the output pixels it
   * went into.
   */
  static void inputGradient(
      Conv2dShape s, float[] dy, int dyAt, float[] w, int wAt, float[] dx, int dxAt) {
    if (s.strideHeight() == 1 && s.strideWidth() == 1) {
      float[] turned = pack(w, wAt, s.inChannels(), s.taps(), true);
      int top = s.top() - (s.kernelHeight() - 1) * s.dilationHeight();
      int left = s.left() - (s.kernelWidth() - 1) * s.dilationWidth();
      convolve(s.reversed(), top, left, s.height(), s.width(), dy, dyAt, turned, dx, dxAt, null);
      return;
    }
    float[] packed = pack(w, wAt, s.inChannels(), s.taps(), false);
    int rows = s.n() * s.height();
    int rowWork =
        Math.max(1, s.width() * s.inChannels() * s.taps() / (s.strideHeight() * s.strideWidth()));
    Parallel.ranges(
        rows,
        Math.max(1, CHUNK_WORK / rowWork),
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int image = row / s.height();
            int out = dxAt + row * s.width() * s.inChannels();
            int in = dyAt + image * s.outHeight() * s.outWidth() * s.inChannels();
            gradientRow(s, dy, in, row % s.height(), packed, dx, out);
          }
        });
  }

  /** Columns that are {@code stride} apart see the same taps: they form one run. */
  private static void gradientRow(
      Conv2dShape s, float[] dy, int image, int h, float[] w, float[] dx, int out) {
    int c = s.inChannels();
    int stride = s.strideWidth();
    for (int phase = 0; phase < Math.min(stride, s.width()); phase++) {
      int columns = (s.width() - phase + stride - 1) / stride;
      for (int k = 0; k < columns; ) {
        int length = sameTaps(s, phase, k, columns);
        var taps = new Taps(s.taps());
        for (int u = 0; u < s.kernelHeight(); u++) {
          int i = source(h + s.top() - u * s.dilationHeight(), s.strideHeight(), s.outHeight());
          for (int v = 0; i >= 0 && v < s.kernelWidth(); v++) {
            int j =
                source(phase + k * stride + s.left() - v * s.dilationWidth(), stride, s.outWidth());
            if (j >= 0) {
              taps.add(image + (i * s.outWidth() + j) * c, (u * s.kernelWidth() + v) * c);
            }
          }
        }
        run(dy, c, taps, w, dx, out + (phase + k * stride) * c, stride * c, length, c);
        k += length;
      }
    }
  }

  /**
   * Returns the output row or column whose window begins {@code distance} before, or -1 if there is
   * none.
   */
  private static int source(int distance, int stride, int size) {
    return distance >= 0 && distance % stride == 0 && distance / stride < size
        ? distance / stride
        : -1;
  }

  /** Returns how many columns from number {@code k} of a phase on see the same taps as that one. */
  private static int sameTaps(Conv2dShape s, int phase, int k, int columns) {
    int length = columns - k;
    for (int v = 0; v < s.kernelWidth(); v++) {
      int distance = phase + k * s.strideWidth() + s.left() - v * s.dilationWidth();
      if (Math.floorMod(distance, s.strideWidth()) != 0) {
        continue;
      }
      int j = Math.floorDiv(distance, s.strideWidth());
      if (j < 0) {
        length = Math.min(length, -j);
      } else if (j < s.outWidth()) {
        length = Math.min(length, s.outWidth() - j);
      }
    }
    return length;
  }

  /** Computes {@code pixels} output pixels of {@code channels} channels that take the same taps. */
  private static void run(
      float[] x,
      int xStep,
      Taps taps,
      float[] w,
      float[] y,
      int yAt,
      int yStep,
      int pixels,
      int channels) {
    int p = 0;
    for (; p + PIXELS <= pixels; p += PIXELS) {
      four(
          x,
          p * xStep,
          xStep,
          taps.input,
          taps.weight,
          taps.count,
          w,
          y,
          yAt + p * yStep,
          yStep,
          channels);
    }
    for (; p < pixels; p++) {
      one(x, p * xStep, taps.input, taps.weight, taps.count, w, y, yAt + p * yStep, channels);
    }
  }

  private static void four(
      float[] x,
      int shift,
      int step,
      int[] at,
      int[] wAt,
      int taps,
      float[] w,
      float[] y,
      int out,
      int outStep,
      int n) {
    int c = 0;
    for (; c < S.loopBound(n); c += S.length()) {
      var a = FloatVector.zero(S);
      var b = a;
      var d = a;
      var e = a;
      for (int t = 0; t < taps; t++) {
        var weight = FloatVector.fromArray(S, w, wAt[t] + c);
        int from = at[t] + shift + c;
        a = FloatVector.fromArray(S, x, from).fma(weight, a);
        b = FloatVector.fromArray(S, x, from + step).fma(weight, b);
        d = FloatVector.fromArray(S, x, from + 2 * step).fma(weight, d);
        e = FloatVector.fromArray(S, x, from + 3 * step).fma(weight, e);
      }
      a.intoArray(y, out + c);
      b.intoArray(y, out + outStep + c);
      d.intoArray(y, out + 2 * outStep + c);
      e.intoArray(y, out + 3 * outStep + c);
    }
    if (c < n) {
      for (int p = 0; p < PIXELS; p++) {
        tail(x, shift + p * step, at, wAt, taps, w, y, out + p * outStep, c, S.indexInRange(c, n));
      }
    }
  }

  private static void one(
      float[] x, int shift, int[] at, int[] wAt, int taps, float[] w, float[] y, int out, int n) {
    int c = 0;
    for (; c < S.loopBound(n); c += S.length()) {
      var a = FloatVector.zero(S);
      for (int t = 0; t < taps; t++) {
        a =
            FloatVector.fromArray(S, x, at[t] + shift + c)
                .fma(FloatVector.fromArray(S, w, wAt[t] + c), a);
      }
      a.intoArray(y, out + c);
    }
    if (c < n) {
      tail(x, shift, at, wAt, taps, w, y, out, c, S.indexInRange(c, n));
    }
  }

  private static void tail(
      float[] x,
      int shift,
      int[] at,
      int[] wAt,
      int taps,
      float[] w,
      float[] y,
      int out,
      int c,
      VectorMask<Float> mask) {
    var a = FloatVector.zero(S);
    for (int t = 0; t < taps; t++) {
      var value = FloatVector.fromArray(S, x, at[t] + shift + c, mask);
      a = value.fma(FloatVector.fromArray(S, w, wAt[t] + c, mask), a);
    }
    a.intoArray(y, out + c, mask);
  }

  /** Computes the weights' gradient; see {@link Conv2dKernels#weightGradient}. */
  static void weightGradient(
      Conv2dShape s, float[] x, int xAt, float[] dy, int dyAt, float[] dw, int dwAt) {
    DepthwiseWeightGradient.run(s, x, xAt, dy, dyAt, dw, dwAt);
  }
}
