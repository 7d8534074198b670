package dev.cortado.tensor.reference;

import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Recurrence;

/** y₀ = b₀, yᵢ = aᵢ · yᵢ₋₁ + bᵢ along one axis, from either end. */
final class ScanReference {
  private ScanReference() {}

  static Object run(Recurrence op, Tensor a, Tensor b, Shape shape) {
    int size = shape.dim(op.axis());
    int stride = Layout.contiguous(shape).stride(op.axis());
    int[] starts = SortReference.lines(shape, op.axis());
    if (op.reverse()) {
      for (int i = 0; i < starts.length; i++) {
        starts[i] += (size - 1) * stride;
      }
    }
    int step = op.reverse() ? -stride : stride;
    return b.dtype().isFloating()
        ? doubles(Values.doubles(a, shape), Values.doubles(b, shape), starts, size, step)
        : longs(Values.longs(a, shape), Values.longs(b, shape), starts, size, step);
  }

  private static double[] doubles(double[] a, double[] b, int[] starts, int size, int step) {
    double[] y = new double[b.length];
    for (int start : starts) {
      double last = b[start];
      y[start] = last;
      for (int i = 1, at = start + step; i < size; i++, at += step) {
        last = a[at] * last + b[at];
        y[at] = last;
      }
    }
    return y;
  }

  private static long[] longs(long[] a, long[] b, int[] starts, int size, int step) {
    long[] y = new long[b.length];
    for (int start : starts) {
      long last = b[start];
      y[start] = last;
      for (int i = 1, at = start + step; i < size; i++, at += step) {
        last = a[at] * last + b[at];
        y[at] = last;
      }
    }
    return y;
  }
}
