package dev.cortado.simd;

import dev.cortado.tensor.Parallel;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * Depthwise convolution on channels-last images: every channel is convolved by itself, so lanes run
 * over channels and nothing is ever shuffled.
 *
 * <p>The work is one row of output pixels at a time. Four neighbouring pixels are computed
 * together: a weight that was loaded serves all four. Which taps of the kernel fall into the image
 * is settled outside the loops: a row is cut into the columns where all taps count, and the few at
 * its ends.
 *
 * <p>Weights come as torch keeps them, {@code [C, 1, kh, kw]}, and are packed as {@code [kh·kw,
 * C]}.
 */
final class DepthwiseKernels {
  private static final VectorSpecies<Float> S = Lanes.F32;

  /** Neighbouring output pixels computed together. */
  private static final int PIXELS = 4;

  /** Multiply-adds per chunk of parallel work. */
  private static final int CHUNK_WORK = 1 << 19;

  private DepthwiseKernels() {}

  /** Returns torch's weights {@code [C, 1, kh, kw]} as {@code [kh·kw, C]}. */
  private static float[] pack(float[] weights, int offset, int channels, int taps) {
    float[] packed = new float[taps * channels];
    for (int c = 0; c < channels; c++) {
      for (int t = 0; t < taps; t++) {
        packed[t * channels + c] = weights[offset + c * taps + t];
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

    void add(int inputOffset, int weightOffset) {
      input[count] = inputOffset;
      weight[count++] = weightOffset;
    }
  }

  /** Computes y from x, and calls {@code epilogue} on each finished row of pixels. */
  static void forward(
      Conv2dShape s,
      float[] x,
      int xAt,
      float[] w,
      int wAt,
      float[] y,
      int yAt,
      @Nullable TileEpilogue epilogue) {
    float[] packed = pack(w, wAt, s.inChannels(), s.taps());
    int rows = s.n() * s.outHeight();
    int rowWork = s.outWidth() * s.inChannels() * s.taps();
    Parallel.ranges(
        rows,
        Math.max(1, CHUNK_WORK / rowWork),
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int image = row / s.outHeight();
            int i = row % s.outHeight();
            int out = yAt + row * s.outWidth() * s.inChannels();
            forwardRow(
                s, x, xAt + image * s.height() * s.width() * s.inChannels(), i, packed, y, out);
            if (epilogue != null) {
              epilogue.apply(
                  y, out, s.inChannels(), row * s.outWidth(), 0, s.outWidth(), s.inChannels());
            }
          }
        });
  }

  private static void forwardRow(
      Conv2dShape s, float[] x, int image, int i, float[] w, float[] y, int out) {
    int c = s.inChannels();
    int stride = s.strideWidth();
    // Columns whose window lies inside the image from the first tap to the last.
    int reach = (s.kernelWidth() - 1) * s.dilationWidth();
    int first = Math.min(s.outWidth(), (s.left() + stride - 1) / stride);
    int last =
        Math.max(
            first,
            Math.min(s.outWidth(), Math.floorDiv(s.width() - 1 - reach + s.left(), stride) + 1));
    for (int j = 0; j < s.outWidth(); ) {
      int end = j < first || j >= last ? j + 1 : last;
      var taps = new Taps(s.taps());
      for (int u = 0; u < s.kernelHeight(); u++) {
        int row = i * s.strideHeight() - s.top() + u * s.dilationHeight();
        for (int v = 0; row >= 0 && row < s.height() && v < s.kernelWidth(); v++) {
          int column = j * stride - s.left() + v * s.dilationWidth();
          if (column >= 0 && column < s.width()) {
            taps.add(image + (row * s.width() + column) * c, (u * s.kernelWidth() + v) * c);
          }
        }
      }
      run(x, stride * c, taps, w, y, out + j * c, c, end - j, c);
      j = end;
    }
  }

