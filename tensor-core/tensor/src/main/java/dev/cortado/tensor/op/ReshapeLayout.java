package dev.cortado.tensor.op;

import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Shape;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Finds strides under which a view of another shape walks the same elements in the same order. */
final class ReshapeLayout {
  private ReshapeLayout() {}

  private record Run(int size, int stride) {}

  /** Returns the layout of the view, or null if none exists. */
  static @Nullable Layout compute(Shape from, Layout layout, Shape to) {
    if (from.elements() == 0 || layout.isContiguous(from)) {
      return Layout.contiguous(to).shifted(layout.offset());
    }
    var runs = runs(from, layout);
    int[] strides = new int[to.rank()];
    int run = runs.size() - 1;
    int left = runs.isEmpty() ? 1 : runs.get(run).size;
    int stride = runs.isEmpty() ? 1 : runs.get(run).stride;
    for (int axis = to.rank() - 1; axis >= 0; axis--) {
      int size = to.dim(axis);
      strides[axis] = stride;
      if (size == 1) {
        continue;
      }
      if (left == 1 && run > 0) {
        run--;
        left = runs.get(run).size;
        stride = runs.get(run).stride;
        strides[axis] = stride;
      }
      if (left % size != 0) {
        return null;
      }
      left /= size;
      stride *= size;
    }
    return Layout.of(layout.offset(), strides);
  }

  /** Joins neighbouring axes that are walked with one stride. */
  private static ArrayList<Run> runs(Shape shape, Layout layout) {
    var runs = new ArrayList<Run>();
    for (int i = 0; i < shape.rank(); i++) {
      int size = shape.dim(i);
      if (size == 1) {
        continue;
      }
      int stride = layout.stride(i);
      if (!runs.isEmpty() && runs.getLast().stride == size * stride) {
        runs.set(runs.size() - 1, new Run(runs.getLast().size * size, stride));
      } else {
        runs.add(new Run(size, stride));
      }
    }
    return runs;
  }
}
