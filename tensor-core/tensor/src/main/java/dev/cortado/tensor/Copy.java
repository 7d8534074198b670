package dev.cortado.tensor;

import dev.cortado.tensor.op.TensorSpec;

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
    var spec = new TensorSpec(x.shape(), x.dtype());
    if (x.storage() instanceof ShapeOnlyStorage) {
      return new Tensor(
          x.shape(), target, new ShapeOnlyStorage(x.dtype(), x.shape().elements()), null);
    }
    var result = new Tensor(x.shape(), target, Backends.current().allocate(spec, "copy"), null);
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
    var walk = Walk.of(to.shape(), to.layout(), from.layout());
    if (Transposition.fits(walk, from.dtype())) {
      Transposition.run(walk, from.host().floats(), to.host().floats());
      return;
    }
    int rows = walk.rows();
    int perChunk = Math.max(1, CHUNK / Math.max(1, walk.length()));
    Object source = ((HostStorage) from.storage()).array();
    Object sink = ((HostStorage) to.storage()).array();
    Parallel.ranges(rows, perChunk, (first, last) -> rows(walk, first, last, source, sink));
  }

  private static void rows(Walk walk, int first, int last, Object source, Object sink) {
    int n = walk.length();
    int toStep = walk.innerStride(0);
    int fromStep = walk.innerStride(1);
    int[] at = new int[2];
    for (int row = first; row < last; row++) {
      walk.offsets(row, at);
      if (toStep == 1 && fromStep == 1) {
        System.arraycopy(source, at[1], sink, at[0], n);
      } else {
        strided(source, at[1], fromStep, sink, at[0], toStep, n);
      }
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
