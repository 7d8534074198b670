package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.Op;
import dev.cortado.tensor.op.ReductionOp;
import java.util.ArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Extrema, comparisons and choices of large tensors full of ties, signed zeros and NaN. */
class ExtremumSimdTest {
  private static final int[][] SHAPES = {
    {1}, {7}, {70_001}, {2, 9_000}, {20_000, 2}, {7_001, 5}, {61, 600}, {3, 5, 7, 101}, {17, 5, 65}
  };

  /** From few values, so that every row has ties; NaN in some rows only. */
  private static Tensor drawn(int special, int... shape) {
    var key = RandomKey.of(shape.length + special);
    float[] values = new float[Tensor.zeros(shape).elements()];
    for (int i = 0; i < values.length; i++) {
      int word = (int) (key.word(i) >>> 33);
      values[i] =
          switch (special) {
            case 0 -> word % 1_000 / 8f;
            case 1 -> word % 2 == 0 ? 0f : -0f;
            case 2 -> word % 900 == 0 ? Float.NaN : word % 5 - 2;
            case 3 -> word % 3 == 0 ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY;
            default -> Float.NaN;
          };
    }
    return Tensor.of(values, shape);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void reductionsAgree(int special) {
    for (int[] shape : SHAPES) {
      var x = drawn(special, shape);
      int rank = shape.length;
      for (int set = 1; set < 1 << rank; set++) {
        var axes = new ArrayList<Integer>();
        for (int axis = 0; axis < rank; axis++) {
          if ((set >> axis & 1) == 1) {
            axes.add(axis);
          }
        }
        for (boolean largest : new boolean[] {true, false}) {
          check(new ReductionOp.Extremum(largest, new Axes(axes), false), x);
          check(new ReductionOp.Extremum(largest, new Axes(axes), true), reversed(x));
        }
      }
      for (int axis = 0; axis < rank; axis++) {
        check(new ReductionOp.ArgMax(axis, false), x);
        check(new ReductionOp.ArgMin(axis, true), x);
        check(new ReductionOp.ArgMax(axis, true), reversed(x));
        check(new ReductionOp.ArgMin(axis, false), reversed(x));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void comparisonsAndChoicesAgree(int special) {
    for (int[] shape : SHAPES) {
      var x = drawn(special, shape);
      var y = reversed(drawn(special + 1 & 3, reversed(shape)));
      var less = Both.same(() -> x.lessThan(y));
      assertThat(less.dtype()).isEqualTo(DType.BOOL);
      Both.same(() -> x.atMost(y));
      Both.same(() -> y.equalTo(x));
      Both.same(() -> y.greaterThan(0.5));
      Both.same(() -> x.isNaN());
      Both.same(() -> x.isFinite());
      Both.same(() -> less.where(x, y));
      Both.same(() -> less.where(Tensor.ones(1), y));
      Both.same(() -> less.narrow(0, 0, 1).where(y, x));
      Both.same(() -> less.mul(y));
    }
  }

  /** Numbers between two floats, and beyond all of them, are compared as what they are. */
  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.3, 0.7, -0.1, -0.3, 1e-60, -1e-60, 1e300, -1e300, Double.NaN})
  void numbersThatAreNoFloats(double number) {
    float near = (float) number;
    float up = Math.nextUp(near);
    float down = Math.nextDown(near);
    var x = Tensor.of(new float[] {near, up, down, 0f, -0f, -near, Float.NaN}, 7);
    Both.same(() -> x.lessThan(number));
    Both.same(() -> x.atMost(number));
    Both.same(() -> x.greaterThan(number));
    Both.same(() -> x.atLeast(number));
    Both.same(() -> x.equalTo(number));
    Both.same(() -> x.notEqualTo(number));
  }

  private static int[] reversed(int[] shape) {
    int[] result = new int[shape.length];
    for (int i = 0; i < shape.length; i++) {
      result[i] = shape[shape.length - 1 - i];
    }
    return result;
  }

  /** Returns a view with the axes in reverse. */
  private static Tensor reversed(Tensor x) {
    int[] axes = new int[x.rank()];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = axes.length - 1 - i;
    }
    return x.permute(axes);
  }

  private static void check(Op op, Tensor x) {
    Both.same(() -> Ops.apply(op, x));
  }
}
