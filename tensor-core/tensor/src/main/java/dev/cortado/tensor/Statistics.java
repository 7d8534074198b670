package dev.cortado.tensor;

import static dev.cortado.tensor.formula.Formula.constant;
import static dev.cortado.tensor.formula.Formula.input;
import static dev.cortado.tensor.formula.Formula.select;

import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.formula.UnaryFunction;
import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.Fused;
import dev.cortado.tensor.op.ReductionOp;
import java.util.List;

/** Reductions that are made of simpler ones. */
final class Statistics {
  private static final Formula SIZE = Formula.unary(UnaryFunction.ABS, input(0));

  /** x where it is finite, else 0. */
  private static final Fused FINITE =
      Fused.of(1, select(SIZE.lessThan(constant(Double.POSITIVE_INFINITY)), input(0), constant(0)));

  private Statistics() {}

  static void floating(String what, Tensor x) {
    if (!x.dtype().isFloating()) {
      throw new CortadoException(
          what + " of " + x.spec() + ": needs a floating type, convert with to(F32) first");
    }
  }

  static Indexed at(Tensor x, int axis, Tensor place, boolean keepDim) {
    if (x.rank() == 0) {
      return new Indexed(x, place);
    }
    var value = x.gather(axis, place);
    return keepDim
        ? new Indexed(value, place)
        : new Indexed(value.squeeze(axis), place.squeeze(axis));
  }

  static Tensor truth(Tensor x, boolean any, boolean keepDim, int... axes) {
    var resolved = Axes.resolve(x.shape(), axes);
    if (resolved.count(x.shape()) == 0) {
      return Tensor.full(resolved.reduce(x.shape(), keepDim), DType.BOOL, any ? 0 : 1);
    }
    var truths = x.detach().to(DType.BOOL);
    return truths.apply(new ReductionOp.Extremum(any, resolved, keepDim));
  }

  private static Tensor sum(Formula term, boolean keepDim, int[] axes, Tensor x, Tensor... others) {
    var resolved = Axes.resolve(x.shape(), axes);
    var op = new ReductionOp.SumOf(List.of(term), 1 + others.length, resolved, keepDim);
    return x.apply(op, others);
  }

  static Tensor variance(Tensor x, int correction, boolean keepDim, int... axes) {
    floating("variance", x);
    var distance = input(0).minus(input(1));
    var sum = sum(distance.times(distance), keepDim, axes, x, x.mean(true, axes));
    double count = Axes.resolve(x.shape(), axes).count(x.shape());
    return sum.div(Math.max(0, count - correction));
  }

  /** Returns the p-th root; where it is 0 its gradient is 0, not infinite. */
  static Tensor root(Tensor x, double p) {
    var root =
        p == 2
            ? Formula.sqrt(input(0))
            : Formula.binary(BinaryFunction.POWER, input(0), constant(1 / p));
    return x.apply(Fused.of(1, select(input(0).equalTo(constant(0)), constant(0), root)));
  }

  static Tensor norm(Tensor x, double p, boolean keepDim, int... axes) {
    floating("norm", x);
    if (Double.isInfinite(p)) {
      return p > 0 ? x.abs().max(keepDim, axes) : x.abs().min(keepDim, axes);
    }
    if (p == 0) {
      var term = select(input(0).equalTo(constant(0)), constant(0), constant(1));
      return sum(term, keepDim, axes, x);
    }
    if (p == 1) {
      return sum(SIZE, keepDim, axes, x);
    }
    if (p == 2) {
      return root(sum(input(0).times(input(0)), keepDim, axes, x), 2);
    }
    // |x|ᵖ has no derivative at 0 for p < 1: say 0 there. For p < 0, 0 itself is infinite.
    var power = Formula.binary(BinaryFunction.POWER, SIZE, constant(p));
    var atZero = constant(p < 0 ? Double.POSITIVE_INFINITY : 0);
    var term = select(input(0).equalTo(constant(0)), atZero, power);
    return root(sum(term, keepDim, axes, x), p);
  }

  static Tensor logSumExp(Tensor x, boolean keepDim, int... axes) {
    floating("logSumExp", x);
    var resolved = Axes.resolve(x.shape(), axes);
    var result = resolved.reduce(x.shape(), keepDim);
    if (resolved.count(x.shape()) == 0) {
      return Tensor.full(result, x.dtype(), Double.NEGATIVE_INFINITY);
    }
    var largest = x.detach().max(true, axes).apply(FINITE);
    var sum = sum(Formula.exp(input(0).minus(input(1))), keepDim, axes, x, largest);
    return sum.log().add(largest.reshape(result.toArray()));
  }

  static boolean allClose(Tensor x, Tensor other, double rtol, double atol, boolean equalNan) {
    if (x.dtype() != other.dtype()) {
      throw new CortadoException(
          "allClose: types "
              + x.dtype()
              + " and "
              + other.dtype()
              + " differ; convert one with to(...)");
    }
    if (!(rtol >= 0 && rtol <= Double.MAX_VALUE && atol >= 0 && atol <= Double.MAX_VALUE)) {
      throw new CortadoException(
          "allClose: tolerances are finite and not negative, got rtol "
              + rtol
              + " and atol "
              + atol);
    }
    var shape = Shape.broadcast("allClose", x.shape(), other.shape());
    var left = x.detach().expand(shape.toArray());
    var right = other.detach().expand(shape.toArray());
    return x.dtype().isFloating()
        ? close(left.toDoubles(), right.toDoubles(), rtol, atol, equalNan)
        : close(left.toLongs(), right.toLongs(), rtol, atol);
  }

  private static boolean close(double[] a, double[] b, double rtol, double atol, boolean equalNan) {
    for (int i = 0; i < a.length; i++) {
      boolean bothNan = equalNan && Double.isNaN(a[i]) && Double.isNaN(b[i]);
      boolean infinite = Double.isInfinite(a[i]) || Double.isInfinite(b[i]);
      boolean close = !infinite && Math.abs(a[i] - b[i]) <= atol + rtol * Math.abs(b[i]);
      if (a[i] != b[i] && !close && !bothNan) {
        return false;
      }
    }
    return true;
  }

  /** Whole numbers are farther apart than F64 can tell: their distance is an unsigned long. */
  private static boolean close(long[] a, long[] b, double rtol, double atol) {
    for (int i = 0; i < a.length; i++) {
      long distance = a[i] > b[i] ? a[i] - b[i] : b[i] - a[i];
      double allowed = atol + rtol * Math.abs((double) b[i]);
      if (Long.compareUnsigned(distance, unsignedFloor(allowed)) > 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns the largest whole number that is not above {@code x} and fits, unsigned. */
  private static long unsignedFloor(double x) {
    if (x < 0x1p63) {
      return (long) x;
    }
    return x < 0x1p64 ? (long) (x - 0x1p63) + Long.MIN_VALUE : -1;
  }
}
