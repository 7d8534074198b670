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
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** Pooling: means are a resampling; the largest elements are found for many channels at once. */
final class PoolingSimd {
  private static final VectorSpecies<Float> S = Lanes.F32;
  private static final int L = Lanes.COUNT;

  /** Comparisons in a chunk of work. */
  private static final int WORK = 1 << 16;

  /** Channels of a chunk of the gradient. */
  private static final int CHANNELS = 64;

  /** Places are compared as floats, which hold whole numbers up to here. */
  private static final int MOST_PLACES = 1 << 24;

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
    if (rows.hasEmpty() || columns.hasEmpty() || rows.inputs * columns.inputs > MOST_PLACES) {
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
      float[] found = Workspace.current().floats(Workspace.ROWS, channels + L);
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
            places[at + c] = (long) found[c];
          }
        }
      }
    }

    /** Finds the largest of one window for a vector of channels, of which {@code left} are left. */
    private void window(int base, int i, int j, int left, int at, float[] found, int foundAt) {
      var mask = S.indexInRange(0, left);
      int place = rows.first[i] * columns.inputs + columns.first[j];
      var largest = FloatVector.fromArray(S, x, base + place * channels, mask);
      var where = FloatVector.broadcast(S, place);
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
          where = where.blend(here, wins);
        }
      }
      largest.intoArray(y, at, mask);
      where.intoArray(found, foundAt, mask);
    }
  }

  /** Adds each gradient at its place. A chunk has some channels of an image for itself. */
  private static Tensor maxGradient(PoolingOp.MaxPool2dGradient op, Tensor g, Tensor places) {
    Shape shape = op.input();
    var x = Tensor.empty(shape, DType.F32, Layout.channelsLast(shape), op.name());
    float[] sums = x.host().floats();
    if (x.elements() == 0) {
      return x;
    }
    var gradient = ResampleSimd.dense(g, true);
    var where = ResampleSimd.dense(places, true);
    float[] gs = gradient.host().floats();
    long[] at = where.host().longs();
    int gAt = gradient.layout().offset();
    int wAt = where.layout().offset();
    int channels = shape.dim(1);
    int plane = shape.dim(2) * shape.dim(3);
    int pooled = g.dim(2) * g.dim(3);
    int parts = Math.ceilDiv(channels, CHANNELS);
    Parallel.run(
        shape.dim(0) * parts,
        chunk -> {
          int image = chunk / parts;
          int from = chunk % parts * CHANNELS;
          int to = Math.min(channels, from + CHANNELS);
          int base = image * plane * channels;
          for (int p = 0; p < plane; p++) {
            Arrays.fill(sums, base + p * channels + from, base + p * channels + to, 0);
          }
          for (int p = 0; p < pooled; p++) {
            int row = (image * pooled + p) * channels;
            for (int c = from; c < to; c++) {
              int place = IndexOp.checked(op, at[wAt + row + c], plane);
              sums[base + place * channels + c] += gs[gAt + row + c];
            }
          }
        });
    return x;
  }
}