  /**
   * Computes the gradient by x from that by y: each input pixel gathers from the output pixels it
   * went into.
   */
  static void inputGradient(
      Conv2dShape s, float[] dy, int dyAt, float[] w, int wAt, float[] dx, int dxAt) {
    float[] packed = pack(w, wAt, s.inChannels(), s.taps());
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

  /**
   * Computes the gradient by the weights. Rows of output pixels are added up in chunks of fixed
   * size, and the chunks' sums in order.
   */
  static void weightGradient(
      Conv2dShape s, float[] x, int xAt, float[] dy, int dyAt, float[] dw, int dwAt) {
    int rows = s.n() * s.outHeight();
    int size = s.taps() * s.inChannels();
    int rowWork = s.outWidth() * size;
    int perChunk = Math.max(1, Math.max(4 * CHUNK_WORK / rowWork, rows / 64));
    int chunks = (rows + perChunk - 1) / perChunk;
    float[] sums = new float[chunks * size];
    Parallel.run(
        chunks,
        chunk -> {
          for (int row = chunk * perChunk; row < Math.min(rows, (chunk + 1) * perChunk); row++) {
            int image = xAt + row / s.outHeight() * s.height() * s.width() * s.inChannels();
            int from = dyAt + row * s.outWidth() * s.inChannels();
            weightRow(s, x, image, dy, from, row % s.outHeight(), sums, chunk * size);
          }
        });
    for (int c = 0; c < s.inChannels(); c++) {
      for (int t = 0; t < s.taps(); t++) {
        double sum = 0;
        for (int chunk = 0; chunk < chunks; chunk++) {
          sum += sums[chunk * size + t * s.inChannels() + c];
        }
        dw[dwAt + c * s.taps() + t] = (float) sum;
      }
    }
  }

  private static void weightRow(
      Conv2dShape s, float[] x, int image, float[] dy, int dyAt, int i, float[] sums, int at) {
    int c = s.inChannels();
    int stride = s.strideWidth();
    for (int u = 0; u < s.kernelHeight(); u++) {
      int row = i * s.strideHeight() - s.top() + u * s.dilationHeight();
      if (row < 0 || row >= s.height()) {
        continue;
      }
      for (int v = 0; v < s.kernelWidth(); v++) {
        int shift = v * s.dilationWidth() - s.left();
        int first = Math.max(0, Math.ceilDiv(-shift, stride));
        int last = Math.min(s.outWidth(), Math.floorDiv(s.width() - 1 - shift, stride) + 1);
        int sum = at + (u * s.kernelWidth() + v) * c;
        if (first < last) {
          int from = image + (row * s.width() + first * stride + shift) * c;
          dot(x, from, stride * c, dy, dyAt + first * c, c, last - first, sums, sum, c);
        }
      }
    }
  }

  /** Adds {@code Σ x·dy} over {@code pixels} pixels to the sums of each channel. */
  private static void dot(
      float[] x,
      int xAt,
      int xStep,
      float[] dy,
      int dyAt,
      int dyStep,
      int pixels,
      float[] sums,
      int at,
      int n) {
    int c = 0;
    for (; c < S.loopBound(n); c += S.length()) {
      var a = FloatVector.fromArray(S, sums, at + c);
      var b = FloatVector.zero(S);
      int p = 0;
      for (; p + 1 < pixels; p += 2) {
        int from = xAt + p * xStep + c;
        int with = dyAt + p * dyStep + c;
        a = FloatVector.fromArray(S, x, from).fma(FloatVector.fromArray(S, dy, with), a);
        b =
            FloatVector.fromArray(S, x, from + xStep)
                .fma(FloatVector.fromArray(S, dy, with + dyStep), b);
      }
      if (p < pixels) {
        a =
            FloatVector.fromArray(S, x, xAt + p * xStep + c)
                .fma(FloatVector.fromArray(S, dy, dyAt + p * dyStep + c), a);
      }
      a.add(b).intoArray(sums, at + c);
    }
    if (c < n) {
      var mask = S.indexInRange(c, n);
      var a = FloatVector.fromArray(S, sums, at + c, mask);
      for (int p = 0; p < pixels; p++) {
        var value = FloatVector.fromArray(S, x, xAt + p * xStep + c, mask);
        a = value.fma(FloatVector.fromArray(S, dy, dyAt + p * dyStep + c, mask), a);
      }
      a.intoArray(sums, at + c, mask);
    }
  }
}
