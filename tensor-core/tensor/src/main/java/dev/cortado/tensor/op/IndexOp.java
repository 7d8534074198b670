package dev.cortado.tensor.op;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Shape;
import java.util.List;

/** Ops that place elements: by position, by index, side by side. */
public sealed interface IndexOp extends Op {
  /** 1 at the place that the label names, else 0: labels (I64) […] to F32 […, classes]. */
  record OneHot(int classes) implements IndexOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 1);
      var labels = inputs.getFirst();
      Check.that(labels.dtype() == DType.I64, this, inputs, "labels must be I64");
      int[] dims = java.util.Arrays.copyOf(labels.shape().toArray(), labels.shape().rank() + 1);
      dims[labels.shape().rank()] = classes;
      return List.of(new TensorSpec(Shape.of(dims), DType.F32));
    }
  }

  /** The inputs side by side along one axis. */
  record Cat(int axis) implements IndexOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.that(!inputs.isEmpty(), this, inputs, "cat needs at least one tensor");
      var first = inputs.getFirst();
      Check.axis(this, inputs, first.shape(), axis);
      long size = 0;
      for (var input : inputs) {
        boolean fits =
            input.dtype() == first.dtype()
                && input.shape().rank() == first.shape().rank()
                && input.shape().with(axis, 0).equals(first.shape().with(axis, 0));
        Check.that(fits, this, inputs, "all sizes but that of axis " + axis + " must be equal");
        size += input.shape().dim(axis);
      }
      int total = Check.size(this, inputs, axis, size);
      return List.of(new TensorSpec(first.shape().with(axis, total), first.dtype()));
    }
  }

  /** Zeros before and after along one axis: the inverse of {@link ViewOp.Narrow}. */
  record ZeroPad(int axis, int before, int after) implements IndexOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 1);
      var x = inputs.getFirst();
      Check.axis(this, inputs, x.shape(), axis);
      Check.that(
          before >= 0 && after >= 0,
          this,
          inputs,
          "cannot add " + before + " and " + after + " zeros");
      int size = Check.size(this, inputs, axis, (long) x.shape().dim(axis) + before + after);
      return List.of(new TensorSpec(x.shape().with(axis, size), x.dtype()));
    }
  }

  /** The slices of x that the indices (I64 [n]) name, along one axis. Inputs: x, indices. */
  record IndexSelect(int axis) implements IndexOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 2);
      var index = inputs.get(1);
      Check.that(
          index.dtype() == DType.I64 && index.shape().rank() == 1,
          this,
          inputs,
          "indices must be I64 [n]");
      var x = inputs.getFirst();
      Check.axis(this, inputs, x.shape(), axis);
      return List.of(new TensorSpec(x.shape().with(axis, index.shape().dim(0)), x.dtype()));
    }
  }

  /**
   * The gradient of {@link IndexSelect} by x: slices added up at their places. Inputs: the
   * gradient, indices.
   */
  record IndexAdd(int axis, int size) implements IndexOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 2);
      var y = inputs.getFirst();
      Check.axis(this, inputs, y.shape(), axis);
      var index = new TensorSpec(Shape.of(y.shape().dim(axis)), DType.I64);
      Check.that(inputs.get(1).equals(index), this, inputs, "indices must be " + index);
      return List.of(new TensorSpec(y.shape().with(axis, size), y.dtype()));
    }
  }

  /**
   * {@code y[…, i, …] = x[…, index[…, i, …], …]}: for every element of the index the element of x
   * at the same place but for {@code axis}, where the index says. Inputs: x, index (I64). The index
   * has the rank of x and is not larger than x along any other axis.
   */
  record Gather(int axis) implements IndexOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 2);
      var x = inputs.getFirst();
      checkElements(this, axis, inputs);
      return List.of(new TensorSpec(inputs.get(1).shape(), x.dtype()));
    }
  }

  /**
   * x with {@code y[…, index[…, i, …], …] = source[…, i, …]}: the inverse of {@link Gather}.
   * Inputs: x, index (I64), source of the index's shape. Where the index names a place twice, the
   * last one in row-major order stays.
   */
  record Scatter(int axis) implements IndexOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 3);
      return checkSource(this, axis, inputs);
    }
  }

  /**
   * x with {@code y[…, index[…, i, …], …] += source[…, i, …]}: the gradient of {@link Gather}.
   * Inputs: x, index (I64), source of the index's shape. What falls together is added in row-major
   * order.
   */
  record ScatterAdd(int axis) implements IndexOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 3);
      return checkSource(this, axis, inputs);
    }
  }

  /**
   * The indices (I64 [count, rank]) of the first {@code count} elements of x that are not 0, in
   * row-major order. The count is part of the op, so that the result's shape is known before.
   */
  record NonZero(int count) implements IndexOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 1);
      var shape = inputs.getFirst().shape();
      Check.that(
          count >= 0 && count <= shape.elements(),
          this,
          inputs,
          "there cannot be " + count + " elements that are not 0");
      return List.of(new TensorSpec(Shape.of(count, shape.rank()), DType.I64));
    }
  }

  private static void checkElements(IndexOp op, int axis, List<TensorSpec> inputs) {
    var x = inputs.getFirst().shape();
    var index = inputs.get(1);
    Check.axis(op, inputs, x, axis);
    boolean fits = index.dtype() == DType.I64 && index.shape().rank() == x.rank();
    for (int i = 0; fits && i < x.rank(); i++) {
      fits = i == axis || index.shape().dim(i) <= x.dim(i);
    }
    Check.that(
        fits,
        op,
        inputs,
        "the index must be I64, of the rank of x and not larger than x except along axis " + axis);
  }

  private static List<TensorSpec> checkSource(IndexOp op, int axis, List<TensorSpec> inputs) {
    var x = inputs.getFirst();
    checkElements(op, axis, inputs);
    var source = new TensorSpec(inputs.get(1).shape(), x.dtype());
    Check.that(inputs.get(2).equals(source), op, inputs, "the source must be " + source);
    return List.of(x);
  }

  /**
   * Returns {@code index} if it lies in {@code 0 … size-1}; throws with the op's name otherwise.
   */
  static int checked(Op op, long index, int size) {
    if (index < 0 || index >= size) {
      throw new CortadoException(
          op.name() + ": index " + index + " lies outside 0 … " + (size - 1));
    }
    return (int) index;
  }
}
