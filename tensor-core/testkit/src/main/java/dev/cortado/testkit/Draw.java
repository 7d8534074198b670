package dev.cortado.testkit;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Choices that depend on a seed alone: sizes, attributes, numbers, and tensors that lie in memory
 * in all the ways that views can bring about.
 */
public final class Draw {
  private final RandomKey key;
  private final int size;
  private final DType type;
  private long next;

  /**
   * Creates a source of choices.
   *
   * @param size the largest dimension that is usually drawn
   * @param type the type of floating tensors, F32 or F64
   */
  public Draw(long seed, int size, DType type) {
    this.key = RandomKey.of(seed);
    this.size = size;
    this.type = type;
  }

  /** Returns the type of floating tensors. */
  public DType type() {
    return type;
  }

  /** Returns a whole number, {@code from} and {@code to} among the possible. */
  public int between(int from, int to) {
    return from + (int) Math.floorMod(key.word(next++), (long) to - from + 1);
  }

  /** Returns yes or no. */
  public boolean maybe() {
    return between(0, 1) == 1;
  }

  /** Returns a number in [from, to). */
  public double number(double from, double to) {
    return from + (to - from) * key.uniform(next++);
  }

  /** Returns one of {@code choices}. */
  @SafeVarargs
  public final <T> T of(T... choices) {
    return choices[between(0, choices.length - 1)];
  }

  /** Returns a size of one dimension. */
  public int size() {
    return between(1, size);
  }

  /** Returns a shape. */
  public Shape shape(int minRank, int maxRank) {
    int[] dims = new int[between(minRank, maxRank)];
    Arrays.setAll(dims, i -> size());
    return Shape.of(dims);
  }

  /** Returns a shape that broadcasts to {@code full}: some sizes 1, some leading ones missing. */
  public Shape narrower(Shape full) {
    int dropped = maybe() ? between(0, full.rank()) : 0;
    int[] dims = new int[full.rank() - dropped];
    Arrays.setAll(dims, i -> between(0, 2) == 0 ? 1 : full.dim(i + dropped));
    return Shape.of(dims);
  }

  /** Returns some of the axes {@code 0 … rank-1}, ascending; at least one if there is one. */
  public List<Integer> axes(int rank) {
    var axes = new ArrayList<Integer>();
    for (int axis = 0; axis < rank; axis++) {
      if (maybe()) {
        axes.add(axis);
      }
    }
    if (axes.isEmpty() && rank > 0) {
      axes.add(between(0, rank - 1));
    }
    return axes;
  }

  /** Returns an order of the axes {@code 0 … rank-1}. */
  public List<Integer> order(int rank) {
    var order = new ArrayList<Integer>();
    for (int axis : key.split(next++).permutation(rank)) {
      order.add(axis);
    }
    return order;
  }

  /** Returns numbers in [−2, 2). */
  public Tensor tensor(Shape shape) {
    return tensor(shape, -2, 2);
  }

  /** Returns numbers in [from, to). */
  public Tensor tensor(Shape shape, double from, double to) {
    return filled(shape, true, i -> number(from, to));
  }

  /** Returns numbers in [from, to), each at least 0.05 away from every one of {@code kinks}. */
  public Tensor awayFrom(Shape shape, double from, double to, double... kinks) {
    return filled(
        shape,
        true,
        i -> {
          while (true) {
            double value = number(from, to);
            if (Arrays.stream(kinks).allMatch(kink -> Math.abs(value - kink) >= 0.05)) {
              return value;
            }
          }
        });
  }

  /** Returns numbers of the form {@code offset + step · k} in [−2, 2]. */
  public Tensor lattice(Shape shape, double step, double offset) {
    int reach = (int) (2 / step);
    return filled(shape, true, i -> offset + step * between(-reach, reach));
  }

  /** Returns numbers that differ from each other by 0.1 at least, in any order. */
  public Tensor distinct(Shape shape) {
    int[] order = key.split(next++).permutation(2 * shape.elements() + 16);
    return filled(shape, false, i -> (order[i] - shape.elements()) * 0.1);
  }

  /** Returns truth values. */
  public Tensor truths(Shape shape) {
    byte[] values = new byte[shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) between(0, 1);
    }
    return Tensor.wrap(DType.BOOL, values, shape);
  }

  /** Returns whole numbers (I64) in {@code 0 … bound-1}. */
  public Tensor indices(Shape shape, int bound) {
    long[] values = new long[shape.elements()];
    Arrays.setAll(values, i -> between(0, bound - 1));
    return Tensor.of(values, shape.toArray());
  }

  /** Fills a tensor that lies in memory in one of many ways. */
  private Tensor filled(Shape shape, boolean mayRepeat, IntToDoubleFunction values) {
    return switch (between(0, 3)) {
      case 0 -> dense(shape, values);
      case 1 -> permuted(shape, values);
      case 2 -> sliced(shape, values);
      default -> mayRepeat ? expanded(shape, values) : dense(shape, values);
    };
  }

  private Tensor dense(Shape shape, IntToDoubleFunction values) {
    if (type == DType.F64) {
      double[] array = new double[shape.elements()];
      Arrays.setAll(array, values);
      return Tensor.of(array, shape.toArray());
    }
    float[] array = new float[shape.elements()];
    for (int i = 0; i < array.length; i++) {
      array[i] = (float) values.applyAsDouble(i);
    }
    return Tensor.of(array, shape.toArray());
  }

  private Tensor permuted(Shape shape, IntToDoubleFunction values) {
    var order = order(shape.rank());
    int[] memory = new int[shape.rank()];
    int[] back = new int[shape.rank()];
    for (int i = 0; i < memory.length; i++) {
      memory[i] = shape.dim(order.get(i));
      back[order.get(i)] = i;
    }
    return dense(Shape.of(memory), values).permute(back);
  }

  /** A window into a larger tensor, whose other elements are NaN: reading them shows. */
  private Tensor sliced(Shape shape, IntToDoubleFunction values) {
    if (shape.rank() == 0 || shape.elements() == 0) {
      return dense(shape, values);
    }
    int[] larger = shape.toArray();
    int[] start = new int[larger.length];
    for (int i = 0; i < larger.length; i++) {
      start[i] = between(0, 2);
      larger[i] += start[i] + between(0, 2);
    }
    var window = Tensor.full(Shape.of(larger), type, Double.NaN);
    for (int i = 0; i < larger.length; i++) {
      window = window.narrow(i, start[i], shape.dim(i));
    }
    dev.cortado.tensor.Copy.into(dense(shape, values), window);
    return window;
  }

  private Tensor expanded(Shape shape, IntToDoubleFunction values) {
    int[] dims = shape.toArray();
    for (int i = 0; i < dims.length; i++) {
      dims[i] = between(0, 2) == 0 && dims[i] > 0 ? 1 : dims[i];
    }
    return dense(Shape.of(dims), values).expand(shape.toArray());
  }

  /** Returns {@code count} shapes' common shape and shapes that broadcast to it. */
  List<Shape> broadcasting(int count) {
    var full = shape(0, 4);
    var shapes = new ArrayList<>(Collections.nCopies(count, full));
    for (int i = 0; i < count; i++) {
      // One input keeps the full shape, so that the common shape is known.
      shapes.set(i, i == 0 || maybe() ? full : narrower(full));
    }
    Collections.rotate(shapes, between(0, Math.max(0, count - 1)));
    return shapes;
  }
}
