package dev.cortado.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;

/**
 * A common walk over several tensors of one shape: which element of each belongs together. Axes are
 * put in the memory order of the first layout and joined where every layout allows it, so that
 * kernels see few, long inner runs.
 *
 * <p>The walk has {@link #rows()} rows of {@link #length()} elements; within a row each tensor is
 * read with its constant {@link #innerStride}.
 */
public final class Walk {
  private final int[] sizes;
  private final int[][] strides;
  private final int[] bases;
  private final int rows;

  private Walk(int[] sizes, int[][] strides, int[] bases) {
    this.sizes = sizes;
    this.strides = strides;
    this.bases = bases;
    int product = 1;
    for (int i = 0; i < sizes.length - 1; i++) {
      product *= sizes[i];
    }
    this.rows = product;
  }

  /**
   * Returns the walk over tensors of {@code shape} with the given layouts (broadcast ones have
   * stride 0).
   */
  public static Walk of(Shape shape, Layout... layouts) {
    Integer[] order = new Integer[shape.rank()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingInt(axis -> -layouts[0].stride(axis)));
    var sizes = new ArrayList<Integer>();
    var strides = new ArrayList<int[]>();
    for (int axis : order) {
      if (shape.dim(axis) == 1) {
        continue;
      }
      int[] step = new int[layouts.length];
      Arrays.setAll(step, k -> layouts[k].stride(axis));
      int last = sizes.size() - 1;
      if (last >= 0 && joins(strides.get(last), step, shape.dim(axis))) {
        sizes.set(last, sizes.get(last) * shape.dim(axis));
        strides.set(last, step);
      } else {
        sizes.add(shape.dim(axis));
        strides.add(step);
      }
    }
    if (sizes.isEmpty()) {
      sizes.add(1);
      int[] step = new int[layouts.length];
      Arrays.fill(step, 1);
      strides.add(step);
    }
    int[] bases = new int[layouts.length];
    Arrays.setAll(bases, k -> layouts[k].offset());
    return new Walk(
        sizes.stream().mapToInt(Integer::intValue).toArray(), strides.toArray(int[][]::new), bases);
  }

  private static boolean joins(int[] outer, int[] inner, int innerSize) {
    for (int k = 0; k < outer.length; k++) {
      if (outer[k] != inner[k] * innerSize) {
        return false;
      }
    }
    return true;
  }

  /** Returns the number of rows. */
  public int rows() {
    return rows;
  }

  /** Returns the number of elements in a row. */
  public int length() {
    return sizes[sizes.length - 1];
  }

  /** Returns the number of joined axes. */
  public int rank() {
    return sizes.length;
  }

  /** Returns the size of joined axis {@code axis}, 0 the outermost. */
  public int size(int axis) {
    return sizes[axis];
  }

  /** Returns the stride of tensor {@code k} along joined axis {@code axis}. */
  public int stride(int axis, int k) {
    return strides[axis][k];
  }

  /** Returns the stride of tensor {@code k} within a row. */
  public int innerStride(int k) {
    return strides[sizes.length - 1][k];
  }

  /**
   * Writes the storage index of the first element of {@code row} for every tensor into {@code at}.
   */
  public void offsets(int row, int[] at) {
    System.arraycopy(bases, 0, at, 0, at.length);
    for (int axis = sizes.length - 2; axis >= 0 && row > 0; axis--) {
      int i = row % sizes[axis];
      row /= sizes[axis];
      for (int k = 0; k < at.length; k++) {
        at[k] += i * strides[axis][k];
      }
    }
  }
}
