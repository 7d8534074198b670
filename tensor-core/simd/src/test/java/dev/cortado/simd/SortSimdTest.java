package dev.cortado.simd;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sorted lines: ties, signed zeros, NaN, infinities, whole numbers near and far. */
class SortSimdTest {
  private static final int[][] SHAPES = {
    {0}, {1}, {2}, {17}, {70_000}, {5, 1}, {40, 300}, {300, 40}, {3, 50, 7}, {2, 9000}
  };

  private static Tensor floats(int kind, int[] shape) {
    var key = RandomKey.of(kind);
    float[] values = new float[Shape.of(shape).elements()];
    for (int i = 0; i < values.length; i++) {
      long word = key.word(i);
      values[i] =
          switch (kind) {
            case 0 -> Float.intBitsToFloat((int) word);
            case 1 -> (word >>> 40) % 5 - 2;
            case 2 -> word < 0 ? 0f : -0f;
            case 3 -> i;
            case 4 -> -i / 2f;
            default -> word % 7 == 0 ? Float.NaN : word % 3 * Float.POSITIVE_INFINITY;
          };
    }
    return Tensor.of(values, shape);
  }

  private static void check(Tensor x) {
    for (int axis = 0; axis < x.rank(); axis++) {
      int along = axis;
      for (boolean descending : new boolean[] {false, true}) {
        Both.same(() -> x.sort(along, descending).values());
        Both.same(() -> x.sort(along, descending).indices());
        for (int k : new int[] {0, 1, 5, x.dim(axis) / 3}) {
          if (k <= x.dim(axis)) {
            Both.same(() -> x.topk(k, along, descending).values());
            Both.same(() -> x.topk(k, along, descending).indices());
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void floatsAgree(int kind) {
    for (int[] shape : SHAPES) {
      var x = floats(kind, shape);
      check(x);
      check(x.transpose(0, -1));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 1000, 1L << 40, 1L << 62, Long.MAX_VALUE})
  void wholeNumbersAgree(long bound) {
    for (int[] shape : SHAPES) {
      long[] values = new long[Shape.of(shape).elements()];
      var key = RandomKey.of(bound);
      java.util.Arrays.setAll(values, i -> key.word(i) % bound - 3);
      check(Tensor.of(values, shape));
    }
    check(Tensor.of(new long[] {Long.MAX_VALUE, Long.MIN_VALUE, 0, -1}, 2, 2));
    check(Tensor.of(new int[] {3, -1, 2, 3}, 4));
    check(Tensor.vector(3, Double.NaN, 2, -0.0, 0).to(DType.F64));
  }
}
