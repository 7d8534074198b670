package dev.cortado.simd;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.IndexOp;
import dev.cortado.tensor.op.PoolingOp;
import dev.cortado.tensor.op.Taps;
import dev.cortado.tensor.op.TensorSpec;
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** Pooling: means are a resampling; the largest elements are found for many channels at once. */
final class PoolingSimd {
  private static final VectorSpecies<Float> S = Lanes.F32;
  private static final VectorSpecies<Integer> PLACES = VectorSpecies.of(int.class, S.vectorShape());

  private static final int L = Lanes.COUNT;

  /** Comparisons in a chunk of work. */
  private static final int WORK = 1 << 16;

  /** Channels of a chunk of the gradient. */
  private static final int CHANNELS = 64;

  private PoolingSimd() {}

  /** Returns the results, or null if the reference has to compute them. */
  static @Nullable List<Tensor> run(PoolingOp op, List<Tensor> inputs, List<TensorSpec> results) {
    var x = inputs.getFirst();
    var spec = results.getFirst();
    if (x.dtype() != DType.F32) {
      return null;
    }
    return switch (op) {
      case PoolingOp.AvgPool2d p ->
          list(ResampleSimd.run(p.name(), p.rows(x.dim(2)), p.columns(x.dim(3)), x, spec));
      case PoolingOp.AvgPool2dGradient p -> {
        var pool = new PoolingOp.AvgPool2d(p.kernelH(), p.kernelW(), p.window(), p.countBorder());
        var rows = pool.rows(p.input().dim(2)).transposed();
        var columns = pool.columns(p.input().dim(3)).transposed();
        yield list(ResampleSimd.run(p.name(), rows, columns, x, spec));
      }
      case PoolingOp.MaxPool2d p -> {
        var w = p.window();
        int kh = p.kernelH();
        int kw = p.kernelW();
        var y = spec.shape();
        yield max(
            p.name(),
            x,
            results,
            Span.of(x.dim(2), y.dim(2), kh, w.strideH(), w.dilationH(), w.top()),
            Span.of(x.dim(3), y.dim(3), kw, w.strideW(), w.dilationW(), w.left()));
      }
      case PoolingOp.AdaptiveMaxPool2d p ->
          max(
              p.name(),
              x,
              results,
              Span.adaptive(x.dim(2), p.height()),
              Span.adaptive(x.dim(3), p.width()));
      case PoolingOp.MaxPool2dGradient p -> list(maxGradient(p, x, inputs.get(1)));
    };
  }

  private static @Nullable List<Tensor> list(@Nullable Tensor result) {
    return result == null ? null : List.of(result);
  }

  /** The pixels that windows see along one axis: the first, how many, and their distance. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Span(int inputs, int[] first, int[] count, int step) {
    static Span of(int inputs, int outputs, int kernel, int stride, int dilation, int before) {
      int[] first = new int[outputs];
      int[] count = new int[outputs];
      for (int i = 0; i < outputs; i++) {
        int start = i * stride - before;
        int skipped = Math.max(0, Math.ceilDiv(-start, dilation));
        first[i] = start + skipped * dilation;
        int room = Math.floorDiv(inputs - 1 - start, dilation) + 1;
        count[i] = Math.min(kernel, room) - skipped;
      }
      return new Span(inputs, first, count, dilation);
    }

    static Span adaptive(int inputs, int outputs) {
      int[] first = new int[outputs];
      int[] count = new int[outputs];
      for (int i = 0; i < outputs; i++) {
        first[i] = Taps.adaptiveStart(i, inputs, outputs);
        count[i] = Taps.adaptiveEnd(i, inputs, outputs) - first[i];
      }
      return new Span(inputs, first, count, 1);
    }

    int outputs() {
      return first.length;
    }

    /** Returns whether a window lies in the border alone. */
    boolean hasEmpty() {
      return Arrays.stream(count).anyMatch(n -> n < 1);
    }

