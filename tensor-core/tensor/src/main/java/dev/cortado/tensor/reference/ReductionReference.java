package dev.cortado.tensor.reference;

import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.Fused;
import dev.cortado.tensor.op.ReductionOp;
import dev.cortado.tensor.op.TensorSpec;
import java.util.Arrays;
import java.util.List;

/** Combines elements along axes, in row-major order. */
final class ReductionReference {
  private ReductionReference() {}

  static Object[] run(ReductionOp op, List<Tensor> inputs, TensorSpec result) {
    return switch (op) {
      case ReductionOp.SumOf s ->
          result.dtype().isFloating() ? sums(s, inputs) : wholeSums(s, inputs);
      case ReductionOp.Extremum e -> new Object[] {extremum(e, inputs.getFirst())};
      case ReductionOp.ArgMax a -> new Object[] {place(inputs.getFirst(), a.axis(), true)};
      case ReductionOp.ArgMin a -> new Object[] {place(inputs.getFirst(), a.axis(), false)};
    };
  }

  private static Shape common(ReductionOp op, List<Tensor> inputs) {
    Shape shape = Shape.SCALAR;
    for (var input : inputs) {
      shape = Shape.broadcast(op.name(), shape, input.shape());
    }
    return shape;
  }

  private static double[][] sums(ReductionOp.SumOf op, List<Tensor> inputs) {
    Shape shape = common(op, inputs);
    double[][] terms =
        ElementwiseReference.doubles(new Fused(op.terms(), op.arity()), inputs, shape);
    int[] target = targets(shape, op.axes());
    double[][] out = new double[terms.length][op.axes().reduce(shape, true).elements()];
    for (int k = 0; k < terms.length; k++) {
      for (int i = 0; i < target.length; i++) {
        out[k][target[i]] += terms[k][i];
      }
    }
    return out;
  }

  private static long[][] wholeSums(ReductionOp.SumOf op, List<Tensor> inputs) {
    Shape shape = common(op, inputs);
    var type = ElementwiseReference.common(inputs);
    long[][] terms =
        ElementwiseReference.longs(new Fused(op.terms(), op.arity()), inputs, shape, type);
    int[] target = targets(shape, op.axes());
    long[][] out = new long[terms.length][op.axes().reduce(shape, true).elements()];
    for (int k = 0; k < terms.length; k++) {
      for (int i = 0; i < target.length; i++) {
        out[k][target[i]] += terms[k][i];
      }
    }
    return out;
  }

  private static Object extremum(ReductionOp.Extremum op, Tensor x) {
    int[] target = targets(x.shape(), op.axes());
    int groups = op.axes().reduce(x.shape(), true).elements();
    return switch (Values.read(x)) {
      case double[] values -> extremum(op.largest(), values, target, groups);
      case long[] values -> extremum(op.largest(), values, target, groups);
      default -> throw new IllegalStateException();
    };
  }

  private static double[] extremum(boolean largest, double[] x, int[] target, int groups) {
    double[] out = new double[groups];
    Arrays.fill(out, largest ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    for (int i = 0; i < target.length; i++) {
      double best = out[target[i]];
      out[target[i]] = largest ? Math.max(best, x[i]) : Math.min(best, x[i]);
    }
    return out;
  }

  private static long[] extremum(boolean largest, long[] x, int[] target, int groups) {
    long[] out = new long[groups];
    Arrays.fill(out, largest ? Long.MIN_VALUE : Long.MAX_VALUE);
    for (int i = 0; i < target.length; i++) {
      long best = out[target[i]];
      out[target[i]] = largest ? Math.max(best, x[i]) : Math.min(best, x[i]);
    }
    return out;
  }

  /** Returns where along the axis the first largest or smallest element is; NaN is either. */
  private static long[] place(Tensor x, int axis, boolean largest) {
    int[] target = targets(x.shape(), new Axes(List.of(axis)));
    long[] best = new long[x.shape().with(axis, 1).elements()];
    Arrays.fill(best, -1);
    var ranking = Ranking.of(Values.read(x));
    for (int i = 0; i < target.length; i++) {
      int leader = (int) best[target[i]];
      if (leader < 0 || ranking.beats(i, leader, largest)) {
        best[target[i]] = i;
      }
    }
    int inner = Layout.contiguous(x.shape()).stride(axis);
    int size = x.dim(axis);
    return Arrays.stream(best).map(at -> at / inner % size).toArray();
  }

  /** Returns for each element of {@code shape} the row-major number of the result it goes into. */
  static int[] targets(Shape shape, Axes axes) {
    int[] strides = Layout.contiguous(axes.reduce(shape, true)).strides();
    axes.list().forEach(axis -> strides[axis] = 0);
    return Values.places(shape, Layout.of(0, strides));
  }
}
