package dev.cortado.tensor.reference;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.Fused;
import dev.cortado.tensor.op.ReductionOp;
import dev.cortado.tensor.op.TensorSpec;
import java.util.Arrays;

/** Combines elements along axes, in row-major order. */
final class ReductionReference {
  private ReductionReference() {}

  static double[][] sumOf(ReductionOp.SumOf op, double[][] in, TensorSpec[] specs) {
    Shape shape = Shape.SCALAR;
    for (var spec : specs) {
      shape = Shape.broadcast(op.name(), shape, spec.shape());
    }
    double[][] terms =
        ElementwiseReference.run(new Fused(op.terms(), op.arity()), in, specs, shape);
    int[] target = targets(shape, op.axes());
    double[][] out = new double[terms.length][op.axes().reduce(shape, true).elements()];
    for (int k = 0; k < terms.length; k++) {
      for (int i = 0; i < target.length; i++) {
        out[k][target[i]] += terms[k][i];
      }
    }
    return out;
  }

  static double[] extremum(ReductionOp.Extremum op, double[] x, Shape shape) {
    int[] target = targets(shape, op.axes());
    double[] out = new double[op.axes().reduce(shape, true).elements()];
    Arrays.fill(out, op.largest() ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    for (int i = 0; i < target.length; i++) {
      double best = out[target[i]];
      out[target[i]] = op.largest() ? Math.max(best, x[i]) : Math.min(best, x[i]);
    }
    return out;
  }

  static double[] argMax(ReductionOp.ArgMax op, double[] x, Shape shape) {
    int inner = 1;
    for (int axis = op.axis() + 1; axis < shape.rank(); axis++) {
      inner *= shape.dim(axis);
    }
    int size = shape.dim(op.axis());
    int outer = inner == 0 ? 0 : shape.elements() / (size * inner);
    double[] out = new double[outer * inner];
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < inner; i++) {
        int best = 0;
        for (int j = 1; j < size; j++) {
          double value = x[(o * size + j) * inner + i];
          double leader = x[(o * size + best) * inner + i];
          if (value > leader || (Double.isNaN(value) && !Double.isNaN(leader))) {
            best = j;
          }
        }
        out[o * inner + i] = best;
      }
    }
    return out;
  }

  /** Returns for each element of {@code shape} the row-major number of the result it goes into. */
  static int[] targets(Shape shape, Axes axes) {
    int[] strides = new int[shape.rank()];
    int stride = 1;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      strides[axis] = axes.contains(axis) ? 0 : stride;
      stride *= axes.contains(axis) ? 1 : shape.dim(axis);
    }
    int[] target = new int[shape.elements()];
    for (int i = 0; i < target.length; i++) {
      int rest = i;
      for (int axis = shape.rank() - 1; axis >= 0; axis--) {
        target[i] += rest % shape.dim(axis) * strides[axis];
        rest /= shape.dim(axis);
      }
    }
    return target;
  }
}
