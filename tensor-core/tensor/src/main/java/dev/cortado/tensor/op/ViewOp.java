package dev.cortado.tensor.op;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ops that look at the same elements in another way: no element moves where the layout allows it.
 */
public sealed interface ViewOp extends Op {
  /** Returns the shape of the result. */
  Shape resultShape(Shape input);

  /**
   * Returns the layout of the result over the same storage, or null if the elements must be copied
   * first.
   */
  @Nullable Layout resultLayout(Shape input, Layout layout);

  @Override
  default List<TensorSpec> infer(List<TensorSpec> inputs) {
    Check.count(this, inputs, 1);
    var x = inputs.getFirst();
    return List.of(new TensorSpec(resultShape(x.shape()), x.dtype()));
  }

  /** The axes in another order: axis i of the result is axis {@code order[i]} of the input. */
  record Permute(List<Integer> order) implements ViewOp {
    @Override
    public Shape resultShape(Shape input) {
      boolean valid =
          order.size() == input.rank()
              && order.stream().distinct().count() == order.size()
              && order.stream().allMatch(axis -> axis >= 0 && axis < order.size());
      if (!valid) {
        throw new CortadoException("permute: " + order + " is no order of the axes of " + input);
      }
      return input.permute(array());
    }

    @Override
    public Layout resultLayout(Shape input, Layout layout) {
      int[] strides = order.stream().mapToInt(layout::stride).toArray();
      return Layout.of(layout.offset(), strides);
    }

    /** Returns the order that undoes this one. */
    public Permute inverse() {
      Integer[] inverse = new Integer[order.size()];
      for (int i = 0; i < inverse.length; i++) {
        inverse[order.get(i)] = i;
      }
      return new Permute(List.of(inverse));
    }

    private int[] array() {
      return order.stream().mapToInt(Integer::intValue).toArray();
    }
  }

  /** The elements in row-major order under another shape. */
  record Reshape(Shape shape) implements ViewOp {
    @Override
    public Shape resultShape(Shape input) {
      if (input.elements() != shape.elements()) {
        throw new CortadoException(
            "reshape: "
                + input
                + " has "
                + input.elements()
                + " elements, "
                + shape
                + " has "
                + shape.elements());
      }
      return shape;
    }

    @Override
    public @Nullable Layout resultLayout(Shape input, Layout layout) {
      return ReshapeLayout.compute(input, layout, shape);
    }
  }

  /** Axes of size 1 (and missing leading ones) repeated without copying, by stride 0. */
  record Expand(Shape shape) implements ViewOp {
    @Override
    public Shape resultShape(Shape input) {
      if (!input.broadcastsTo(shape)) {
        throw new CortadoException("expand: " + input + " does not broadcast to " + shape);
      }
      return shape;
    }

    @Override
    public Layout resultLayout(Shape input, Layout layout) {
      int[] strides = new int[shape.rank()];
      int shift = shape.rank() - input.rank();
      for (int i = shift; i < strides.length; i++) {
        strides[i] = input.dim(i - shift) == 1 ? 0 : layout.stride(i - shift);
      }
      return Layout.of(layout.offset(), strides);
    }
  }

  /** The part {@code start … start+length-1} of one axis. */
  record Narrow(int axis, int start, int length) implements ViewOp {
    @Override
    public Shape resultShape(Shape input) {
      if (start < 0 || length < 0 || start > input.dim(axis) - length) {
        throw new CortadoException(
            "narrow: "
                + start
                + " … "
                + (start + length - 1)
                + " lies outside axis "
                + axis
                + " of "
                + input);
      }
      return input.with(axis, length);
    }

    @Override
    public Layout resultLayout(Shape input, Layout layout) {
      return layout.shifted(start * layout.stride(axis));
    }
  }

  /**
   * The elements where two axes have the same index, {@code y[…, i] = x[…, i, …, i + offset, …]}:
   * both axes disappear, the diagonal comes last. A negative offset goes below the main diagonal.
   */
  record Diagonal(int offset, int axis1, int axis2) implements ViewOp {
    @Override
    public Shape resultShape(Shape input) {
      if (axis1 == axis2) {
        throw new CortadoException("diagonal: needs two axes of " + input + ", got twice " + axis1);
      }
      int length = Math.min(input.dim(axis1) - before(), input.dim(axis2) - after());
      return Shape.of(without(input.toArray(), Math.max(0, length)));
    }

    @Override
    public Layout resultLayout(Shape input, Layout layout) {
      int first = layout.stride(axis1);
      int second = layout.stride(axis2);
      int[] strides = without(layout.strides(), first + second);
      boolean empty = resultShape(input).elements() == 0;
      int start = empty ? 0 : before() * first + after() * second;
      return Layout.of(layout.offset() + start, strides);
    }

    /** Returns how many rows lie above the diagonal's first element. */
    public int before() {
      return Math.max(0, -offset);
    }

    /** Returns how many columns lie left of the diagonal's first element. */
    public int after() {
      return Math.max(0, offset);
    }

    private int[] without(int[] all, int last) {
      int[] rest = new int[all.length - 1];
      int at = 0;
      for (int i = 0; i < all.length; i++) {
        if (i != axis1 && i != axis2) {
          rest[at++] = all[i];
        }
      }
      rest[at] = last;
      return rest;
    }
  }

  /**
   * Windows of {@code size} elements along one axis, {@code step} apart: {@code y[…, w, …, i] =
   * x[…, w·step + i, …]}. The windows take the axis's place, what is in them comes last. Windows
   * that overlap share their elements.
   */
  record Windows(int axis, int size, int step) implements ViewOp {
    @Override
    public String name() {
      return "unfold";
    }

    @Override
    public Shape resultShape(Shape input) {
      if (size < 1 || step < 1 || size > input.dim(axis)) {
        throw new CortadoException(
            "unfold: windows of "
                + size
                + " elements, "
                + step
                + " apart, do not fit into axis "
                + axis
                + " of "
                + input);
      }
      int[] dims = java.util.Arrays.copyOf(input.toArray(), input.rank() + 1);
      dims[axis] = (input.dim(axis) - size) / step + 1;
      dims[input.rank()] = size;
      return Shape.of(dims);
    }

    @Override
    public Layout resultLayout(Shape input, Layout layout) {
      int[] strides = java.util.Arrays.copyOf(layout.strides(), input.rank() + 1);
      strides[input.rank()] = layout.stride(axis);
      strides[axis] = layout.stride(axis) * step;
      return Layout.of(layout.offset(), strides);
    }
  }

  /** The same elements in a dense memory order: copied only if they are not so already. */
  record Contiguous(boolean channelsLast) implements ViewOp {
    @Override
    public String name() {
      return channelsLast ? "channelsLast" : "contiguous";
    }

    @Override
    public Shape resultShape(Shape input) {
      if (channelsLast) {
        Layout.channelsLast(input); // says what it needs
      }
      return input;
    }

    @Override
    public @Nullable Layout resultLayout(Shape input, Layout layout) {
      boolean fits = channelsLast ? layout.isChannelsLast(input) : layout.isContiguous(input);
      return fits ? layout : null;
    }
  }
}