    int most() {
      return Arrays.stream(count).max().orElse(1);
    }
  }

  private static @Nullable List<Tensor> max(
      String name, Tensor x, List<TensorSpec> results, Span rows, Span columns) {
    if (rows.hasEmpty() || columns.hasEmpty()) {
      return null;
    }
    Shape shape = results.getFirst().shape();
    var layout = Layout.channelsLast(shape);
    var y = Tensor.empty(shape, DType.F32, layout, name);
    var places = Tensor.empty(shape, DType.I64, layout, name);
    if (y.elements() > 0) {
      var kernel = new Largest(ResampleSimd.dense(x, true), y, places, x.dim(1), rows, columns);
      int work = columns.outputs() * x.dim(1) * rows.most() * columns.most();
      Parallel.ranges(shape.dim(0) * rows.outputs(), Math.max(1, WORK / work), kernel::rows);
    }
    return List.of(y, places);
  }

  /** The largest elements of windows of channels-last images. */
  private static final class Largest {
    private final float[] x;
    private final int xAt;
    private final float[] y;
    private final long[] places;
    private final int channels;
    private final Span rows;
    private final Span columns;

    Largest(Tensor x, Tensor y, Tensor places, int channels, Span rows, Span columns) {
      this.x = x.host().floats();
      this.xAt = x.layout().offset();
      this.y = y.host().floats();
      this.places = places.host().longs();
      this.channels = channels;
      this.rows = rows;
      this.columns = columns;
    }

    void rows(int from, int to) {
      int[] found = Workspace.current().ints(channels + L);
      for (int row = from; row < to; row++) {
        int image = row / rows.outputs();
        int i = row % rows.outputs();
        int base = xAt + image * rows.inputs * columns.inputs * channels;
        for (int j = 0; j < columns.outputs(); j++) {
          int at = (row * columns.outputs() + j) * channels;
          for (int c = 0; c < channels; c += L) {
            window(base + c, i, j, channels - c, at + c, found, c);
          }
          for (int c = 0; c < channels; c++) {
            places[at + c] = found[c];
          }
        }
      }
    }

    /** Finds the largest of one window for a vector of channels, of which {@code left} are left. */
    private void window(int base, int i, int j, int left, int at, int[] found, int foundAt) {
      var mask = S.indexInRange(0, left);
      int place = rows.first[i] * columns.inputs + columns.first[j];
      var largest = FloatVector.fromArray(S, x, base + place * channels, mask);
      var where = IntVector.broadcast(PLACES, place);
      for (int u = 0; u < rows.count[i]; u++) {
        for (int v = 0; v < columns.count[j]; v++) {
          int here = place + u * rows.step * columns.inputs + v * columns.step;
          var value = FloatVector.fromArray(S, x, base + here * channels, mask);
          // Larger, or NaN where there was none: the first of equals and the first NaN stay.
          var wins =
              value
                  .compare(VectorOperators.LE, largest)
                  .not()
                  .and(largest.compare(VectorOperators.EQ, largest));
          largest = largest.blend(value, wins);
          where = where.blend(here, wins.cast(PLACES));
        }
      }
      largest.intoArray(y, at, mask);
      where.intoArray(found, foundAt);
    }
  }

  /** Adds each gradient at its place. A chunk has some channels of an image for itself. */
  private static Tensor maxGradient(PoolingOp.MaxPool2dGradient op, Tensor g, Tensor places) {
    Shape shape = op.input();
    var x = Tensor.empty(shape, DType.F32, Layout.channelsLast(shape), op.name());
    if (x.elements() > 0) {
      var gradient = ResampleSimd.dense(g, true);
      var where = ResampleSimd.dense(places, true);
      int parts = Math.ceilDiv(shape.dim(1), CHANNELS);
      Parallel.run(
          shape.dim(0) * parts,
          chunk -> new Gradient(op, x, gradient, where, chunk / parts, chunk % parts).run());
    }
    return x;
  }

  /** The gradients of some channels of an image. */
  private static final class Gradient {
    private final PoolingOp.MaxPool2dGradient op;
    private final float[] sums;
    private final float[] g;
    private final long[] places;
    private final int gAt;
    private final int placesAt;
    private final int base;
    private final int channels;
    private final int from;
    private final int to;
    private final int width;
    private final int plane;
    private final int rows;
    private final int columns;
    private final int ahead;
    private int cleared;

    Gradient(
        PoolingOp.MaxPool2dGradient op, Tensor x, Tensor g, Tensor places, int image, int part) {
      this.op = op;
      this.sums = x.host().floats();
      this.g = g.host().floats();
      this.places = places.host().longs();
      channels = x.dim(1);
      from = part * CHANNELS;
      to = Math.min(channels, from + CHANNELS);
      width = x.dim(3);
      plane = x.dim(2) * width;
      rows = g.dim(2);
      columns = g.dim(3);
      base = image * plane * channels;
      gAt = g.layout().offset() + image * rows * columns * channels;
      placesAt = places.layout().offset() + image * rows * columns * channels;
      ahead = rows == 0 ? 0 : Math.ceilDiv(x.dim(2), rows);
    }

    /** Rows are cleared shortly before they are written to, while the cache holds them. */
    void run() {
      for (int row = 0; row < rows; row++) {
        clear((int) Math.min(plane, (row + 2L) * ahead * width));
        for (int p = row * columns; p < (row + 1) * columns; p++) {
          addPixel(p * channels);
        }
      }
      clear(plane);
    }

    private void addPixel(int pixel) {
      for (int c = from; c < to; c++) {
        long place = places[placesAt + pixel + c];
        if (place < 0 || place >= cleared) {
          clear(IndexOp.checked(op, place, plane) + 1);
        }
        sums[base + (int) place * channels + c] += g[gAt + pixel + c];
      }
    }

    /** Fills with zeros all pixels before number {@code end} that have not been. */
    private void clear(int end) {
      int last = Math.min(end, plane);
      for (int p = cleared; p < last; p++) {
        Arrays.fill(sums, base + p * channels + from, base + p * channels + to, 0);
      }
      cleared = Math.max(cleared, last);
    }
  }
}
