package dev.cortado.simd;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.Walk;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.ReductionOp;
import dev.cortado.tensor.op.TensorSpec;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sums and extrema of whole numbers and truth values, in memory order, as longs. No order of adding
 * or comparing changes them.
 */
final class WholeReductionSimd {
  /** What becomes of two numbers. */
  private enum Combination {
    SUM,
    MIN,
    MAX
  }

  private final Combination how;
  private final Object x;
  private final Walk walk;
  private final long[] out;

  private WholeReductionSimd(Combination how, Object x, Walk walk, long[] out) {
    this.how = how;
    this.x = x;
    this.walk = walk;
    this.out = out;
  }

  /** Returns the result, or null if this is no plain sum or the type is floating. */
  static @Nullable Tensor sum(ReductionOp.SumOf op, List<Tensor> inputs, TensorSpec spec) {
    boolean plain = op.terms().equals(List.of(Formula.input(0))) && op.arity() == 1;
    return plain ? run(op, Combination.SUM, inputs.getFirst(), spec) : null;
  }

  /** Returns the result, or null if the type is floating. */
  static @Nullable Tensor extremum(ReductionOp.Extremum op, Tensor x, TensorSpec spec) {
    return run(op, op.largest() ? Combination.MAX : Combination.MIN, x, spec);
  }

  private static @Nullable Tensor run(ReductionOp op, Combination how, Tensor x, TensorSpec spec) {
    if (x.dtype().isFloating()) {
      return null;
    }
    var result = Tensor.empty(spec.shape(), spec.dtype(), op.name());
    int count = spec.shape().elements();
    long[] out = spec.dtype() == DType.I64 ? result.host().longs() : new long[count];
    Arrays.fill(out, 0, count, worst(how));
    if (x.elements() > 0) {
      var walk = Walk.of(x.shape(), x.layout(), SumOfSimd.resultLayout(op, x.shape()));
      new WholeReductionSimd(how, x.host().array(), walk, out).run();
    }
    if (spec.dtype() != DType.I64) {
      WholeBlocks.store(out, result.host().array(), 0, count);
    }
    return result;
  }

  private static long worst(Combination how) {
    return switch (how) {
      case SUM -> 0;
      case MIN -> Long.MAX_VALUE;
      case MAX -> Long.MIN_VALUE;
    };
  }

  private static long combine(Combination how, long a, long b) {
    return switch (how) {
      case SUM -> a + b;
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
    };
  }

  private void run() {
    if (walk.innerStride(1) == 0) {
      overRows();
    } else {
      overColumns();
    }
  }

  /** Each piece of a row gives one number. */
  private void overRows() {
    int n = walk.length();
    int pieces = Math.ceilDiv(n, Pieces.LENGTH);
    long[] partial = new long[walk.rows() * pieces];
    Parallel.ranges(
        partial.length,
        Math.max(1, FormulaGrid.CHUNK / Math.min(n, Pieces.LENGTH)),
        (from, to) -> {
          long[] block = Workspace.current().longs(0, Pieces.LENGTH);
          int[] at = new int[2];
          for (int i = from; i < to; i++) {
            walk.offsets(i / pieces, at);
            int column = i % pieces * Pieces.LENGTH;
            int count = Math.min(Pieces.LENGTH, n - column);
            int step = walk.innerStride(0);
            WholeBlocks.load(x, at[0] + column * step, step, block, count);
            partial[i] = ofBlock(block, count);
          }
        });
    int[] at = new int[2];
    for (int i = 0; i < partial.length; i++) {
      walk.offsets(i / pieces, at);
      out[at[1]] = combine(how, out[at[1]], partial[i]);
    }
  }

  private long ofBlock(long[] block, int count) {
    long result = worst(how);
    switch (how) {
      case SUM -> {
        for (int i = 0; i < count; i++) {
          result += block[i];
        }
      }
      case MIN -> {
        for (int i = 0; i < count; i++) {
          result = Math.min(result, block[i]);
        }
      }
      case MAX -> {
        for (int i = 0; i < count; i++) {
          result = Math.max(result, block[i]);
        }
      }
    }
    return result;
  }

  /** Rows are combined into rows of results; a chunk has some columns of all rows for itself. */
  private void overColumns() {
    int n = walk.length();
    Parallel.ranges(
        n,
        Pieces.LENGTH,
        (from, to) -> {
          long[] block = Workspace.current().longs(0, Pieces.LENGTH);
          int[] at = new int[2];
          for (int row = 0; row < walk.rows(); row++) {
            walk.offsets(row, at);
            int step = walk.innerStride(0);
            WholeBlocks.load(x, at[0] + from * step, step, block, to - from);
            intoRow(block, to - from, at[1] + from * walk.innerStride(1), walk.innerStride(1));
          }
        });
  }

  private void intoRow(long[] block, int n, int at, int step) {
    for (int i = 0; i < n; i++) {
      int to = at + i * step;
      out[to] = combine(how, out[to], block[i]);
    }
  }
}
