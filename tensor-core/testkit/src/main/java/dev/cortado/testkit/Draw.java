package dev.cortado.testkit;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Window2d;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Choices that depend on a seed alone: sizes, attributes, numbers, and tensors that lie in memory
 * in all the ways that views can bring about.
 *
 * <p>There are two temperaments. A smooth draw is for derivatives: small tensors, numbers away from
 * kinks and ties. A {@link #rough} one is for kernels: sizes at the borders of vectors, nothing and
 * much, numbers that hit kinks and ties, now and then NaN and infinities.
 */
public final class Draw {
  /** Sizes around the borders of vectors of 2, 4, 8 and 16 floats, and around those of blocks. */
  private static final int[] BORDERS = {
    1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 49, 64, 65, 100, 129, 257, 511, 1000, 0
  };

  private static final int[] LARGE = {4097, 10_007, 32_769, 100_003, 70_000};
  private static final int SMALL_CASE = 3000;
  private static final int LARGE_CASE = 150_000;

  private static final double[] EXTREMES = {
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    -0.0,
    0.0,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.MIN_NORMAL,
    Float.MIN_VALUE,
    -1e-42,
    1e30,
    -1e12,
    100,
    -100
  };

  private final RandomKey key;
  private final int size;
  private final DType type;
  private final boolean rough;
  private boolean extreme;
  private int first;
  private int room;
  private long next;

  /**
   * Creates a source of choices.
   *
   * @param size the largest dimension that is usually drawn
   * @param type the type of floating tensors, F32 or F64
   */
  public Draw(long seed, int size, DType type) {
    this(seed, size, type, false, false);
  }

  private Draw(long seed, int size, DType type, boolean rough, boolean extreme) {
    this.key = RandomKey.of(seed);
    this.size = size;
    this.type = type;
    this.rough = rough;
    this.extreme = extreme;
  }

  /**
   * Returns choices for proving a kernel. Neighbouring seeds go through all border sizes; every
   * eleventh case is large, every fifth has extreme numbers, every seventh is of type F64.
   */
  public static Draw rough(long seed) {
    int number = (int) Math.floorMod(seed, 1L << 30);
    var type = number % 7 == 6 ? DType.F64 : DType.F32;
    var draw = new Draw(seed, 0, type, true, number % 5 == 3);
    boolean large = number % 11 == 5;
    draw.room = large ? LARGE_CASE : SMALL_CASE;
    draw.first = large ? LARGE[number / 11 % LARGE.length] : BORDERS[number % BORDERS.length];
    return draw;
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
    return rough ? borderSize(Integer.MAX_VALUE) : between(1, size);
  }

  /**
   * Returns a size of one dimension, between 1 and {@code small}; of a rough draw, one up to {@code
   * large}.
   */
  public int size(int small, int large) {
    return rough ? Math.max(1, borderSize(large)) : between(1, small);
  }

  /** All sizes of a case together must leave it small enough. */
  private int borderSize(int most) {
    int limit = Math.min(most, room);
    int result = first;
    first = -1;
    if (result < 0 || result > limit) {
      result = between(0, 2) == 0 ? BORDERS[between(0, BORDERS.length - 1)] : between(1, 9);
    }
    if (result > limit) {
      result = between(1, Math.max(1, limit));
    }
    room /= Math.max(1, result);
    return result;
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

  /** Returns numbers in [−2, 2), none of them extreme. */
  public Tensor finite(Shape shape) {
    boolean before = extreme;
    extreme = false;
    var result = tensor(shape);
    extreme = before;
    return result;
  }

  /** Returns numbers in [from, to). */
  public Tensor tensor(Shape shape, double from, double to) {
    return filled(shape, true, i -> number(from, to));
  }

  private double onKink(double from, double to, double... kinks) {
    boolean hit = kinks.length > 0 && between(0, 7) == 0;
    return hit ? kinks[between(0, kinks.length - 1)] : number(from, to);
  }

  /**
   * Returns numbers in [from, to), each at least 0.05 away from every one of {@code kinks}; a rough
   * draw hits them.
   */
  public Tensor awayFrom(Shape shape, double from, double to, double... kinks) {
    if (rough) {
      return filled(shape, true, i -> onKink(from, to, kinks));
    }
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
    return filled(
        shape, true, i -> step * between(-reach, reach) + (rough && maybe() ? 0 : offset));
  }

  /**
   * Returns numbers that differ from each other by 0.1 at least, in any order; a rough draw has
   * equal ones.
   */
  public Tensor distinct(Shape shape) {
    if (rough) {
      return maybe() ? tensor(shape) : lattice(shape, 0.5, 0);
    }
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

  /** Returns whole numbers (I64) in {@code 0 … bound-1}; none if there are none. */
  public Tensor indices(Shape shape, int bound) {
    long[] values = new long[shape.elements()];
    Arrays.setAll(values, i -> between(0, bound - 1));
    return Tensor.of(values, shape.toArray());
  }

  /** Fills a tensor that lies in memory in one of many ways. */
  private Tensor filled(Shape shape, boolean mayRepeat, IntToDoubleFunction values) {
    var dense = dense(shape, values);
    var layouts = mayRepeat ? Layouts.values() : Layouts.DISTINCT;
    return layouts[between(0, layouts.length - 1)].of(dense, this);
  }

  private Tensor dense(Shape shape, IntToDoubleFunction values) {
    if (type == DType.F64) {
      double[] array = new double[shape.elements()];
      Arrays.setAll(array, i -> value(values, i));
      return Tensor.of(array, shape.toArray());
    }
    float[] array = new float[shape.elements()];
    for (int i = 0; i < array.length; i++) {
      array[i] = (float) value(values, i);
    }
    return Tensor.of(array, shape.toArray());
  }

  private double value(IntToDoubleFunction values, int i) {
    return extreme && between(0, 15) == 0
        ? EXTREMES[between(0, EXTREMES.length - 1)]
        : values.applyAsDouble(i);
  }

  /** Returns a window whose strides, borders and dilations differ along the two axes. */
  Window2d window() {
    return new Window2d(
        between(1, 2),
        between(1, 3),
        between(0, 2),
        between(0, 2),
        between(0, 1),
        between(0, 2),
        between(1, 2),
        between(1, 2));
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
