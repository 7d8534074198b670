package dev.cortado.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.op.Interpolation;
import dev.cortado.tensor.op.Window2d;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What lies at the edges: scalars, signed zeros, sizes that nothing holds, tolerances. */
class EdgesTest {
  private static final Tensor THREE = Tensor.scalar(3);

  @Test
  void aScalarHasItselfAlongAxisZero() {
    for (int axis : new int[] {0, -1}) {
      var results =
          List.of(
              THREE.sum(axis),
              THREE.mean(axis),
              THREE.prod(axis),
              THREE.max(true, axis),
              THREE.min(false, axis),
              THREE.norm(2, true, axis),
              THREE.logSumExp(false, axis),
              THREE.maxWithIndex(axis, true).values(),
              THREE.minWithIndex(axis, false).values());
      for (var result : results) {
        assertThat(result.spec()).isEqualTo(THREE.spec());
        assertThat(result.item()).isEqualTo(3);
      }
      assertThat(THREE.argmax(axis).item()).isZero();
      assertThat(THREE.argmin(axis, true).shape()).isEqualTo(Shape.SCALAR);
      assertThat(THREE.variance(0, false, axis).item()).isZero();
      assertThat(THREE.all(false, axis).item()).isEqualTo(1);
    }
    assertThatThrownBy(() -> THREE.sum(1)).hasMessageContaining("axis 1 does not exist");
    assertThatThrownBy(() -> THREE.sum(0, -1)).hasMessageContaining("axis 0 does not exist");
    assertThatThrownBy(() -> THREE.argmax(1)).hasMessageContaining("axis 1 does not exist");
  }

  @Test
  void productsKeepTheSignOfZero() {
    assertThat(Tensor.vector(-0.0, 2).prod().toFloats()).containsExactly(-0f);
    assertThat(Tensor.vector(-0.0, 2, -1).cumprod(0).toFloats()).containsExactly(-0f, -0f, 0f);
    assertThat(Tensor.vector(2, 0, -1, 5).cumprod(0).toFloats()).containsExactly(2f, 0f, -0f, -0f);
    assertThat(Tensor.of(new long[] {2, -3, 4}, 3).cumprod(0).toLongs())
        .containsExactly(2, -6, -24);
  }

  @Test
  void sizesThatNothingHoldsAreNamed() {
    var image = Tensor.zeros(1, 3, 4, 4);
    assertThatThrownBy(() -> image.interpolateBy(Interpolation.BILINEAR, 1e9, 1e9))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("4,000,000,000");
    assertThatThrownBy(() -> image.interpolateBy(Interpolation.BILINEAR, 1e5, 1e5))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("interpolateBy: [1, 3, 4, 4] at 400000 x 400000 pixels")
        .hasMessageContaining("480,000,000,000 elements");
    assertThatThrownBy(
            () -> image.interpolate(Interpolation.NEAREST, Integer.MAX_VALUE, Integer.MAX_VALUE))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("interpolate: [1, 3, 4, 4] at 2147483647 x 2147483647");
    var x = Tensor.zeros(3, 0);
    assertThatThrownBy(() -> x.pad(0, 0, 0, Integer.MAX_VALUE, 1))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("cat: ")
        .hasMessageContaining("axis 0 of the result would have 2147483651 elements");
    var many = Tensor.zeros(1, 0).expand(Integer.MAX_VALUE, 0);
    assertThatThrownBy(() -> Tensor.cat(0, List.of(many, many)))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("4294967294");
  }

  @Test
  void opsAreCalledAsTheirMethods() {
    var x = Tensor.zeros(2, 3);
    var whole = Tensor.of(new long[] {1, 2}, 2);
    says("matmul: ", () -> x.matmul(x));
    says("mul: ", () -> whole.mul(0.5));
    says("add: ", () -> whole.add(0.5));
    says("sub: ", () -> x.sub(Tensor.zeros(4)));
    says("greaterThan: ", () -> whole.greaterThan(0.5));
    says("neg needs numbers", () -> whole.to(DType.BOOL).neg());
    says("oneHot: index 2", () -> Tensor.of(new long[] {2}, 1).oneHot(2));
    says("logSoftmax: ", () -> whole.logSoftmax(0));
    says("unfold2d: ", () -> x.unfold2d(1, 1, Window2d.of(1, 0)));
    says("max: ", () -> Tensor.zeros(0).max(false));
    says("argmin: ", () -> Tensor.zeros(0).argmin(0, false));
    says("truncatedNormal: ", () -> Tensor.truncatedNormal(RandomKey.of(1), 1, 1, 2));
  }

  private static void says(
      String what, org.assertj.core.api.ThrowableAssert.ThrowingCallable body) {
    assertThatThrownBy(body).isInstanceOf(CortadoException.class).hasMessageContaining(what);
  }

