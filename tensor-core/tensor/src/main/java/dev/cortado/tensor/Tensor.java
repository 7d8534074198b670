package dev.cortado.tensor;

import dev.cortado.tensor.op.Cast;
import dev.cortado.tensor.op.IndexOp;
import dev.cortado.tensor.op.RandomOp;
import dev.cortado.tensor.op.TensorSpec;
import dev.cortado.tensor.spi.Trace;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An n-dimensional array of numbers: a shape, a layout and a storage that views may share. A value:
 * ops return new tensors. The one tensor type for everybody; one that autograd tracks carries a
 * {@link Trace}.
 *
 * <p>The methods come in themes: {@link ElementwiseMethods}, {@link ComparisonMethods}, {@link
 * ActivationMethods}, {@link ReductionMethods}, {@link NormalizationMethods}, {@link ScanMethods},
 * {@link ShapeMethods}, {@link IndexingMethods}, {@link LinearMethods}, {@link SpatialMethods}.
 */
public final class Tensor
    implements ElementwiseMethods,
        ComparisonMethods,
        ActivationMethods,
        ReductionMethods,
        NormalizationMethods,
        ScanMethods,
        ShapeMethods,
        IndexingMethods,
        LinearMethods,
        SpatialMethods {
  private final Shape shape;
  private final Layout layout;
  private final Storage storage;
  private final @Nullable Trace trace;

  /**
   * Creates a tensor over an existing storage. For interpreters of ops; users call the factory
   * methods.
   */
  public Tensor(Shape shape, Layout layout, Storage storage, @Nullable Trace trace) {
    this.shape = shape;
    this.layout = layout;
    this.storage = storage;
    this.trace = trace;
  }

  /**
   * Returns an F32 tensor of the given shape with {@code values} in row-major order. The array is
   * not copied.
   */
  public static Tensor of(float[] values, int... shape) {
    return wrap(DType.F32, values, values.length, Shape.of(shape));
  }

  /**
   * Returns an F64 tensor of the given shape with {@code values} in row-major order. The array is
   * not copied.
   */
  public static Tensor of(double[] values, int... shape) {
    return wrap(DType.F64, values, values.length, Shape.of(shape));
  }

  /**
   * Returns an I64 tensor of the given shape with {@code values} in row-major order. The array is
   * not copied.
   */
  public static Tensor of(long[] values, int... shape) {
    return wrap(DType.I64, values, values.length, Shape.of(shape));
  }

  /**
   * Returns an I32 tensor of the given shape with {@code values} in row-major order. The array is
   * not copied.
   */
  public static Tensor of(int[] values, int... shape) {
    return wrap(DType.I32, values, values.length, Shape.of(shape));
  }

  /** Returns a BOOL tensor of the given shape with {@code values} in row-major order. */
  public static Tensor of(boolean[] values, int... shape) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    return wrap(DType.BOOL, bytes, bytes.length, Shape.of(shape));
  }

  /** Returns an F32 vector [n]: {@code vector(1, 2, 3)}. */
  public static Tensor vector(double... values) {
    return of(values, values.length).to(DType.F32);
  }

  /**
   * Returns an F32 matrix [rows, columns]: {@code matrix(new double[][] {{1, 2}, {3, 4}})}.
   *
   * @throws CortadoException if the rows are not of one length
   */
  public static Tensor matrix(double[][] rows) {
    int columns = rows.length == 0 ? 0 : rows[0].length;
    double[] values = new double[rows.length * columns];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].length != columns) {
        throw new CortadoException(
            "matrix: row 0 has %d numbers, row %d has %d".formatted(columns, i, rows[i].length));
      }
      System.arraycopy(rows[i], 0, values, i * columns, columns);
    }
    return of(values, rows.length, columns).to(DType.F32);
  }

  /**
   * Returns a tensor around {@code array}, which must be of the type that {@code dtype} asks for
   * (see {@link HostStorage}), row-major. Not copied.
   */
  public static Tensor wrap(DType dtype, Object array, Shape shape) {
    return wrap(dtype, array, java.lang.reflect.Array.getLength(array), shape);
  }

  private static Tensor wrap(DType dtype, Object array, int length, Shape shape) {
    if (length != shape.elements()) {
      throw new CortadoException(
          "shape %s needs %d values, got %d%s"
              .formatted(
                  shape,
                  shape.elements(),
                  length,
                  shape.rank() == 0 ? "; for a vector say its length: [" + length + "]" : ""));
    }
    return new Tensor(shape, Layout.contiguous(shape), HostStorage.wrap(dtype, array), null);
  }

  /** Returns an F32 scalar. */
  public static Tensor scalar(double value) {
    return of(new float[] {(float) value});
  }

  /** Returns an F32 tensor of zeros. */
  public static Tensor zeros(int... shape) {
    return full(Shape.of(shape), DType.F32, 0);
  }

  /** Returns an F32 tensor of ones. */
  public static Tensor ones(int... shape) {
    return full(Shape.of(shape), DType.F32, 1);
  }

  /** Returns a tensor whose elements all are {@code value}. */
  public static Tensor full(Shape shape, DType dtype, double value) {
    var result = empty(shape, dtype, "full");
    if (result.storage instanceof HostStorage host) {
      switch (host.array()) {
        case float[] a -> Arrays.fill(a, (float) value);
        case double[] a -> Arrays.fill(a, value);
        case int[] a -> Arrays.fill(a, (int) value);
        case long[] a -> Arrays.fill(a, (long) value);
        default -> {
          for (int i = 0; i < host.size(); i++) {
            host.set(i, value);
          }
        }
      }
    }
    return result;
  }

  /** Returns an F32 tensor whose elements all are {@code value}. */
  public static Tensor full(double value, int... shape) {
    return full(Shape.of(shape), DType.F32, value);
  }

  /** Returns the F32 numbers 0, 1, …, {@code size-1}. */
  public static Tensor arange(int size) {
    return arange(size, DType.F32);
  }

  /** Returns the numbers 0, 1, …, {@code size-1}. */
  public static Tensor arange(int size, DType dtype) {
    return filled(Shape.of(size), dtype, "arange", i -> i);
  }

  /**
   * Returns the numbers {@code start, start + step, …} before {@code end}, each computed from its
   * number so that errors do not add up. An I64 or I32 one takes whole arguments.
   */
  public static Tensor arange(double start, double end, double step, DType dtype) {
    double count = Math.ceil((end - start) / step);
    boolean whole = start == Math.rint(start) && step == Math.rint(step);
    if (!(count < Integer.MAX_VALUE) || step == 0 || !(whole || dtype.isFloating())) {
      throw new CortadoException(
          "arange: cannot go from "
              + start
              + " to "
              + end
              + " in steps of "
              + step
              + " in "
              + dtype);
    }
    return filled(Shape.of((int) Math.max(0, count)), dtype, "arange", i -> start + i * step);
  }

  /** Returns {@code count} F32 numbers from {@code first} to {@code last}, both included. */
  public static Tensor linspace(double first, double last, int count) {
    double step = (last - first) / Math.max(1, count - 1);
    // The second half is counted from the end, so that both ends are exact.
    return filled(
        Shape.of(count),
        DType.F32,
        "linspace",
        i -> i < (count + 1) / 2 ? first + i * step : last - (count - 1 - i) * step);
  }

  /** Returns the F32 identity matrix [size, size]. */
  public static Tensor eye(int size) {
    return filled(Shape.of(size, size), DType.F32, "eye", i -> i / size == i % size ? 1 : 0);
  }

  private static Tensor filled(
      Shape shape, DType dtype, String origin, java.util.function.IntToDoubleFunction values) {
    var result = empty(shape, dtype, origin);
    if (result.storage instanceof HostStorage host) {
      for (int i = 0; i < host.size(); i++) {
        host.set(i, values.applyAsDouble(i));
      }
    }
    return result;
  }

  /** Returns an F32 tensor of uniform random numbers in [0, 1). */
  public static Tensor uniform(RandomKey key, int... shape) {
    return Ops.apply(new RandomOp(RandomOp.Distribution.UNIFORM, key, Shape.of(shape), DType.F32));
  }

  /** Returns an F32 tensor of standard normal random numbers. */
  public static Tensor normal(RandomKey key, int... shape) {
    return Ops.apply(new RandomOp(RandomOp.Distribution.NORMAL, key, Shape.of(shape), DType.F32));
  }

  /**
   * Returns an F32 tensor of standard normal random numbers under the condition that they lie
   * between {@code low} and {@code high}.
   *
   * @throws CortadoException if hardly any does
   */
  public static Tensor truncatedNormal(RandomKey key, double low, double high, int... shape) {
    var distribution = new RandomOp.TruncatedNormal(low, high);
    return Ops.apply(new RandomOp(distribution, key, Shape.of(shape), DType.F32));
  }

  /** Returns a BOOL tensor of events that happen with the given probability. */
  public static Tensor bernoulli(RandomKey key, double probability, int... shape) {
    var distribution = new RandomOp.Bernoulli(probability);
    return Ops.apply(new RandomOp(distribution, key, Shape.of(shape), DType.BOOL));
  }

  /** Returns the numbers 0, 1, …, {@code size-1} (I64) in a random order. */
  public static Tensor permutation(RandomKey key, int size) {
    return of(Arrays.stream(key.permutation(size)).asLongStream().toArray(), size);
  }

  /**
   * Returns a row-major tensor of undefined content from the current backend, to be written by
   * {@code origin}.
   */
  public static Tensor empty(Shape shape, DType dtype, String origin) {
    return empty(shape, dtype, Layout.contiguous(shape), origin);
  }

  /** Returns a tensor of undefined content in a dense layout, to be written by {@code origin}. */
  public static Tensor empty(Shape shape, DType dtype, Layout layout, String origin) {
    var storage = Backends.current().allocate(new TensorSpec(shape, dtype), origin);
    return new Tensor(shape, layout, storage, null);
  }

  /**
   * Returns the tensors side by side along {@code axis}.
   *
   * @throws CortadoException if there are none, or their other sizes differ
   */
  public static Tensor cat(int axis, List<Tensor> tensors) {
    requireSome("cat", tensors);
    int at = tensors.getFirst().shape().axis(axis);
    return Ops.applyAll(new IndexOp.Cat(at), tensors).getFirst();
  }

  /**
   * Returns the tensors, which are of one shape, side by side along a new axis.
   *
   * @throws CortadoException if there are none, or their shapes differ
   */
  public static Tensor stack(int axis, List<Tensor> tensors) {
    requireSome("stack", tensors);
    int rank = tensors.getFirst().rank() + 1;
    int at = axis < 0 ? axis + rank : axis;
    return cat(at, tensors.stream().map(x -> x.unsqueeze(at)).toList());
  }

  private static void requireSome(String what, List<Tensor> tensors) {
    if (tensors.isEmpty()) {
      throw new CortadoException(what + ": needs at least one tensor, the list is empty");
    }
  }

  /**
   * Returns the coordinates of a grid: for vectors of n₀, n₁, … numbers as many tensors of shape
   * [n₀, n₁, …], of which the k-th varies along axis k alone. Views.
   */
  public static List<Tensor> meshgrid(List<Tensor> vectors) {
    int[] full = vectors.stream().mapToInt(Tensor::elements).toArray();
    var grid = new java.util.ArrayList<Tensor>();
    for (int k = 0; k < full.length; k++) {
      int[] dims = new int[full.length];
      Arrays.fill(dims, 1);
      dims[k] = full[k];
      grid.add(vectors.get(k).reshape(dims).expand(full));
    }
    return List.copyOf(grid);
  }

  /**
   * Returns the sum of products that {@code equation} states in Einstein's notation: a letter for
   * every axis of every operand, an arrow, and the axes of the result; over all other letters is
   * summed. {@code "ij,jk->ik"} is the matrix product, {@code "bij->bji"} transposes, {@code
   * "ii->i"} is the diagonal, {@code "i,j->ij"} the outer product. An ellipsis stands for any
   * further axes. Axes of size 1 broadcast. Without an arrow the result has the ellipsis and the
   * letters that stand once, in alphabetical order.
   *
   * @throws CortadoException if the equation does not fit the operands
   */
  public static Tensor einsum(String equation, Tensor... operands) {
    return Einsum.of(equation, List.of(operands));
  }

  /** Returns the sizes of the dimensions. */
  public Shape shape() {
    return shape;
  }

  /** Returns the number of dimensions. */
  public int rank() {
    return shape.rank();
  }

  /** Returns the size of dimension {@code axis}; negative axes count from the end. */
  public int dim(int axis) {
    return shape.dim(axis);
  }

  /** Returns the number of elements. */
  public int elements() {
    return shape.elements();
  }

  /** Returns where the elements lie in the storage. */
  public Layout layout() {
    return layout;
  }

  /** Returns the elements' home, which views share. */
  public Storage storage() {
    return storage;
  }

  /** Returns the element type. */
  public DType dtype() {
    return storage.dtype();
  }

  /** Returns shape and type. */
  public TensorSpec spec() {
    return new TensorSpec(shape, dtype());
  }

  /** Returns what a tracer left here, or null for a plain tensor. */
  public @Nullable Trace trace() {
    return trace;
  }

  /**
   * Returns this tensor without its trace: the same elements, of which nobody knows where they came
   * from.
   */
  public Tensor detach() {
    return trace == null ? this : new Tensor(shape, layout, storage, null);
  }

  /** Returns this tensor with {@code trace}. For tracers. */
  public Tensor withTrace(Trace trace) {
    return new Tensor(shape, layout, storage, trace);
  }

  /** Returns the elements as another type; this tensor itself if it has that type already. */
  public Tensor to(DType dtype) {
    return dtype == dtype() ? this : Ops.apply(new Cast(dtype), this);
  }

  /** Returns a copy of the elements in row-major order as floats. */
  public float[] toFloats() {
    var dense = detach().to(DType.F32).contiguous();
    return Arrays.copyOfRange(dense.host().floats(), dense.start(), dense.start() + elements());
  }

  /** Returns a copy of the elements in row-major order as doubles. */
  public double[] toDoubles() {
    var dense = detach().to(DType.F64).contiguous();
    return Arrays.copyOfRange(dense.host().doubles(), dense.start(), dense.start() + elements());
  }

  /** Returns a copy of the elements in row-major order as longs; floating numbers are truncated. */
  public long[] toLongs() {
    var dense = detach().to(DType.I64).contiguous();
    return Arrays.copyOfRange(dense.host().longs(), dense.start(), dense.start() + elements());
  }

  /** Returns where the elements begin; an empty view may lie beyond the end of its storage. */
  private int start() {
    return elements() == 0 ? 0 : layout.offset();
  }

  /**
   * Returns the only element.
   *
   * @throws CortadoException if there is not exactly one
   */
  public double item() {
    if (elements() != 1) {
      throw new CortadoException("item() needs exactly one element; shape is " + shape);
    }
    return host().get(layout.offset());
  }

  /** Returns the storage of a tensor whose elements are in Java arrays. */
  public HostStorage host() {
    if (storage instanceof HostStorage host) {
      return host;
    }
    throw new CortadoException("this tensor has a shape " + shape + " but no numbers");
  }

  /** Returns {@code op} applied to this and {@code others}. */
  public Tensor apply(dev.cortado.tensor.op.Op op, Tensor... others) {
    if (others.length == 0) {
      return Ops.apply(op, this);
    }
    Tensor[] inputs = new Tensor[others.length + 1];
    inputs[0] = this;
    System.arraycopy(others, 0, inputs, 1, others.length);
    return Ops.applyAll(op, List.of(inputs)).getFirst();
  }

  /**
   * Returns type, shape and the elements as NumPy prints them, with up to 4 digits behind the
   * point; of more than 1,000 elements only those at the ends of each axis.
   */
  @Override
  public String toString() {
    return toString(Printer.PRECISION);
  }

  /**
   * Returns type, shape and elements with up to {@code digits} digits behind the point.
   *
   * @throws CortadoException if {@code digits} is negative
   */
  public String toString(int digits) {
    if (digits < 0) {
      throw new CortadoException("toString: digits cannot be negative, got " + digits);
    }
    return Printer.print(this, digits);
  }
}
