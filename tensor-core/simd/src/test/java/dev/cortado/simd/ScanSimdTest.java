package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.Backends;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Recurrence;
import java.util.Arrays;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Running sums and recurrences: rows short and long, other axes, both directions. */
class ScanSimdTest {
  private static final int[][] SHAPES = {
    {1},
    {7},
    {16},
    {33},
    {5, 1},
    {3, 40},
    {9, 257},
    {2, 33_000},
    {40_001},
    {4, 5, 3},
    {3, 6, 300},
    {2, 70, 17},
    {1, 1, 9},
    {0, 4},
    {4, 0}
  };

  private static Tensor sums(Tensor x, int axis, boolean reverse) {
    var ones = Tensor.full(Shape.SCALAR, x.dtype(), 1).expand(x.shape().toArray());
    return Ops.apply(new Recurrence(axis, reverse), ones, x);
  }

  /** All in double precision: but for its last bit, a result does not depend on the order. */
  private static void close(Supplier<Tensor> body) {
    double[] expected = Backends.with(Backends.reference(), () -> body.get().toDoubles());
    float[] first = null;
    for (var result : Both.threads(body)) {
      float[] actual = result.toFloats();
      first = first == null ? actual : first;
      assertThat(actual).containsExactly(first);
      for (int i = 0; i < actual.length; i++) {
        double allowed = Math.ulp((float) expected[i]) + 1e-9;
        assertThat(Math.abs(actual[i] - expected[i])).as("%d", i).isLessThanOrEqualTo(allowed);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sumsAgree(boolean reverse) {
    for (int[] shape : SHAPES) {
      var x = Tensor.normal(RandomKey.of(shape.length), shape);
      for (int axis = 0; axis < shape.length; axis++) {
        int along = axis;
        close(() -> sums(x, along, reverse));
        close(() -> sums(x.transpose(0, -1), along, reverse));
        close(() -> sums(x.narrow(0, 0, (shape[0] + 1) / 2), along, reverse));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void recurrencesAgree(boolean reverse) {
    for (int[] shape : SHAPES) {
      var x = Tensor.normal(RandomKey.of(1), shape);
      var a = Tensor.uniform(RandomKey.of(2), shape).mul(1.9).sub(1);
      for (int axis = 0; axis < shape.length; axis++) {
        var op = new Recurrence(axis, reverse);
        close(() -> Ops.apply(op, a, x));
        close(() -> Ops.apply(op, a.transpose(0, -1), x.transpose(0, -1)));
        if (shape[0] > 0) {
          close(() -> Ops.apply(op, a.narrow(0, 0, 1).expand(shape), x));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void wholeNumbersWrap(boolean reverse) {
    for (int[] shape : SHAPES) {
      var x = words(shape);
      for (int axis = 0; axis < shape.length; axis++) {
        var op = new Recurrence(axis, reverse);
        Both.same(() -> sums(x, op.axis(), reverse));
        Both.same(() -> Ops.apply(op, x, x));
        Both.same(() -> Ops.apply(op, x.transpose(0, -1), x.transpose(0, -1)));
      }
    }
  }

  private static Tensor words(int[] shape) {
    long[] values = new long[Shape.of(shape).elements()];
    Arrays.setAll(values, i -> RandomKey.of(3).word(i));
    return Tensor.of(values, shape);
  }

  @Test
  void specialsGoOnFromWhereTheyAre() {
    float inf = Float.POSITIVE_INFINITY;
    for (int n : new int[] {3, 17, 33_000}) {
      for (int at : new int[] {0, 1, n / 2, n - 1}) {
        for (float special : new float[] {inf, -inf, Float.NaN, Float.MAX_VALUE}) {
          float[] values = new float[n];
          Arrays.fill(values, -0f);
          values[at] = special;
          Both.same(() -> sums(Tensor.of(values, n), 0, false));
          Both.same(() -> sums(Tensor.of(values, n), 0, true));
          Both.same(() -> sums(Tensor.of(values, 1, n, 1).expand(1, n, 20), 1, true));
        }
      }
      // Beyond the largest float and back again.
      float[] large = new float[n];
      for (int i = 0; i < n; i++) {
        large[i] = i % 4 < 2 ? Float.MAX_VALUE : -Float.MAX_VALUE;
      }
      Both.same(() -> sums(Tensor.of(large, n), 0, false));
      Both.same(() -> sums(Tensor.of(large, n), 0, true));
    }
  }

  @Test
  void scalarsAndOtherTypes() {
    Both.same(() -> Tensor.vector(1, 2, 3).to(DType.F64).cumsum(0));
    Both.same(() -> Tensor.of(new boolean[] {true, false, true}, 3).cumsum(0));
    Both.same(() -> Tensor.of(new int[] {1, 2, 3}, 3).cumprod(0));
    Both.same(() -> Tensor.vector(3, -0.0, -2, 5).cumprod(0));
    Both.same(() -> Tensor.matrix(new double[][] {{1, 2}, {-3, 4}}).prod(1));
  }
}
