package dev.cortado.tensor.reference;

import dev.cortado.tensor.HostStorage;
import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.Walk;
import dev.cortado.tensor.op.TensorSpec;
import dev.cortado.tensor.op.ViewOp;

/**
 * How reference kernels see tensors: row-major arrays, whatever layout they have in memory; of
 * doubles, which hold every floating type exactly, or of longs, which hold every other.
 */
final class Values {
  private Values() {}

  /**
   * Returns the elements of {@code x} in row-major order: doubles if it is floating, else longs.
   */
  static Object read(Tensor x) {
    return x.dtype().isFloating() ? doubles(x, x.shape()) : longs(x, x.shape());
  }

  /** Returns the elements of {@code x} in row-major order. */
  static double[] doubles(Tensor x) {
    return doubles(x, x.shape());
  }

  /** Returns the elements of {@code x}, repeated to {@code shape}, in row-major order. */
  static double[] doubles(Tensor x, Shape shape) {
    double[] values = new double[shape.elements()];
    var walk = walk(x, shape);
    int[] at = new int[2];
    for (int row = 0; values.length > 0 && row < walk.rows(); row++) {
      walk.offsets(row, at);
      readRow(x.host(), values, at, walk);
    }
    return values;
  }

  private static void readRow(HostStorage host, double[] values, int[] at, Walk walk) {
    int to = walk.innerStride(0);
    int from = walk.innerStride(1);
    int n = walk.length();
    switch (host.array()) {
      case float[] a -> {
        for (int i = 0; i < n; i++) {
          values[at[0] + i * to] = a[at[1] + i * from];
        }
      }
      case double[] a -> {
        for (int i = 0; i < n; i++) {
          values[at[0] + i * to] = a[at[1] + i * from];
        }
      }
      default -> {
        for (int i = 0; i < n; i++) {
          values[at[0] + i * to] = host.get(at[1] + i * from);
        }
      }
    }
  }

  /** Returns the elements of {@code x}, of an integer type or BOOL, in row-major order. */
  static long[] longs(Tensor x) {
    return longs(x, x.shape());
  }

  /**
   * Returns the elements of {@code x}, of an integer type or BOOL, repeated to {@code shape}, in
   * row-major order.
   */
  static long[] longs(Tensor x, Shape shape) {
    long[] values = new long[shape.elements()];
    var walk = walk(x, shape);
    int[] at = new int[2];
    for (int row = 0; values.length > 0 && row < walk.rows(); row++) {
      walk.offsets(row, at);
      readRow(x.host(), values, at, walk);
    }
    return values;
  }

  private static void readRow(HostStorage host, long[] values, int[] at, Walk walk) {
    int to = walk.innerStride(0);
    int from = walk.innerStride(1);
    int n = walk.length();
    switch (host.array()) {
      case long[] a -> {
        for (int i = 0; i < n; i++) {
          values[at[0] + i * to] = a[at[1] + i * from];
        }
      }
      case int[] a -> {
        for (int i = 0; i < n; i++) {
          values[at[0] + i * to] = a[at[1] + i * from];
        }
      }
      case byte[] a -> {
        for (int i = 0; i < n; i++) {
          values[at[0] + i * to] = a[at[1] + i * from];
        }
      }
      default -> throw new IllegalArgumentException("not whole: " + host.dtype());
    }
  }

  private static Walk walk(Tensor x, Shape shape) {
    var layout =
        x.shape().equals(shape)
            ? x.layout()
            : new ViewOp.Expand(shape).resultLayout(x.shape(), x.layout());
    return Walk.of(shape, Layout.contiguous(shape), layout);
  }

  /**
   * Returns for every element of {@code shape}, in row-major order, where it lies in {@code
   * layout}.
   */
  static int[] places(Shape shape, Layout layout) {
    int[] places = new int[shape.elements()];
    var walk = Walk.of(shape, Layout.contiguous(shape), layout);
    int[] at = new int[2];
    for (int row = 0; places.length > 0 && row < walk.rows(); row++) {
      walk.offsets(row, at);
      for (int i = 0; i < walk.length(); i++) {
        places[at[0] + i * walk.innerStride(0)] = at[1] + i * walk.innerStride(1);
      }
    }
    return places;
  }

  /** Returns a row-major tensor of {@code values}, each rounded once to the type. */
  static Tensor write(TensorSpec spec, Object values, String origin) {
    var result = Tensor.empty(spec.shape(), spec.dtype(), origin);
    write(values, result);
    return result;
  }

  /**
   * Writes {@code values}, doubles or longs in row-major order, into {@code target}: rounded once,
   * longs into I32 by their last 32 bits.
   */
  static void write(Object values, Tensor target) {
    if (target.elements() == 0) {
      return;
    }
    HostStorage host = target.host();
    var walk = Walk.of(target.shape(), Layout.contiguous(target.shape()), target.layout());
    int[] at = new int[2];
    for (int row = 0; row < walk.rows(); row++) {
      walk.offsets(row, at);
      switch (values) {
        case double[] doubles -> writeRow(doubles, host, at, walk);
        case long[] longs -> writeRow(longs, host, at, walk);
        default -> throw new IllegalArgumentException("no array of values: " + values.getClass());
      }
    }
  }

  private static void writeRow(double[] values, HostStorage host, int[] at, Walk walk) {
    int from = walk.innerStride(0);
    int to = walk.innerStride(1);
    int n = walk.length();
    switch (host.array()) {
      case float[] a -> {
        for (int i = 0; i < n; i++) {
          a[at[1] + i * to] = (float) values[at[0] + i * from];
        }
      }
      case double[] a -> {
        for (int i = 0; i < n; i++) {
          a[at[1] + i * to] = values[at[0] + i * from];
        }
      }
      default -> {
        for (int i = 0; i < n; i++) {
          host.set(at[1] + i * to, values[at[0] + i * from]);
        }
      }
    }
  }

  private static void writeRow(long[] values, HostStorage host, int[] at, Walk walk) {
    int from = walk.innerStride(0);
    int to = walk.innerStride(1);
    int n = walk.length();
    switch (host.array()) {
      case long[] a -> {
        for (int i = 0; i < n; i++) {
          a[at[1] + i * to] = values[at[0] + i * from];
        }
      }
      case int[] a -> {
        for (int i = 0; i < n; i++) {
          a[at[1] + i * to] = (int) values[at[0] + i * from];
        }
      }
      case byte[] a -> {
        for (int i = 0; i < n; i++) {
          a[at[1] + i * to] = (byte) (values[at[0] + i * from] != 0 ? 1 : 0);
        }
      }
      case float[] a -> {
        for (int i = 0; i < n; i++) {
          a[at[1] + i * to] = values[at[0] + i * from];
        }
      }
      default -> {
        for (int i = 0; i < n; i++) {
          host.set(at[1] + i * to, values[at[0] + i * from]);
        }
      }
    }
  }
}
