package dev.cortado.tensor.op;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Shape;
import java.util.List;
import java.util.TreeSet;

/** A set of axes, from 0, ascending. */
public record Axes(List<Integer> list) {
  /** Copies the list. */
  public Axes {
    list = List.copyOf(list);
  }

  /**
   * Returns the given axes of {@code shape}, negative ones counted from the end; all of them if
   * none is given. A scalar may be said to have one axis, 0 or −1, as in NumPy and torch.
   *
   * @throws CortadoException if one does not exist or is given twice
   */
  public static Axes resolve(Shape shape, int... axes) {
    var set = new TreeSet<Integer>();
    boolean scalar = shape.rank() == 0 && axes.length == 1 && (axes[0] == 0 || axes[0] == -1);
    for (int axis : scalar ? new int[0] : axes) {
      if (!set.add(shape.axis(axis))) {
        throw new CortadoException("axis " + axis + " is given twice for shape " + shape);
      }
    }
    for (int i = 0; axes.length == 0 && i < shape.rank(); i++) {
      set.add(i);
    }
    return new Axes(List.copyOf(set));
  }

  /** Returns whether {@code axis} (from 0) is one of them. */
  public boolean contains(int axis) {
    return list.contains(axis);
  }

  /**
   * Returns {@code shape} after reducing these axes: to size 1 if {@code keepDim}, else removed.
   */
  public Shape reduce(Shape shape, boolean keepDim) {
    var dims = new java.util.ArrayList<Integer>();
    for (int i = 0; i < shape.rank(); i++) {
      if (!contains(i)) {
        dims.add(shape.dim(i));
      } else if (keepDim) {
        dims.add(1);
      }
    }
    return Shape.of(dims.stream().mapToInt(Integer::intValue).toArray());
  }

  /** Returns how many elements of {@code shape} fall together. */
  public int count(Shape shape) {
    int count = 1;
    for (int axis : list) {
      count *= shape.dim(axis);
    }
    return count;
  }
}
