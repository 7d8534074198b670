package dev.cortado.testkit;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.AttentionOp;
import dev.cortado.tensor.op.AttentionOp.Attention;
import dev.cortado.tensor.op.AttentionOp.AttentionGradient;
import java.util.Arrays;
import java.util.List;

/** Specs of attention, and by how much it may be off. */
final class AttentionSpecs {
  /** So far below the largest float that sums and products on the way to it may be larger. */
  private static final double LARGE = 1e35;

  private AttentionSpecs() {}

  static List<OpSpec> all() {
    return List.of(
        OpSpec.of(Attention.class, AttentionSpecs::attention),
        OpSpec.of(AttentionGradient.class, AttentionSpecs::gradient));
  }

  /** q, k and v of drawn sizes. */
  private static Tensor[] inputs(Draw d) {
    var heads = d.shape(0, 2);
    int depth = 1 + d.size(4, 80);
    int keys = 1 + d.size(4, 300);
    int queries = d.size(4, 300);
    int width = 1 + d.size(4, 80);
    return new Tensor[] {
      d.tensor(matrices(heads, queries, depth)),
      d.tensor(matrices(heads, keys, depth)),
      d.tensor(matrices(heads, keys, width))
    };
  }

  private static Shape matrices(Shape heads, int rows, int columns) {
    int[] dims = Arrays.copyOf(heads.toArray(), heads.rank() + 2);
    dims[heads.rank()] = rows;
    dims[heads.rank() + 1] = columns;
    return Shape.of(dims);
  }

  private static OpCase attention(Draw d) {
    return OpCase.of(new Attention(d.of(0.125, 0.5, 1.0)), inputs(d));
  }

  private static OpCase gradient(Draw d) {
    var in = inputs(d);
    int rank = in[0].rank();
    var g = d.tensor(in[0].shape().with(rank - 1, in[2].dim(-1)));
    var row = in[0].shape().with(rank - 1, 1);
    // Logarithms that make weights of about 1: larger ones would overflow.
    return OpCase.of(
        new AttentionGradient(d.of(0.125, 0.5, 1.0)),
        g,
        in[0],
        in[1],
        in[2],
        d.tensor(row, 1, 3),
        d.tensor(row));
  }

  /** The sizes of things, and what they are off by. */
  static double[][] tolerance(
      AttentionOp op, List<Tensor> inputs, List<Tensor> results, Precision precision) {
    return switch (op) {
      case Attention a -> attention(a, inputs, results, precision);
      case AttentionGradient a -> gradient(a, inputs, precision);
    };
  }

  /** An error of the scores is a relative error of the weights, and of their sum. */
  private static double[][] attention(
      Attention op, List<Tensor> in, List<Tensor> results, Precision precision) {
    int depth = in.get(0).dim(-1);
    int keys = in.get(1).dim(-2);
    var sizes = in.get(0).abs().matmul(in.get(1).abs().t()).mul(op.scale());
    var largest = sizes.max(true, -1);
    var scoreOff = largest.mul(precision.sum(1, depth) + 8 * precision.unit());
    double terms = 4 * precision.unit() * (16 + Math.sqrt(keys));
    // Beyond some hundredths a relative error no longer adds up: anything may come out.
    var relative = scoreOff.mul(2).add(terms);
    relative =
        relative.lessThan(0.1).where(relative, relative.mul(0).add(Double.POSITIVE_INFINITY));
    var weights = in.get(0).matmul(in.get(1).t()).mul(op.scale()).softmax(-1);
    var sum = weights.matmul(in.get(2).abs());
    double rounding = precision.sum(1, keys);
    var off = sum.mul(relative.add(rounding)).add(precision.smallest() * keys);
    double[] logarithms = results.get(1).toDoubles();
    double[] offs = scoreOff.add(terms).toDoubles();
    Arrays.setAll(
        offs, i -> offs[i] + 4 * precision.unit() * Math.abs(logarithms[i]) + precision.smallest());
    return new double[][] {
      known(off.toDoubles(), sum.toDoubles()), known(offs, largest.toDoubles())
    };
  }

  private static double[][] gradient(AttentionGradient op, List<Tensor> in, Precision precision) {
    var g = in.get(0).abs();
    var q = in.get(1).abs();
    var k = in.get(2).abs();
    var v = in.get(3).abs();
    int queries = q.dim(-2);
    int keys = k.dim(-2);
    var sizes = q.matmul(k.t()).mul(op.scale()).add(in.get(4).abs());
    var scoreOff = sizes.mul(precision.sum(1, q.dim(-1)) + 8 * precision.unit());
    var relative = scoreOff.add(16 * precision.unit());
    var scores = in.get(1).matmul(in.get(2).t()).mul(op.scale()).sub(in.get(4));
    var p = scores.exp();
    var w = g.matmul(v.t()).add(in.get(5).abs());
    // Scores that are off by more say nothing of a weight, however small it should be.
    var anything = Tensor.full(p.shape(), p.dtype(), 1e300);
    var pOff = p.mul(relative).mul(2).add(2 * precision.smallest());
    pOff = relative.lessThan(0.1).where(pOff, anything);
    pOff = p.lessThan(LARGE).where(pOff, anything);
    var t = p.mul(w).mul(op.scale());
    double product = precision.sum(1, g.dim(-1)) + 8 * precision.unit();
    var tOff = pOff.mul(w.add(1e-30)).mul(op.scale()).add(t.mul(product));
    // A weight of 0 does not save what has overflown.
    tOff = w.lessThan(LARGE).where(tOff, anything);
    return new double[][] {
      total(tOff, t, k, keys, precision),
      total(tOff.t(), t.t(), q, queries, precision),
      total(pOff.t(), p.t(), g, queries, precision)
    };
  }

  private static double[] total(Tensor off, Tensor size, Tensor other, int terms, Precision p) {
    // Not even a factor of 0 makes anything certain again.
    var total = off.matmul(other.add(1e-30)).add(size.matmul(other).mul(p.sum(1, terms)));
    return known(
        total.add(2 * p.smallest() * (1 + terms)).toDoubles(), size.matmul(other).toDoubles());
  }

  /** Where the bound is no number, or something on the way may overflow, anything may come out. */
  private static double[] known(double[] off, double[] size) {
    Arrays.setAll(off, i -> off[i] < LARGE && size[i] < LARGE ? off[i] : Double.POSITIVE_INFINITY);
    return off;
  }
}
