package dev.cortado.simd;

import dev.cortado.tensor.Copy;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Taps;
import dev.cortado.tensor.op.TensorSpec;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * Weighted sums of pixels: for every row of the result the rows that it is made of are combined
 * into one, which stays in the cache, and its pixels into those of the result. One pass over
 * memory; channels-last images fill the vectors with channels.
 */
final class ResampleSimd {
  private static final VectorSpecies<Float> S = Lanes.F32;
  private static final int L = Lanes.COUNT;

  /** Products in a chunk of work. */
  private static final int WORK = 1 << 16;

  private final float[] x;
  private final int xAt;
  private final float[] y;
  private final int channels;
  private final Axis rows;
  private final Axis columns;

  private ResampleSimd(Tensor x, Tensor y, int channels, Axis rows, Axis columns) {
    this.x = x.host().floats();
    this.xAt = x.layout().offset();
    this.y = y.host().floats();
    this.channels = channels;
    this.rows = rows;
    this.columns = columns;
  }

  /** Taps as a kernel reads them. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Axis(int inputs, int outputs, int[] starts, int[] sources, float[] weights) {
    static Axis of(Taps taps) {
      int outputs = taps.outputs();
      int[] starts = new int[outputs + 1];
      for (int i = 0; i < outputs; i++) {
        starts[i + 1] = taps.to(i);
      }
      int[] sources = new int[starts[outputs]];
      float[] weights = new float[sources.length];
      for (int k = 0; k < sources.length; k++) {
        sources[k] = taps.source(k);
        weights[k] = (float) taps.weight(k);
      }
      return new Axis(taps.inputs(), outputs, starts, sources, weights);
    }

    /** Returns whether output {@code i} is one input as it is. */
    boolean copies(int i) {
      return starts[i + 1] - starts[i] == 1 && weights[starts[i]] == 1;
    }

    /** Returns whether nothing changes along this axis. */
    boolean isIdentity() {
      boolean same = inputs == outputs;
      for (int i = 0; same && i < outputs; i++) {
        same = copies(i) && sources[starts[i]] == i;
      }
      return same;
    }
  }

  /** Returns the result, or null if the reference has to compute it. */
  static @Nullable Tensor run(String name, Taps rows, Taps columns, Tensor x, TensorSpec spec) {
    if (x.dtype() != DType.F32) {
      return null;
    }
    boolean last = x.dim(1) > 1 && x.layout().stride(1) == 1;
    var dense = dense(x, last);
    var layout = last ? Layout.channelsLast(spec.shape()) : Layout.contiguous(spec.shape());
    var y = Tensor.empty(spec.shape(), DType.F32, layout, name);
    if (y.elements() == 0) {
      return y;
    }
    int channels = last ? x.dim(1) : 1;
    int planes = x.dim(0) * x.dim(1) / channels;
    var kernel = new ResampleSimd(dense, y, channels, Axis.of(rows), Axis.of(columns));
    int work = Math.max(1, channels * columns.inputs() * Math.max(1, rows.most()));
    Parallel.ranges(planes * rows.outputs(), Math.max(1, WORK / work), kernel::rows);
    return y;
  }

  /** Returns {@code x} in row-major or channels-last memory without gaps. */
  static Tensor dense(Tensor x, boolean channelsLast) {
    boolean fits =
        channelsLast ? x.layout().isChannelsLast(x.shape()) : x.layout().isContiguous(x.shape());
    if (fits) {
      return x;
    }
    var layout = channelsLast ? Layout.channelsLast(x.shape()) : Layout.contiguous(x.shape());
    return Copy.dense(x.detach(), layout);
  }

  private void rows(int from, int to) {
    int n = columns.inputs * channels;
    boolean direct = columns.isIdentity();
    float[] buffer = Workspace.current().floats(Workspace.ROWS, n);
    for (int row = from; row < to; row++) {
      int plane = row / rows.outputs;
      int i = row % rows.outputs;
      int base = xAt + plane * rows.inputs * n;
      int yAt = row * columns.outputs * channels;
      int first = rows.starts[i];
      if (direct) {
        combine(x, base, n, rows, i, y, yAt, n);
      } else if (rows.copies(i)) {
        columns(x, base + rows.sources[first] * n, yAt);
      } else {
        combine(x, base, n, rows, i, buffer, 0, n);
        columns(buffer, 0, yAt);
      }
    }
  }

  private void columns(float[] row, int at, int yAt) {
    if (channels == 1) {
      single(row, at, yAt);
      return;
    }
    for (int j = 0; j < columns.outputs; j++) {
      combine(row, at, channels, columns, j, y, yAt + j * channels, channels);
    }
  }

  private void single(float[] row, int at, int yAt) {
    int[] sources = columns.sources;
    float[] weights = columns.weights;
    for (int j = 0; j < columns.outputs; j++) {
      float sum = 0;
      for (int k = columns.starts[j]; k < columns.starts[j + 1]; k++) {
        sum += weights[k] * row[at + sources[k]];
      }
      y[yAt + j] = sum;
    }
  }

  /** Stores the weighted sum of runs of {@code n} floats, {@code pitch} apart. */
  private static void combine(
      float[] x, int base, int pitch, Axis axis, int i, float[] y, int yAt, int n) {
    int[] sources = axis.sources;
    float[] weights = axis.weights;
    int from = axis.starts[i];
    int to = axis.starts[i + 1];
    int c = 0;
    for (; c <= n - 4 * L; c += 4 * L) {
      var a = FloatVector.zero(S);
      var b = FloatVector.zero(S);
      var d = FloatVector.zero(S);
      var e = FloatVector.zero(S);
      for (int k = from; k < to; k++) {
        int at = base + sources[k] * pitch + c;
        var w = FloatVector.broadcast(S, weights[k]);
        a = FloatVector.fromArray(S, x, at).fma(w, a);
        b = FloatVector.fromArray(S, x, at + L).fma(w, b);
        d = FloatVector.fromArray(S, x, at + 2 * L).fma(w, d);
        e = FloatVector.fromArray(S, x, at + 3 * L).fma(w, e);
      }
      a.intoArray(y, yAt + c);
      b.intoArray(y, yAt + c + L);
      d.intoArray(y, yAt + c + 2 * L);
      e.intoArray(y, yAt + c + 3 * L);
    }
    for (; c <= n - L; c += L) {
      var a = FloatVector.zero(S);
      for (int k = from; k < to; k++) {
        var v = FloatVector.fromArray(S, x, base + sources[k] * pitch + c);
        a = v.fma(FloatVector.broadcast(S, weights[k]), a);
      }
      a.intoArray(y, yAt + c);
    }
    if (c < n) {
      var mask = S.indexInRange(c, n);
      var a = FloatVector.zero(S);
      for (int k = from; k < to; k++) {
        var v = FloatVector.fromArray(S, x, base + sources[k] * pitch + c, mask);
        a = v.fma(FloatVector.broadcast(S, weights[k]), a);
      }
      a.intoArray(y, yAt + c, mask);
    }
  }
}
