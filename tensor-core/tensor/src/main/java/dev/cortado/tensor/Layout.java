package dev.cortado.tensor;

import java.util.Arrays;

/**
 * Where the elements of a tensor lie in its storage: element {@code (i0, i1, …)} is at {@code
 * offset + Σ i·stride}. Views (permute, narrow, expand) are new layouts over the same storage.
 * Immutable.
 */
public final class Layout {
  private final int offset;
  private final int[] strides;

  private Layout(int offset, int[] strides) {
    this.offset = offset;
    this.strides = strides;
  }

  /** Returns a layout with the given offset and strides, in elements. */
  public static Layout of(int offset, int... strides) {
    return new Layout(offset, strides.clone());
  }

  /** Returns the row-major layout of {@code shape} without gaps. */
  public static Layout contiguous(Shape shape) {
    int[] strides = new int[shape.rank()];
    int stride = 1;
    for (int i = shape.rank() - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= Math.max(1, shape.dim(i));
    }
    return new Layout(0, strides);
  }

  /**
   * Returns the channels-last layout of an image batch {@code [N, C, H, W]}: in memory N, H, W, C,
   * so that the values of one pixel are neighbours.
   */
  public static Layout channelsLast(Shape shape) {
    if (shape.rank() != 4) {
      throw new CortadoException(
          "channels-last is a layout of [N, C, H, W] images, got shape " + shape);
    }
    int c = Math.max(1, shape.dim(1));
    int h = Math.max(1, shape.dim(2));
    int w = Math.max(1, shape.dim(3));
    return new Layout(0, new int[] {c * h * w, 1, w * c, c});
  }

  /**
   * Returns a layout without gaps for {@code shape} whose axes lie in memory in the order of this
   * layout's strides.
   */
  public Layout denseLike(Shape shape) {
    Integer[] order = new Integer[strides.length];
    Arrays.setAll(order, i -> i);
    // Stable: axes of equal stride (broadcast, size 1) keep their row-major order.
    Arrays.sort(order, (a, b) -> Integer.compare(strides[b], strides[a]));
    int[] result = new int[strides.length];
    int stride = 1;
    for (int i = order.length - 1; i >= 0; i--) {
      result[order[i]] = stride;
      stride *= Math.max(1, shape.dim(order[i]));
    }
    return new Layout(0, result);
  }

  /** Returns the storage index of the first element. */
  public int offset() {
    return offset;
  }

  /** Returns the distance in the storage between neighbours along {@code axis} (from 0). */
  public int stride(int axis) {
    return strides[axis];
  }

  /** Returns a copy of the strides. */
  public int[] strides() {
    return strides.clone();
  }

  /** Returns whether {@code shape} in this layout is row-major without gaps. */
  public boolean isContiguous(Shape shape) {
    if (shape.elements() == 0) {
      return true;
    }
    int expected = 1;
    for (int i = shape.rank() - 1; i >= 0; i--) {
      if (shape.dim(i) != 1 && strides[i] != expected) {
        return false;
      }
      expected *= shape.dim(i);
    }
    return true;
  }

  /** Returns whether {@code shape} in this layout lies in memory as N, H, W, C without gaps. */
  public boolean isChannelsLast(Shape shape) {
    if (shape.rank() != 4) {
      return false;
    }
    return Layout.of(offset, strides[0], strides[2], strides[3], strides[1])
        .isContiguous(shape.permute(0, 2, 3, 1));
  }

  /**
   * Returns whether the elements of {@code shape} fill one run of the storage in some order, each
   * exactly once.
   */
  public boolean isDense(Shape shape) {
    if (shape.elements() == 0) {
      return true;
    }
    Integer[] order = new Integer[strides.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Integer.compare(strides[a], strides[b]));
    int expected = 1;
    for (int axis : order) {
      if (shape.dim(axis) == 1) {
        continue;
      }
      if (strides[axis] != expected) {
        return false;
      }
      expected *= shape.dim(axis);
    }
    return true;
  }

  /**
   * Returns whether several elements of {@code shape} may share a place: surely not where the axes,
   * by ascending stride, each step over all that the ones before reach.
   */
  public boolean overlaps(Shape shape) {
    if (shape.elements() <= 1) {
      return false;
    }
    Integer[] order = new Integer[strides.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Integer.compare(strides[a], strides[b]));
    int reach = 0;
    for (int axis : order) {
      if (shape.dim(axis) > 1 && strides[axis] <= reach) {
        return true;
      }
      reach += (shape.dim(axis) - 1) * strides[axis];
    }
    return false;
  }

  /** Returns this layout moved by {@code elements} in the storage. */
  public Layout shifted(int elements) {
    return new Layout(offset + elements, strides);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Layout l && offset == l.offset && Arrays.equals(strides, l.strides);
  }

  @Override
  public int hashCode() {
    return 31 * offset + Arrays.hashCode(strides);
  }

  @Override
  public String toString() {
    return "offset " + offset + ", strides " + Arrays.toString(strides);
  }
}
