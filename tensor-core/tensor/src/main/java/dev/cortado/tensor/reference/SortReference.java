package dev.cortado.tensor.reference;

import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Sort;

/** Stable sorting along one axis, by merging ever longer sorted runs of element numbers. */
final class SortReference {
  private SortReference() {}

  static Object[] run(Sort op, Tensor x) {
    var values = Values.read(x);
    Shape shape = x.shape();
    int size = shape.dim(op.axis());
    int stride = Layout.contiguous(shape).stride(op.axis());
    int[] starts = lines(shape, op.axis());
    int count = Math.min(size, op.most());
    int[] targets = lines(shape.with(op.axis(), count), op.axis());
    int[] sorted = new int[count == 0 ? 0 : shape.elements() / size * count];
    long[] indices = new long[sorted.length];
    var ranking = Ranking.of(values);
    int[] line = new int[size];
    int[] spare = new int[size];
    for (int k = 0; k < targets.length; k++) {
      int start = starts[k];
      for (int i = 0; i < size; i++) {
        line[i] = start + i * stride;
      }
      int[] order = sort(line, spare, ranking, op.descending());
      for (int i = 0; i < count; i++) {
        sorted[targets[k] + i * stride] = order[i];
        indices[targets[k] + i * stride] = (order[i] - start) / stride;
      }
    }
    return new Object[] {Moves.take(values, sorted), indices};
  }

  /** Returns the number of the first element of every line along {@code axis}. */
  static int[] lines(Shape shape, int axis) {
    var first = shape.elements() == 0 ? shape : shape.with(axis, 1);
    return Values.places(first, Layout.contiguous(shape));
  }

  /** Sorts {@code line}, using both arrays; returns the one that holds the result. */
  private static int[] sort(int[] line, int[] spare, Ranking ranking, boolean descending) {
    int[] from = line;
    int[] to = spare;
    for (int width = 1; width < line.length; width *= 2) {
      for (int low = 0; low < line.length; low += 2 * width) {
        int middle = Math.min(low + width, line.length);
        merge(from, to, low, middle, Math.min(middle + width, line.length), ranking, descending);
      }
      int[] other = from;
      from = to;
      to = other;
    }
    return from;
  }

  private static void merge(
      int[] from, int[] to, int low, int middle, int high, Ranking ranking, boolean descending) {
    int left = low;
    int right = middle;
    for (int i = low; i < high; i++) {
      boolean takeLeft = left < middle;
      if (takeLeft && right < high) {
        // Of equal ones the left comes first, in either direction: that is what stable means.
        int order = ranking.compare(from[left], from[right]);
        takeLeft = descending ? order >= 0 : order <= 0;
      }
      to[i] = takeLeft ? from[left++] : from[right++];
    }
  }
}
