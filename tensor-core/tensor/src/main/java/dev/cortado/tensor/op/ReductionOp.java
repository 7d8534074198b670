package dev.cortado.tensor.op;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.formula.Formula;
import java.util.Collections;
import java.util.List;

/** Ops that combine the elements along some axes. */
public sealed interface ReductionOp extends Op {
  /** Returns the axes along which elements are combined. */
  Axes axes();

  /** Returns whether reduced axes stay with size 1. */
  boolean keepDim();

  /**
   * Sums of formulas: for each term, its value at every element of the (broadcast) inputs, summed
   * over the axes. One pass over memory for all terms; {@code Σ x} is the term {@code input(0)}.
   * Sums of I32 and BOOL are I64.
   */
  record SumOf(List<Formula> terms, int arity, Axes axes, boolean keepDim) implements ReductionOp {
    /** Copies the list. */
    public SumOf {
      terms = List.copyOf(terms);
    }

    @Override
    public String name() {
      return "sum";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, arity);
      var full = new Fused(terms, arity).infer(inputs).getFirst();
      axes.list().forEach(axis -> Check.axis(this, inputs, full.shape(), axis));
      var type = full.dtype().isFloating() ? full.dtype() : DType.I64;
      return Collections.nCopies(
          terms.size(), new TensorSpec(axes.reduce(full.shape(), keepDim), type));
    }
  }

  /** The largest or smallest element; NaN wins. */
  record Extremum(boolean largest, Axes axes, boolean keepDim) implements ReductionOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      Check.count(this, inputs, 1);
      var x = inputs.getFirst();
      axes.list().forEach(axis -> Check.axis(this, inputs, x.shape(), axis));
      Check.that(axes.count(x.shape()) > 0, this, inputs, "the largest of nothing is undefined");
      return List.of(new TensorSpec(axes.reduce(x.shape(), keepDim), x.dtype()));
    }

    @Override
    public String name() {
      return largest ? "max" : "min";
    }
  }

  /** The position (I64) of the first largest element along one axis; NaN counts as the largest. */
  record ArgMax(int axis, boolean keepDim) implements ReductionOp {
    @Override
    public String name() {
      return "argmax";
    }

    @Override
    public Axes axes() {
      return new Axes(List.of(axis));
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      return place(this, axis, inputs);
    }
  }

  /**
   * The position (I64) of the first smallest element along one axis; NaN counts as the smallest.
   */
  record ArgMin(int axis, boolean keepDim) implements ReductionOp {
    @Override
    public String name() {
      return "argmin";
    }

    @Override
    public Axes axes() {
      return new Axes(List.of(axis));
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      return place(this, axis, inputs);
    }
  }

  private static List<TensorSpec> place(ReductionOp op, int axis, List<TensorSpec> inputs) {
    Check.count(op, inputs, 1);
    Shape shape = inputs.getFirst().shape();
    Check.axis(op, inputs, shape, axis);
    Check.that(
        op.axes().count(shape) > 0, op, inputs, "the largest or smallest of nothing is undefined");
    return List.of(new TensorSpec(op.axes().reduce(shape, op.keepDim()), DType.I64));
  }
}
