package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.Backends;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.IndexOp;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Placing by index: every type, every axis, orders of memory, sizes beyond a piece of work. */
class IndexSimdTest {
  private static final int[][] SHAPES = {
    {1}, {5}, {3000}, {40, 7}, {3, 1100}, {1100, 3}, {4, 9, 130}, {2, 1, 17}
  };

  private static Tensor drawn(DType type, int... shape) {
    return Tensor.normal(RandomKey.of(shape.length), shape).mul(9).to(type);
  }

  private static Tensor indices(int bound, int... shape) {
    long[] values = new long[Shape.of(shape).elements()];
    var key = RandomKey.of(bound);
    java.util.Arrays.setAll(values, i -> Math.floorMod(key.word(i), (long) bound));
    return Tensor.of(values, shape);
  }

  private static final UnaryOperator<Tensor> TURNED =
      x -> x.transpose(0, -1).copy().transpose(0, -1);

  @ParameterizedTest
  @EnumSource(DType.class)
  void slicesAgree(DType type) {
    for (int[] shape : SHAPES) {
      var x = drawn(type, shape);
      for (int axis = 0; axis < shape.length; axis++) {
        int along = axis;
        var few = indices(shape[axis], 3);
        var many = indices(shape[axis], 70);
        Both.same(() -> x.indexSelect(along, many));
        Both.same(() -> TURNED.apply(x).indexSelect(along, few));
        Both.same(() -> x.narrow(0, 0, 1).expand(shape).indexSelect(along, many));
      }
      Both.same(() -> x.flip());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "F64", "I64", "I32"})
  void elementsAgree(DType type) {
    for (int[] shape : SHAPES) {
      var x = drawn(type, shape);
      for (int axis = 0; axis < shape.length; axis++) {
        int along = axis;
        int[] dims = shape.clone();
        dims[axis] = 5;
        var index = indices(shape[axis], dims);
        int[] longer = shape.clone();
        longer[axis] = 2 * shape[axis] + 1;
        var all = indices(shape[axis], longer);
        var source = drawn(type, longer);
        Both.same(() -> x.gather(along, index));
        Both.same(() -> TURNED.apply(x).gather(along, TURNED.apply(all)));
        Both.same(() -> x.gather(along, all.narrow(0, 0, 1)));
        Both.same(() -> x.scatter(along, all, source));
        Both.same(() -> TURNED.apply(x).scatter(along, TURNED.apply(index), drawn(type, dims)));
        Both.same(() -> x.scatter(along, index, 4));
      }
    }
  }

  /** Of whole numbers, so that sums are exact in whatever precision. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "I64"})
  void sumsAgree(DType type) {
    for (int[] shape : SHAPES) {
      var x = drawn(DType.I64, shape).to(type);
      for (int axis = 0; axis < shape.length; axis++) {
        int along = axis;
        var index = indices(shape[axis], shape);
        var slices = indices(7, shape[axis]);
        Both.same(() -> x.scatterAdd(along, index, x));
        Both.same(() -> TURNED.apply(x).scatterAdd(along, index, TURNED.apply(x)));
        Both.same(() -> Ops.apply(new IndexOp.IndexAdd(along, 7), x, slices));
        Both.same(() -> Ops.apply(new IndexOp.IndexAdd(along, 7), TURNED.apply(x), slices));
      }
    }
  }

  @Test
  void placesOfTruthsAgree() {
    for (int[] shape : new int[][] {{}, {0}, {1}, {2000}, {3, 700}, {700, 3}, {4, 1, 65}, {2, 0}}) {
      var truths = Tensor.bernoulli(RandomKey.of(2), 0.4, shape);
      Both.same(() -> truths.nonZero());
      Both.same(() -> truths.not().nonZero());
      int count = (int) truths.sum().item();
      Both.same(() -> Ops.apply(new IndexOp.NonZero(count / 2), truths));
      if (shape.length > 0) {
        Both.same(() -> truths.transpose(0, -1).nonZero());
        var x = Tensor.normal(RandomKey.of(3), shape);
        Both.same(() -> x.maskedSelect(truths));
      }
    }
  }

  @Test
  void labelsAgree() {
    Both.same(() -> indices(9, 4000).oneHot(9));
    Both.same(() -> indices(3, 5, 7).t().oneHot(3));
    Both.same(() -> Tensor.of(new long[0], 0).oneHot(0));
  }

  @Test
  void whatLiesOutsideIsRefused() {
    var x = drawn(DType.F32, 4, 5);
    for (long outside : new long[] {-1, 4, 1L << 32}) {
      var slice = Tensor.of(new long[] {0, outside}, 2);
      var element = Tensor.of(new long[] {0, outside}, 2, 1);
      refused(outside, () -> x.indexSelect(0, slice));
      refused(outside, () -> x.gather(0, element));
      refused(outside, () -> x.scatter(0, element, 1));
      refused(outside, () -> x.scatterAdd(0, element, x));
      refused(outside, () -> slice.oneHot(4));
      refused(outside, () -> Ops.apply(new IndexOp.IndexAdd(0, 4), x.narrow(0, 0, 2), slice));
    }
    var truths = Tensor.of(new boolean[] {true, false}, 2);
    assertThatThrownBy(
            () ->
                Backends.with(
                    SimdBackend.INSTANCE, () -> Ops.apply(new IndexOp.NonZero(2), truths)))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("only 1 elements");
  }

  private static void refused(long index, java.util.function.Supplier<Tensor> body) {
    assertThatThrownBy(() -> Backends.with(SimdBackend.INSTANCE, body))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("index " + index + " lies outside");
  }
}
