package dev.cortado.tensor;

import dev.cortado.tensor.op.IndexOp;
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

  /** Returns the slice number {@code index} of {@code axis}, which disappears. */
  default Tensor select(int axis, int index) {
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

  /** Returns the slices along {@code axis} that {@code indices} (I64 [n]) name. */
  default Tensor indexSelect(int axis, Tensor indices) {
    return self().apply(new IndexOp.IndexSelect(self().shape().axis(axis)), indices);
  }

  /** Returns this (I64 labels) as rows of 0 and a single 1. */
  default Tensor oneHot(int classes) {
    return self().apply(new IndexOp.OneHot(classes));
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
