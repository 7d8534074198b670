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
      int size = 0;
      for (var input : inputs) {
        boolean fits =
            input.dtype() == first.dtype()
                && input.shape().rank() == first.shape().rank()
                && input.shape().with(axis, 0).equals(first.shape().with(axis, 0));
        Check.that(fits, this, inputs, "all sizes but that of axis " + axis + " must be equal");
        size += input.shape().dim(axis);
      }
      return List.of(new TensorSpec(first.shape().with(axis, size), first.dtype()));
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
      int size = Math.addExact(x.shape().dim(axis), Math.addExact(before, after));
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
