package dev.cortado.tensor;

import java.util.Arrays;

/** The sizes of a tensor's dimensions, outermost first. A scalar has rank 0. Immutable. */
public final class Shape {
  /** The shape of a scalar: no dimension, one element. */
  public static final Shape SCALAR = new Shape(new int[0]);

  /** The elements of the longest array. */
  private static final long MOST = Integer.MAX_VALUE - 16;

  private final int[] dims;
  private final int elements;

  private Shape(int[] dims) {
    this.dims = dims;
    long product = 1;
    boolean empty = false;
    for (int dim : dims) {
      if (dim < 0) {
        throw new CortadoException("a dimension cannot be negative: " + Arrays.toString(dims));
      }
      empty |= dim == 0;
      // Once too large it stays so, rather than overflow.
      product = product > MOST ? product : product * dim;
    }
    if (product > MOST && !empty) {
      throw new CortadoException(
          "shape "
              + Arrays.toString(dims)
              + " has too many elements; at most 2^31 - 17 fit in a tensor");
    }
    product = empty ? 0 : product;
    this.elements = (int) product;
  }

  /** Returns the shape with the given sizes. */
  public static Shape of(int... dims) {
    return dims.length == 0 ? SCALAR : new Shape(dims.clone());
  }

  /** Returns the number of dimensions. */
  public int rank() {
    return dims.length;
  }

  /** Returns the size of dimension {@code axis}; negative axes count from the end. */
  public int dim(int axis) {
    return dims[axis(axis)];
  }

  /** Returns the number of elements: the product of all sizes. */
  public int elements() {
    return elements;
  }

  /** Returns a copy of the sizes. */
  public int[] toArray() {
    return dims.clone();
  }

  /**
   * Returns {@code axis} as a number from 0: negative ones count from the end.
   *
   * @throws CortadoException if there is no such axis
   */
  public int axis(int axis) {
    int result = axis < 0 ? axis + dims.length : axis;
    if (result < 0 || result >= dims.length) {
      throw new CortadoException(
          "axis " + axis + " does not exist in shape " + this + " of rank " + dims.length);
    }
    return result;
  }

  /** Returns this shape with dimension {@code axis} replaced. */
  public Shape with(int axis, int size) {
    int[] copy = dims.clone();
    copy[axis(axis)] = size;
    return new Shape(copy);
  }

  /** Returns the shape with the axes in another order. */
  public Shape permute(int... order) {
    int[] result = new int[dims.length];
    for (int i = 0; i < order.length; i++) {
      result[i] = dims[order[i]];
    }
    return new Shape(result);
  }

  /** Returns whether this shape broadcasts to {@code target} by NumPy's rule. */
  public boolean broadcastsTo(Shape target) {
    if (rank() > target.rank()) {
      return false;
    }
    int shift = target.rank() - rank();
    for (int i = 0; i < rank(); i++) {
      if (dims[i] != target.dims[i + shift] && dims[i] != 1) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the common shape of two operands by NumPy's rule: aligned at the end, a size of 1 or a
   * missing dimension stretches.
   *
   * @throws CortadoException naming {@code what} if the shapes do not fit
   */
  public static Shape broadcast(String what, Shape a, Shape b) {
    if (a.equals(b)) {
      return a;
    }
    int rank = Math.max(a.rank(), b.rank());
    int[] result = new int[rank];
    for (int i = 0; i < rank; i++) {
      int x = i < rank - a.rank() ? 1 : a.dims[i - rank + a.rank()];
      int y = i < rank - b.rank() ? 1 : b.dims[i - rank + b.rank()];
      if (x != y && x != 1 && y != 1) {
        throw new CortadoException(
            what
                + ": shapes "
                + a
                + " and "
                + b
                + " do not broadcast: dimension "
                + (i - rank)
                + " is "
                + x
                + " and "
                + y
                + "; they must be equal, or one of them 1");
      }
      result[i] = x == 1 ? y : x;
    }
    return new Shape(result);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape s && Arrays.equals(dims, s.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** Returns for example {@code [2, 3]}. */
  @Override
  public String toString() {
    return Arrays.toString(dims);
  }
}
