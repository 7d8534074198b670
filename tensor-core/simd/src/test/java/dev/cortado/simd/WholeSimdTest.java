package dev.cortado.simd;

import static dev.cortado.tensor.formula.Formula.constant;
import static dev.cortado.tensor.formula.Formula.input;
import static dev.cortado.tensor.formula.Formula.select;
import static dev.cortado.tensor.formula.Formula.unary;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.UnaryFunction;
import dev.cortado.tensor.op.Fused;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole numbers and truth values, on sizes around the borders of blocks and in all layouts. */
class WholeSimdTest {
  private static final int[][] SHAPES = {
    {0}, {1}, {1023}, {1025}, {40_000}, {3, 1}, {5, 1200}, {1200, 5}, {4, 3, 70}, {2, 33_000}
  };

  private static final long[] EXTREMES = {
    Long.MIN_VALUE, Long.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE, -1, 0, 1, 2
  };

  private static Tensor drawn(DType type, int seed, int... shape) {
    var key = RandomKey.of(seed);
    long[] values = new long[Shape.of(shape).elements()];
    for (int i = 0; i < values.length; i++) {
      long word = key.word(i);
      values[i] = word % 3 == 0 ? EXTREMES[(int) (word >>> 61)] : word % 5;
    }
    return Tensor.of(values, shape).to(type);
  }

  private static Tensor[] layouts(Tensor x) {
    return new Tensor[] {x, x.transpose(0, -1).copy().transpose(0, -1), x.flip(0).narrow(0, 0, 0)};
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"I64", "I32", "BOOL"})
  void formulasAgree(DType type) {
    for (int[] shape : SHAPES) {
      var y = drawn(type, 2, shape);
      var row = y.narrow(0, 0, Math.min(1, shape[0]));
      for (var x : layouts(drawn(type, 1, shape))) {
        var other = x.shape().equals(y.shape()) ? y : x;
        Both.same(() -> x.add(other));
        Both.same(() -> x.mul(other));
        Both.same(() -> x.lessThan(other));
        Both.same(() -> x.atMost(other));
        Both.same(() -> x.equalTo(other));
        Both.same(() -> x.minimum(other));
        Both.same(() -> x.maximum(other));
        Both.same(() -> x.notEqualTo(1).or(other.not()).and(x.to(DType.BOOL)));
        Both.same(() -> x.equalTo(0).where(x, other));
        Both.same(() -> x.add(x.narrow(0, 0, Math.min(1, x.dim(0)))));
      }
      Both.same(() -> row.mul(y).add(row));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"I64", "I32"})
  void functionsOfOneAgree(DType type) {
    for (var function : UnaryFunction.values()) {
      if (function.isWhole()) {
        var op = Fused.of(1, unary(function, input(0)).minus(constant(3)));
        Both.same(() -> drawn(type, 3, 3000).apply(op));
      }
    }
    var x = drawn(type, 4, 3000);
    var sum = input(0).plus(input(1));
    var both = new Fused(List.of(sum, select(sum, input(0), sum.minus(input(1)))), 2);
    Both.same(() -> Ops.applyAll(both, List.of(x, x.flip(0))).get(0));
    Both.same(() -> Ops.applyAll(both, List.of(x, x.flip(0))).get(1));
  }

  @Test
  void whatCanFailFailsAsEver() {
    var x = drawn(DType.I64, 1, 50);
    Both.same(() -> x.floorDivide(Tensor.of(new long[] {7}, 1)));
    assertThatThrownBy(() -> x.floorDivide(Tensor.of(new long[] {0}, 1)))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("zero");
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"I64", "I32", "BOOL"})
  void reductionsAgree(DType type) {
    for (int[] shape : SHAPES) {
      for (var x : layouts(drawn(type, 5, shape))) {
        Both.same(() -> x.sum());
        for (int axis = 0; axis < shape.length; axis++) {
          int along = axis;
          Both.same(() -> x.sum(true, along));
          if (x.elements() > 0) {
            Both.same(() -> x.max(false, along));
            Both.same(() -> x.min(true, along));
          }
        }
        Both.same(() -> x.any(false, 0));
        Both.same(() -> x.all(false, -1));
      }
    }
  }

  @Test
  void castsAgree() {
    var types = new DType[] {DType.I64, DType.I32, DType.BOOL};
    for (int[] shape : SHAPES) {
      for (var from : types) {
        for (var x : layouts(drawn(from, 6, shape))) {
          for (var to : types) {
            Both.same(() -> x.to(to));
          }
        }
      }
    }
    float[] odd = {0f, -0f, Float.MIN_VALUE, Float.NaN, -1f, Float.NEGATIVE_INFINITY, 1e-40f, 3f};
    float[] floats = new float[1000];
    for (int i = 0; i < floats.length; i++) {
      floats[i] =
          i % 3 == 0
              ? odd[i / 3 % odd.length]
              : Float.intBitsToFloat((int) RandomKey.of(7).word(i));
    }
    var x = Tensor.of(floats, 1000);
    Both.same(() -> x.to(DType.BOOL));
    Both.same(() -> x.to(DType.BF16).to(DType.F32));
    Both.same(() -> x.narrow(0, 1, 37).to(DType.BF16).to(DType.F32));
  }

  @Test
  void randomTruthsAgree() {
    for (double p : new double[] {0, 1, 0.5, 0.3, 0x1p-24, 1e-9, 1 - 0x1p-24}) {
      Both.same(() -> Tensor.bernoulli(RandomKey.of(8), p, 41_000));
    }
  }
}
