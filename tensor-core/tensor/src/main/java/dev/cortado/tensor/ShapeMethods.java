package dev.cortado.tensor;

import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.ViewOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Ops that change how the elements are arranged. Views share the elements wherever the layout
 * allows it.
 */
public sealed interface ShapeMethods permits Tensor {
  /**
   * Returns the elements in row-major order under another shape; one size may be −1 and is worked
   * out.
   */
  default Tensor reshape(int... shape) {
    int[] dims = shape.clone();
    int unknown = -1;
    long known = 1;
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == -1 && unknown < 0) {
        unknown = i;
      } else {
        // A product beyond every tensor's size may stay as it is.
        known = known > Integer.MAX_VALUE ? known : known * dims[i];
      }
    }
    if (unknown >= 0) {
      if (known <= 0 || self().elements() % known != 0) {
        throw new CortadoException(
            "reshape: " + self().shape() + " cannot become " + Arrays.toString(shape));
      }
      dims[unknown] = (int) (self().elements() / known);
    }
    var target = Shape.of(dims);
    return target.equals(self().shape()) ? self() : self().apply(new ViewOp.Reshape(target));
  }

  /** Returns the axes in another order: axis i of the result is axis {@code order[i]} of this. */
  default Tensor permute(int... order) {
    var axes = new ArrayList<Integer>();
    for (int axis : order) {
      axes.add(self().shape().axis(axis));
    }
    return self().apply(new ViewOp.Permute(List.copyOf(axes)));
  }

  /** Returns this with two axes exchanged. */
  default Tensor transpose(int a, int b) {
    int[] order = new int[self().rank()];
    Arrays.setAll(order, i -> i);
    order[self().shape().axis(a)] = self().shape().axis(b);
    order[self().shape().axis(b)] = self().shape().axis(a);
    return permute(order);
  }

  /** Returns the matrix transpose: the last two axes exchanged. */
  default Tensor t() {
    return transpose(-1, -2);
  }

  /** Returns this stretched to {@code shape} by NumPy's rule, without copying. */
  default Tensor expand(int... shape) {
    var target = Shape.of(shape);
    return target.equals(self().shape()) ? self() : self().apply(new ViewOp.Expand(target));
  }

  /** Returns the part {@code start … start+length-1} of {@code axis}. */
  default Tensor narrow(int axis, int start, int length) {
    return self().apply(new ViewOp.Narrow(self().shape().axis(axis), start, length));
  }

  /**
   * Returns the slice number {@code index} of {@code axis}, which disappears: NumPy's {@code
   * x[index]} for axis 0.
   *
   * @throws CortadoException if the axis has no such slice; indices count from 0, never from the
   *     end
   */
  default Tensor select(int axis, int index) {
    var shape = self().shape();
    int size = shape.dim(shape.axis(axis));
    if (index < 0 || index >= size) {
      throw new CortadoException(
          "select: there is no index %d on axis %d of %s, %s"
              .formatted(
                  index,
                  shape.axis(axis),
                  shape,
                  size == 0 ? "which is empty" : "only 0 to " + (size - 1)));
    }
    return narrow(axis, index, 1).squeeze(axis);
  }

  /** Returns this without {@code axis}, which must have size 1. */
  default Tensor squeeze(int axis) {
    int at = self().shape().axis(axis);
    if (self().dim(at) != 1) {
      throw new CortadoException(
          "squeeze: axis " + axis + " of " + self().shape() + " has not size 1");
    }
    int[] dims = new int[self().rank() - 1];
    Arrays.setAll(dims, i -> self().dim(i < at ? i : i + 1));
    return reshape(dims);
  }

  /**
   * Returns this with a new axis of size 1 at {@code axis} (0 … rank); negative ones count from the
   * end of the result.
   */
  default Tensor unsqueeze(int axis) {
    int[] dims = new int[self().rank() + 1];
    int at = axis < 0 ? axis + dims.length : axis;
    if (at < 0 || at >= dims.length) {
      throw new CortadoException(
          "unsqueeze: " + self().shape() + " has no place for a new axis " + axis);
    }
    Arrays.setAll(dims, i -> i < at ? self().dim(i) : i == at ? 1 : self().dim(i - 1));
    return reshape(dims);
  }

  /** Returns this with the axes from {@code from} on joined into one. */
  default Tensor flatten(int from) {
    int at = self().shape().axis(from);
    int[] dims = Arrays.copyOf(self().shape().toArray(), at + 1);
    dims[at] = 1;
    for (int i = at; i < self().rank(); i++) {
      dims[at] *= self().dim(i);
    }
    return reshape(dims);
  }

  /** Returns the elements in row-major memory; this tensor itself if they are. */
  default Tensor contiguous() {
    return self().layout().isContiguous(self().shape())
        ? self()
        : self().apply(new ViewOp.Contiguous(false));
  }

  /**
   * Returns this image batch with the channels innermost in memory; this tensor itself if they are.
   */
  default Tensor channelsLast() {
    return self().layout().isChannelsLast(self().shape())
        ? self()
        : self().apply(new ViewOp.Contiguous(true));
  }

  /** Returns a copy with its own storage, in a dense layout like this one's. */
  default Tensor copy() {
    return Copy.dense(self().detach(), self().layout().denseLike(self().shape()));
  }

  /**
   * Returns every {@code step}th slice of {@code axis} from {@code start} on, before {@code end}: a
   * view.
   */
  default Tensor slice(int axis, int start, int end, int step) {
    var part = narrow(axis, start, end - start);
    return step == 1 || end == start ? part : part.unfold(axis, 1, step).squeeze(-1);
  }

  /**
   * Returns the windows of {@code size} elements along {@code axis} that begin {@code step} apart:
   * the windows take the axis's place, {@code (n − size) / step + 1} of them, and what is in them
   * comes last. A view: where windows overlap, they share their elements.
   */
  default Tensor unfold(int axis, int size, int step) {
    return self().apply(new ViewOp.Windows(self().shape().axis(axis), size, step));
  }

  /** Returns this cut along {@code axis} into parts of the given sizes, which are views. */
  default List<Tensor> split(int axis, int... sizes) {
    if (Arrays.stream(sizes).asLongStream().sum() != self().dim(axis)) {
      throw new CortadoException(
          "split: "
              + Arrays.toString(sizes)
              + " do not add up to axis "
              + axis
              + " of "
              + self().shape());
    }
    var parts = new ArrayList<Tensor>();
    int start = 0;
    for (int size : sizes) {
      parts.add(narrow(axis, start, size));
      start += size;
    }
    return List.copyOf(parts);
  }

  /**
   * Returns this cut along {@code axis} into at most {@code count} parts of equal size, the last
   * one smaller if it does not come out even; views.
   */
  default List<Tensor> chunk(int axis, int count) {
    if (count < 1) {
      throw new CortadoException("chunk: cannot cut into " + count + " parts");
    }
    int size = self().dim(axis);
    int each = Math.max(1, (size + count - 1) / count);
    int[] sizes = new int[Math.max(1, (size + each - 1) / each)];
    Arrays.setAll(sizes, i -> Math.min(each, size - i * each));
    return split(axis, sizes);
  }

  /** Returns this with the order of the elements reversed along the axes (all if none is given). */
  default Tensor flip(int... axes) {
    var result = self();
    for (int axis : Axes.resolve(self().shape(), axes).list()) {
      int size = self().dim(axis);
      result = result.indexSelect(axis, places(size, i -> size - 1 - i));
    }
    return result;
  }

  /** Returns this moved by {@code shift} places along {@code axis}; what leaves comes in again. */
  default Tensor roll(int shift, int axis) {
    int size = self().dim(axis);
    return size == 0 ? self() : self().indexSelect(axis, places(size, i -> i - shift));
  }

  private static Tensor places(int size, java.util.function.IntUnaryOperator from) {
    long[] places = new long[size];
    Arrays.setAll(places, i -> Math.floorMod(from.applyAsInt(i), size));
    return Tensor.of(places, size);
  }

  /**
   * Returns this {@code times[i]} times side by side along axis i; leading axes that it lacks are
   * added.
   */
  default Tensor repeat(int... times) {
    int rank = self().rank();
    if (times.length < rank) {
      throw new CortadoException(
          "repeat: " + Arrays.toString(times) + " says too little for " + self().shape());
    }
    int[] single = new int[2 * times.length];
    int[] repeated = new int[2 * times.length];
    int[] joined = new int[times.length];
    for (int i = 0; i < times.length; i++) {
      int axis = i - times.length + rank;
      int size = axis < 0 ? 1 : self().dim(axis);
      single[2 * i] = 1;
      repeated[2 * i] = times[i];
      single[2 * i + 1] = size;
      repeated[2 * i + 1] = size;
      joined[i] = times[i] * size;
    }
    return reshape(single).expand(repeated).reshape(joined);
  }

  /** Returns this with {@code axis} at place {@code to}; the others keep their order. */
  default Tensor moveAxis(int axis, int to) {
    var order = new ArrayList<Integer>();
    for (int i = 0; i < self().rank(); i++) {
      order.add(i);
    }
    Integer moved = self().shape().axis(axis);
    order.remove(moved);
    order.add(self().shape().axis(to), moved);
    return permute(order.stream().mapToInt(i -> i).toArray());
  }

  /** Returns this with {@code axis} split into axes of the given sizes; one may be −1. */
  default Tensor unflatten(int axis, int... sizes) {
    int at = self().shape().axis(axis);
    int[] dims = new int[self().rank() - 1 + sizes.length];
    for (int i = 0; i < dims.length; i++) {
      boolean inside = i >= at && i < at + sizes.length;
      dims[i] = inside ? sizes[i - at] : self().dim(i < at ? i : i - sizes.length + 1);
    }
    return reshape(dims);
  }

  /** Returns this with the axes {@code from … to} joined into one. */
  default Tensor flatten(int from, int to) {
    int first = self().shape().axis(from);
    int last = self().shape().axis(to);
    var dims = new ArrayList<Integer>();
    for (int i = 0; i < self().rank(); i++) {
      if (i > first && i <= last) {
        dims.set(first, dims.get(first) * self().dim(i));
      } else {
        dims.add(self().dim(i));
      }
    }
    return reshape(dims.stream().mapToInt(i -> i).toArray());
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
