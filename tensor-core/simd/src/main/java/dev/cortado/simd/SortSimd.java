package dev.cortado.simd;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Sort;
import dev.cortado.tensor.op.TensorSpec;
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * Sorts lines of elements. Each becomes a whole number in the same order, and its place in the line
 * the lower bits of the same long: so all are different, equal elements keep their order, and the
 * JDK's sort of longs, which uses vectors where there are any, does the work. If only the first few
 * are wanted, what comes after the last of those known so far is passed over.
 */
final class SortSimd {
  /** Elements in a chunk of work. */
  private static final int CHUNK = 1 << 13;

  /** Candidates at a time, beside twice as many as are wanted. */
  private static final int SPARE = 32;

  /** Longs that are worth keeping. */
  private static final int MOST_KEPT = 1 << 16;

  private final boolean descending;
  private final int size;
  private final int count;
  private final Object x;
  private final int xAt;
  private final Object values;
  private final long[] places;

  /** Whole numbers are counted from here, in steps of 2 to the power of {@link #shift}. */
  private final long origin;

  private final int shift;

  private SortSimd(
      boolean descending, int size, int count, Tensor x, Tensor values, Tensor places, Span span) {
    this.descending = descending;
    this.size = size;
    this.count = count;
    this.x = x.host().array();
    this.xAt = x.layout().offset();
    this.values = values.host().array();
    this.places = places.host().longs();
    this.origin = descending ? span.largest : span.smallest;
    this.shift = Integer.SIZE - Integer.numberOfLeadingZeros(size - 1);
  }

  /** Between which whole numbers all elements lie. */
  private record Span(long smallest, long largest) {
    static Span of(long[] x, int at, int count) {
      long smallest = Long.MAX_VALUE;
      long largest = Long.MIN_VALUE;
      for (int i = 0; i < count; i++) {
        smallest = Math.min(smallest, x[at + i]);
        largest = Math.max(largest, x[at + i]);
      }
      return new Span(smallest, largest);
    }

    /** Returns whether the differences leave room for places in {@code size} elements. */
    boolean leavesRoomFor(int size) {
      long range = largest - smallest; // negative if it does not fit
      int places = Integer.SIZE - Integer.numberOfLeadingZeros(size);
      return Long.numberOfLeadingZeros(range) > places + 1;
    }
  }

  /** Returns the results, or null for types and numbers that the reference has to sort. */
  static @Nullable List<Tensor> run(Sort op, Tensor x, List<TensorSpec> results) {
    if (x.dtype() != DType.F32 && x.dtype() != DType.I64) {
      return null;
    }
    var spec = results.getFirst();
    int size = x.dim(op.axis());
    var dense = ExtremumSimd.dense(x, ExtremumSimd.innermost(op.axis(), x.shape()));
    var span = new Span(0, 0);
    if (x.dtype() == DType.I64 && x.elements() > 0) {
      span = Span.of(dense.host().longs(), dense.layout().offset(), x.elements());
      if (!span.leavesRoomFor(size)) {
        return null;
      }
    }
    var layout = ExtremumSimd.innermost(op.axis(), spec.shape());
    var values = Tensor.empty(spec.shape(), spec.dtype(), layout, op.name());
    var places = Tensor.empty(spec.shape(), DType.I64, layout, op.name());
    if (values.elements() > 0) {
      int count = spec.shape().dim(op.axis());
      var sort = new SortSimd(op.descending(), size, count, dense, values, places, span);
      Parallel.ranges(x.elements() / size, Math.max(1, CHUNK / size), sort::lines);
    }
    return List.of(values, places);
  }

  private void lines(int from, int to) {
    int most = (int) Math.min(size, 2L * count + SPARE);
    long[] keys = most > MOST_KEPT ? new long[most] : Workspace.current().longs(0, most);
    for (int line = from; line < to; line++) {
      if (x instanceof float[] floats) {
        int found = first(floats, xAt + line * size, keys, most);
        Arrays.sort(keys, 0, found);
        write(floats, line, keys, (float[]) values);
      } else {
        int found = first((long[]) x, xAt + line * size, keys, most);
        Arrays.sort(keys, 0, found);
        write((long[]) x, line, keys, (long[]) values);
      }
    }
  }

  /** Collects the keys of a line that may be among the first; returns how many there are. */
  private int first(float[] x, int at, long[] keys, int most) {
    int found = 0;
    long last = Long.MAX_VALUE;
    float bound = Float.NaN; // which nothing is passed over for
    int flip = descending ? -1 : 0;
    for (int i = 0; i < size; ) {
      int end = Math.min(size, i + Lanes.COUNT);
      if (!Float.isNaN(bound) && end == i + Lanes.COUNT && !anyBefore(x, at + i, bound)) {
        i = end;
        continue;
      }
      for (; i < end; i++) {
        // One NaN, one zero; then the order of the bits is that of the numbers but for the sign.
        int bits = Float.floatToIntBits(x[at + i] + 0f);
        int order = bits ^ (bits >> 31 & Integer.MAX_VALUE) ^ flip;
        long key = (long) order << Integer.SIZE | i;
        if (key < last) {
          keys[found++] = key;
          if (found == most && i < size - 1) {
            last = cut(keys, most);
            bound = count == 0 ? Float.NaN : x[at + (int) last];
            found = count;
          }
        }
      }
    }
    return found;
  }

  /** Returns whether any of a vector's numbers comes before {@code bound}, which is not NaN. */
  private boolean anyBefore(float[] x, int at, float bound) {
    var numbers = FloatVector.fromArray(Lanes.F32, x, at);
    return descending
        ? !numbers.compare(VectorOperators.LE, bound).allTrue() // NaN is the largest
        : numbers.compare(VectorOperators.LT, bound).anyTrue();
  }

  private int first(long[] x, int at, long[] keys, int most) {
    int found = 0;
    long last = Long.MAX_VALUE;
    for (int i = 0; i < size; i++) {
      long order = descending ? origin - x[at + i] : x[at + i] - origin;
      long key = order << shift | i;
      if (key < last) {
        keys[found++] = key;
        if (found == most && i < size - 1) {
          last = cut(keys, most);
          found = count;
        }
      }
    }
    return found;
  }

  /** Brings the first to the front and returns the last of them. */
  private long cut(long[] keys, int most) {
    Arrays.sort(keys, 0, most);
    return keys[count - 1];
  }

  private void write(float[] x, int line, long[] keys, float[] values) {
    for (int i = 0; i < count; i++) {
      int place = (int) keys[i];
      values[line * count + i] = x[xAt + line * size + place];
      places[line * count + i] = place;
    }
  }

  private void write(long[] x, int line, long[] keys, long[] values) {
    for (int i = 0; i < count; i++) {
      int place = (int) (keys[i] & ((1L << shift) - 1));
      values[line * count + i] = x[xAt + line * size + place];
      places[line * count + i] = place;
    }
  }
}
