package dev.cortado.autograd;

import dev.cortado.tensor.HostStorage;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong in a tensor.
 *
 * @param value the first NaN, or else the first infinity
 * @param index where it is
 * @param count how many elements are NaN or infinite
 * @param of how many
 */
record NonFinite(double value, List<Integer> index, int count, int of) {
  private static final int EXPONENT = 0x7f80_0000;

  /** Returns what is wrong in {@code tensor}; null if all is finite. */
  static @Nullable NonFinite in(Tensor tensor) {
    boolean floating = tensor.dtype().isFloating() && tensor.dtype().isComputable();
    if (!floating || !(tensor.storage() instanceof HostStorage) || isFinite(tensor)) {
      return null;
    }
    double[] values = tensor.toDoubles();
    int first = -1;
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        count++;
        if (first < 0 || (Double.isNaN(values[i]) && !Double.isNaN(values[first]))) {
          first = i;
        }
      }
    }
    return first < 0
        ? null
        : new NonFinite(values[first], index(first, tensor.shape()), count, values.length);
  }

  /** One pass over the numbers where they lie, for the usual case. */
  private static boolean isFinite(Tensor tensor) {
    if (!tensor.layout().isDense(tensor.shape())
        || !(tensor.host().array() instanceof float[] values)) {
      return false;
    }
    int start = tensor.layout().offset();
    int found = 0;
    for (int i = start; i < start + tensor.elements(); i++) {
      found += (Float.floatToRawIntBits(values[i]) & EXPONENT) == EXPONENT ? 1 : 0;
    }
    return found == 0;
  }

  boolean isNan() {
    return Double.isNaN(value);
  }

  /** Returns the index of element number {@code at} in row-major order. */
  static List<Integer> index(int at, Shape shape) {
    var index = new ArrayList<Integer>();
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      index.addFirst(at % shape.dim(axis));
      at /= shape.dim(axis);
    }
    return index;
  }

  @Override
  public String toString() {
    return "%s at %s (%d of %d elements)"
        .formatted(isNan() ? "NaN" : value > 0 ? "infinity" : "-infinity", index, count, of);
  }
}
