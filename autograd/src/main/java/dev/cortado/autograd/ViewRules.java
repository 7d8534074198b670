package dev.cortado.autograd;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.IndexOp.IndexAdd;
import dev.cortado.tensor.op.ViewOp;
import java.util.Arrays;

/** The rules of views: the gradient is looked at the way back. */
final class ViewRules {
  private ViewRules() {}

  static Rule of(ViewOp op) {
    return switch (op) {
      case ViewOp.Permute p -> Rule.unary(Saves.NOTHING, at -> at.gradient(0).apply(p.inverse()));
      case ViewOp.Reshape r ->
          Rule.unary(Saves.NOTHING, at -> Broadcasting.reshaped(at.gradient(0), at.inputShape(0)));
      // What was repeated is summed.
      case ViewOp.Expand e ->
          Rule.unary(Saves.NOTHING, at -> Broadcasting.sumTo(at.gradient(0), at.inputShape(0)));
      case ViewOp.Narrow n -> new PartRule(n.axis(), n.start());
      case ViewOp.Diagonal d -> Rule.unary(Saves.NOTHING, at -> diagonal(d, at));
      case ViewOp.Windows u -> Rule.unary(Saves.NOTHING, at -> unfold(u, at));
      case ViewOp.Contiguous c -> Rule.unary(Saves.NOTHING, at -> at.gradient(0));
    };
  }

  /** The diagonal's elements at their places in a matrix of zeros. */
  private static Tensor diagonal(ViewOp.Diagonal op, Backward at) {
    var g = at.gradient(0);
    Shape shape = at.inputShape(0);
    int rank = shape.rank();
    int columns = shape.dim(op.axis2());
    long[] places = new long[g.dim(-1)];
    Arrays.setAll(places, i -> (op.before() + i) * (long) columns + op.after() + i);
    int size = shape.dim(op.axis1()) * columns;
    var rows = g.apply(new IndexAdd(rank - 2, size), Tensor.of(places, places.length));
    int[] dims = Arrays.copyOf(g.shape().toArray(), rank);
    dims[rank - 2] = shape.dim(op.axis1());
    dims[rank - 1] = columns;
    int[] order = new int[rank];
    int next = 0;
    for (int axis = 0; axis < rank; axis++) {
      boolean row = axis == op.axis1();
      order[axis] = row ? rank - 2 : axis == op.axis2() ? rank - 1 : next++;
    }
    return rows.reshape(dims).permute(order);
  }

  /** Where windows overlap, their gradients add up. */
  private static Tensor unfold(ViewOp.Windows op, Backward at) {
    var g = at.gradient(0);
    int axis = op.axis();
    int last = g.rank() - 1;
    int[] order = new int[g.rank()];
    Arrays.setAll(order, i -> i <= axis ? i : i == axis + 1 ? last : i - 1);
    int[] dims = Arrays.copyOf(g.shape().toArray(), last);
    dims[axis] *= op.size();
    long[] places = new long[dims[axis]];
    Arrays.setAll(places, i -> (long) (i / op.size()) * op.step() + i % op.size());
    var add = new IndexAdd(axis, at.inputShape(0).dim(axis));
    return g.permute(order).reshape(dims).apply(add, Tensor.of(places, places.length));
  }
}
