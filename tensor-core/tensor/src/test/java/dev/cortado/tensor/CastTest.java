package dev.cortado.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Every type to every other, as {@link dev.cortado.tensor.op.Cast} says. */
class CastTest {
  private static final double INF = Double.POSITIVE_INFINITY;

  private static double to(DType type, double value) {
    return Tensor.of(new double[] {value}).to(type).toDoubles()[0];
  }

  @Example
  void floatsLoseTheirFractionAndStopAtTheEnds() {
    double[] values = {2.9, -2.9, 0.5, -0.5, 1e30, -1e30, INF, -INF, Double.NaN, 0x1p31, -0x1p31};
    var x = Tensor.of(values, values.length);
    int high = Integer.MAX_VALUE;
    int low = Integer.MIN_VALUE;
    for (var source : new DType[] {DType.F64, DType.F32, DType.BF16}) {
      assertThat(x.to(source).to(DType.I32).host().ints())
          .as("%s", source)
          .containsExactly(2, -2, 0, 0, high, low, high, low, 0, high, low);
      assertThat(x.to(source).to(DType.I64).toLongs())
          .containsExactly(
              2,
              -2,
              0,
              0,
              Long.MAX_VALUE,
              Long.MIN_VALUE,
              Long.MAX_VALUE,
              Long.MIN_VALUE,
              0,
              1L << 31,
              -(1L << 31));
    }
  }

  @Example
  void wholeNumbersKeepTheirLastBits() {
    var x = Tensor.of(new long[] {1L << 32, (1L << 32) + 5, Long.MAX_VALUE, -1}, 4);
    assertThat(x.to(DType.I32).host().ints()).containsExactly(0, 5, -1, -1);
    assertThat(x.to(DType.I32).to(DType.I64).toLongs()).containsExactly(0, 5, -1, -1);
  }

  @Example
  void truthIsWhatIsNotZero() {
    var x = Tensor.of(new double[] {0, -0.0, 0.1, Double.NaN, -INF, Double.MIN_VALUE}, 6);
    assertThat(x.to(DType.BOOL).toLongs()).containsExactly(0, 0, 1, 1, 1, 1);
    // What is too small for F32 is 0 there, but not before.
    assertThat(x.to(DType.F32).to(DType.BOOL).toLongs()).containsExactly(0, 0, 1, 1, 1, 0);
    for (var type : DType.values()) {
      assertThat(x.to(DType.BOOL).to(type).toDoubles())
          .as("%s", type)
          .containsExactly(0, 0, 1, 1, 1, 1);
    }
  }

  @Example
  void infinitiesAndNansStay() {
    for (var type : new DType[] {DType.F32, DType.F16, DType.BF16}) {
      assertThat(to(type, INF)).isEqualTo(INF);
      assertThat(to(type, -INF)).isEqualTo(-INF);
      assertThat(to(type, 1e300)).isEqualTo(INF);
      assertThat(to(type, Double.NaN)).isNaN();
      assertThat(1 / to(type, -1e-320)).isEqualTo(-INF);
    }
  }

  /** A long is rounded once, however far it is beyond what a double holds. */
  @Property
  void longsAreRoundedOnceToNearest(@ForAll long value) {
    var x = Tensor.of(new long[] {value, value | 1, value >> 8, (value >> 20) << 12 | 1}, 4);
    long[] longs = x.toLongs();
    for (var type : new DType[] {DType.F32, DType.F64, DType.BF16}) {
      int bits = type == DType.F32 ? 24 : type == DType.F64 ? 53 : 8;
      double[] rounded = x.to(type).toDoubles();
      for (int i = 0; i < longs.length; i++) {
        assertThat(rounded[i]).as("%d as %s", longs[i], type).isEqualTo(nearest(longs[i], bits));
      }
    }
  }

  private static double nearest(long value, int bits) {
    var exact = BigInteger.valueOf(value);
    int shift = Math.max(0, exact.abs().bitLength() - bits);
    var unit = BigDecimal.valueOf(2).pow(shift);
    return new BigDecimal(exact)
        .divide(unit)
        .setScale(0, RoundingMode.HALF_EVEN)
        .multiply(unit)
        .doubleValue();
  }
}
