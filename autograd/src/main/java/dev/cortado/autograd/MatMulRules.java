package dev.cortado.autograd;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.MatMul;
import org.jspecify.annotations.Nullable;

/** The rule of C = A·B: gA = g·Bᵀ and gB = Aᵀ·g, summed where a matrix was used repeatedly. */
final class MatMulRules {
  private MatMulRules() {}

  static Rule of(MatMul op) {
    return Rule.of(
        wanted ->
            Epilogues.saves(op.epilogue(), wanted)
                .and(wanted.wants(0), Saves.NOTHING.input(1))
                .and(wanted.wants(1), Saves.NOTHING.input(0)),
        at -> gradients(op, at));
  }

  private static @Nullable Tensor[] gradients(MatMul op, Backward at) {
    @Nullable Tensor[] results = new Tensor[at.inputs()];
    var g = Epilogues.gradients(op.epilogue(), at, results);
    if (g != null && at.wants(0)) {
      results[0] = Broadcasting.sumTo(g.matmul(at.input(1).t()), at.inputShape(0));
    }
    if (g != null && at.wants(1)) {
      results[1] = right(at.input(0), g, at.inputShape(1));
    }
    return results;
  }

  /** Aᵀ·g; one product over all rows of all batches if they share a single matrix B. */
  private static Tensor right(Tensor a, Tensor g, Shape b) {
    if (b.rank() == 2 && a.rank() > 2) {
      return rows(a).t().matmul(rows(g));
    }
    return Broadcasting.sumTo(a.t().matmul(g), b);
  }

  /** Returns x as one matrix; the rows are counted, because x may be empty. */
  private static Tensor rows(Tensor x) {
    int rows = 1;
    for (int axis = 0; axis < x.rank() - 1; axis++) {
      rows *= x.dim(axis);
    }
    return x.reshape(rows, x.dim(-1));
  }
}
