package dev.cortado.tensor;

import dev.cortado.tensor.op.TensorSpec;
import java.util.function.Function;

/** Copies elements from one layout to another, whatever their type. */
public final class Copy {
  /** Elements moved per chunk of parallel work. */
  private static final int CHUNK = 1 << 16;

  private Copy() {}

  /**
   * Returns the elements of {@code x} in a new storage with layout {@code target}, which must be
   * dense.
   */
  public static Tensor dense(Tensor x, Layout target) {
    return copied(
        x,
        target,
        s -> new Tensor(s.shape(), target, Backends.current().allocate(s, "copy"), null));
  }

  /** Returns the same, the elements beginning wherever the backend likes it best. */
  static Tensor like(Tensor x, Layout target) {
    return copied(x, target, s -> Backends.current().empty(s, target, "copy"));
  }

  private static Tensor copied(Tensor x, Layout target, Function<TensorSpec, Tensor> empty) {
    if (x.storage() instanceof ShapeOnlyStorage) {
      return new Tensor(
          x.shape(), target, new ShapeOnlyStorage(x.dtype(), x.shape().elements()), null);
    }
    var result = empty.apply(new TensorSpec(x.shape(), x.dtype()));
    into(x, result);
    return result;
  }

  /**
   * Copies the elements of {@code from} to {@code to}, tensors of equal shape and type on the host.
   */
  public static void into(Tensor from, Tensor to) {
    int elements = from.shape().elements();
    if (elements == 0) {
      return;
    }
    if (Backends.current().copy(from, to)) {
      return;
    }
    var walk = Walk.of(to.shape(), to.layout(), from.layout());
    Object source = ((HostStorage) from.storage()).array();
    Object sink = ((HostStorage) to.storage()).array();
    if (walk.innerStride(0) == 1 && walk.innerStride(1) == 1) {
      runs(walk, source, sink);
      return;
    }
    int perChunk = Math.max(1, CHUNK / walk.length());
    Parallel.ranges(
        walk.rows(), perChunk, (first, last) -> strided(walk, first, last, source, sink));
  }

  /** Rows without gaps, whole or, if they are long, in pieces. */
  private static void runs(Walk walk, Object source, Object sink) {
    int n = walk.length();
    int pieces = (n + CHUNK - 1) / CHUNK;
    if (pieces > 1) {
      Parallel.run(
          walk.rows() * pieces,
          chunk -> {
            int[] at = new int[2];
            walk.offsets(chunk / pieces, at);
            int column = chunk % pieces * CHUNK;
            int length = Math.min(CHUNK, n - column);
            System.arraycopy(source, at[1] + column, sink, at[0] + column, length);
          });
      return;
    }
    Parallel.ranges(walk.rows(), CHUNK / n, (first, last) -> runs(walk, first, last, source, sink));
  }

  /**
   * Rows first … last-1. Where a row begins is computed only for the first of each that follow each
   * other evenly: the divisions would take longer than copying a short row.
   */
  private static void runs(Walk walk, int first, int last, Object source, Object sink) {
    int inner = walk.rank() - 2;
    int size = inner >= 0 ? walk.size(inner) : 1;
    int toStep = inner >= 0 ? walk.stride(inner, 0) : 0;
    int fromStep = inner >= 0 ? walk.stride(inner, 1) : 0;
    int[] at = new int[2];
    for (int row = first; row < last; ) {
      int count = Math.min(last - row, size - row % size);
      walk.offsets(row, at);
      evenRuns(source, at[1], fromStep, sink, at[0], toStep, count, walk.length());
      row += count;
    }
  }

  private static void evenRuns(
      Object source, int from, int fromStep, Object sink, int to, int toStep, int rows, int n) {
    // Of floats by their own: a copy between arrays of unknown type checks it every time.
    if (source instanceof float[] a && sink instanceof float[] b) {
      for (int i = 0; i < rows; i++) {
        System.arraycopy(a, from + i * fromStep, b, to + i * toStep, n);
      }
      return;
    }
    for (int i = 0; i < rows; i++) {
      System.arraycopy(source, from + i * fromStep, sink, to + i * toStep, n);
    }
  }

  private static void strided(Walk walk, int first, int last, Object source, Object sink) {
    int[] at = new int[2];
    for (int row = first; row < last; row++) {
      walk.offsets(row, at);
      strided(source, at[1], walk.innerStride(1), sink, at[0], walk.innerStride(0), walk.length());
    }
  }

  @SuppressWarnings("SystemArrayCopy")
  private static void strided(
      Object source, int from, int fromStep, Object sink, int to, int toStep, int n) {
    switch (source) {
      case float[] a -> {
        float[] b = (float[]) sink;
        for (int i = 0; i < n; i++) {
          b[to + i * toStep] = a[from + i * fromStep];
        }
      }
      case double[] a -> {
        double[] b = (double[]) sink;
        for (int i = 0; i < n; i++) {
          b[to + i * toStep] = a[from + i * fromStep];
        }
      }
      case int[] a -> {
        for (int i = 0; i < n; i++) {
          ((int[]) sink)[to + i * toStep] = a[from + i * fromStep];
        }
      }
      case long[] a -> {
        for (int i = 0; i < n; i++) {
          ((long[]) sink)[to + i * toStep] = a[from + i * fromStep];
        }
      }
      case byte[] a -> {
        for (int i = 0; i < n; i++) {
          ((byte[]) sink)[to + i * toStep] = a[from + i * fromStep];
        }
      }
      case short[] a -> {
        for (int i = 0; i < n; i++) {
          ((short[]) sink)[to + i * toStep] = a[from + i * fromStep];
        }
      }
      default -> throw new IllegalArgumentException("no array of elements: " + source.getClass());
    }
  }
}