  @Test
  void closenessIsNumPysAndTorchs() {
    var b = Tensor.vector(1e5, 1e-9, 0);
    assertThat(Tensor.vector(1e5 + 0.5, 1e-9, 5e-9).allClose(b)).isTrue();
    assertThat(Tensor.vector(1e5 + 2, 1e-9, 0).allClose(b)).isFalse();
    assertThat(Tensor.vector(1e5, 1e-9, 5e-8).allClose(b)).isFalse();
    assertThat(Tensor.vector(1e5 + 2, 1e-9, 0).allClose(b, 1e-4, 0)).isTrue();
    // rtol counts from the other one.
    assertThat(Tensor.vector(10).allClose(Tensor.vector(11), 0.095, 0)).isTrue();
    assertThat(Tensor.vector(11).allClose(Tensor.vector(10), 0.095, 0)).isFalse();
    var infinity = Tensor.vector(Double.POSITIVE_INFINITY);
    assertThat(infinity.allClose(infinity)).isTrue();
    assertThat(infinity.allClose(infinity.neg())).isFalse();
    assertThat(Tensor.vector(1).allClose(infinity)).isFalse();
    var nan = Tensor.vector(Double.NaN);
    assertThat(nan.allClose(nan)).isFalse();
    assertThat(nan.allClose(nan, 0, 0, true)).isTrue();
    assertThat(nan.allClose(Tensor.vector(1), 0, 0, true)).isFalse();
    assertThat(Tensor.ones(2, 3).allClose(Tensor.ones(3))).isTrue();
    assertThat(Tensor.zeros(0).allClose(Tensor.ones(1))).isTrue();
    assertThatThrownBy(() -> b.allClose(b.to(DType.F64))).hasMessageContaining("F32 and F64");
    for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      says("finite and not negative, got rtol " + bad, () -> b.allClose(b, bad, 0));
      says("atol " + bad, () -> b.allClose(b, 0, bad));
    }
    assertThatThrownBy(() -> b.allClose(Tensor.zeros(2))).hasMessageContaining("broadcast");
  }

  /** F64 cannot tell large whole numbers from their neighbours; longs cannot hold all distances. */
  @Test
  void closenessOfWholeNumbersIsExact() {
    var one = whole((1L << 53) + 1);
    var other = whole(1L << 53);
    assertThat(one.allClose(other, 0, 0)).isFalse();
    assertThat(other.allClose(one, 0, 0)).isFalse();
    assertThat(one.allClose(one, 0, 0)).isTrue();
    assertThat(one.allClose(other, 0, 0.9)).isFalse();
    assertThat(one.allClose(other, 0, 1)).isTrue();
    assertThat(whole(10).allClose(whole(11), 0.095, 0)).isTrue();
    assertThat(whole(11).allClose(whole(10), 0.095, 0)).isFalse();
    assertThat(whole(-20).allClose(whole(-21), 0, 0.5)).isFalse();
    assertThat(whole(3).to(DType.I32).allClose(whole(4).to(DType.I32), 0.25, 0)).isTrue();
    assertThat(whole(1).to(DType.BOOL).allClose(whole(0).to(DType.BOOL), 0, 0.5)).isFalse();
    var largest = whole(Long.MAX_VALUE);
    var least = whole(Long.MIN_VALUE);
    assertThat(largest.allClose(least, 0, 1)).isFalse();
    assertThat(largest.allClose(least, 0, 0x1p63)).isFalse();
    assertThat(largest.allClose(least, 2, 0)).isTrue();
    assertThat(largest.allClose(whole(-1), 0, 0x1p63)).isTrue();
    assertThat(largest.allClose(whole(-2), 0, 0x1p63)).isFalse();
    assertThat(largest.allClose(least, 0, 0x1.fffffffffffffp63)).isFalse();
    assertThat(largest.allClose(whole(Long.MIN_VALUE + 2047), 0, 0x1.fffffffffffffp63)).isTrue();
  }

  private static Tensor whole(long number) {
    return Tensor.of(new long[] {number}, 1);
  }

  @Test
  void thingsSayWhatTheyAre() {
    assertThat(Backends.reference())
        .hasToString("reference: scalar loops, computing in double precision");
    Storage storage;
    try (var scope = Scope.open()) {
      storage = Tensor.ones(2, 3).mul(2).storage();
      assertThat(storage).hasToString("6 F32 elements made by mul");
      assertThat(scope.toString()).startsWith("Scope of ").endsWith(" arrays");
      scope.close();
      assertThat(scope).hasToString("Scope (closed)");
    }
    assertThat(storage).hasToString("6 F32 elements made by mul (stale: their Scope is closed)");
  }
}
