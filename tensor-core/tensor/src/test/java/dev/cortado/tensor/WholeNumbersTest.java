package dev.cortado.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.op.Arithmetic;
import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.IndexOp;
import dev.cortado.tensor.op.Recurrence;
import dev.cortado.tensor.op.ReductionOp;
import dev.cortado.tensor.op.Sort;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Integers and truth values: exact in all bits, wrapping around, refusing what is not whole. */
class WholeNumbersTest {
  private static final long LARGE = (1L << 53) + 1; // the first whole number that no double is

  private static Tensor i64(long... values) {
    return Tensor.of(values, values.length);
  }

  private static Tensor i32(int... values) {
    return Tensor.wrap(DType.I32, values, Shape.of(values.length));
  }

  private static Tensor bool(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return Tensor.wrap(DType.BOOL, bytes, Shape.of(values.length));
  }

  /** The result modulo 2^64, as BigInteger computes it. */
  private static void agrees(
      long[] a, long[] b, Tensor actual, BinaryOperator<BigInteger> expected) {
    for (int i = 0; i < a.length; i++) {
      var exact = expected.apply(BigInteger.valueOf(a[i]), BigInteger.valueOf(b[i]));
      assertThat(actual.toLongs()[i]).isEqualTo(exact.longValue());
    }
  }

  private static BigInteger floorDivide(BigInteger a, BigInteger b) {
    var parts = a.divideAndRemainder(b);
    boolean down = parts[1].signum() != 0 && parts[1].signum() != b.signum();
    return down ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  @Property(tries = 300)
  void arithmeticIsExactModulo64Bits(@ForAll @Size(5) long[] a, @ForAll @Size(5) long[] b) {
    agrees(a, b, i64(a).add(i64(b)), BigInteger::add);
    agrees(a, b, i64(a).sub(i64(b)), BigInteger::subtract);
    agrees(a, b, i64(a).mul(i64(b)), BigInteger::multiply);
    agrees(a, b, i64(a).maximum(i64(b)), BigInteger::max);
    agrees(a, b, i64(a).minimum(i64(b)), BigInteger::min);
    agrees(a, b, i64(a).neg(), (x, y) -> x.negate());
    long[] divisors = Arrays.stream(b).map(x -> x == 0 ? 1 : x).toArray();
    var quotients = i64(a).floorDivide(i64(divisors));
    var remainders = i64(a).remainder(i64(divisors));
    agrees(a, divisors, quotients, WholeNumbersTest::floorDivide);
    agrees(a, divisors, remainders, (x, y) -> x.subtract(floorDivide(x, y).multiply(y)));
    for (int i = 0; i < a.length; i++) {
      assertThat(i64(a).lessThan(i64(b)).toLongs()[i]).isEqualTo(a[i] < b[i] ? 1 : 0);
      assertThat(i64(a).equalTo(i64(b)).toLongs()[i]).isEqualTo(a[i] == b[i] ? 1 : 0);
    }
  }

  @Property(tries = 200)
  void arithmeticIn32BitsWrapsLikeJava(@ForAll int a, @ForAll int b) {
    var x = i32(a);
    var y = i32(b);
    assertThat(x.add(y).dtype()).isEqualTo(DType.I32);
    assertThat(x.add(y).toLongs()).containsExactly(a + b);
    assertThat(x.mul(y).toLongs()).containsExactly(a * b);
    assertThat(x.sub(y).neg().toLongs()).containsExactly(-(a - b));
    // Wrapped between two steps of one formula, too.
    assertThat(x.add(y).lessThan(x).toLongs()).containsExactly(a + b < a ? 1 : 0);
  }

  @Property(tries = 200)
  void reductionsAndScansAreExact(@ForAll @Size(min = 1, max = 9) long[] values) {
    var x = i64(values);
    long sum = 0;
    long[] sums = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      sum += values[i];
      sums[i] = sum;
    }
    assertThat(x.sum().toLongs()).containsExactly(sum);
    var ones = i64(1).expand(values.length);
    assertThat(ones.apply(new Recurrence(0, false), x).toLongs()).containsExactly(sums);
    long largest = Arrays.stream(values).max().orElseThrow();
    long smallest = Arrays.stream(values).min().orElseThrow();
    assertThat(x.max(false).toLongs()).containsExactly(largest);
    assertThat(x.min(false).toLongs()).containsExactly(smallest);
    assertThat(values[(int) x.argmax(0).item()]).isEqualTo(largest);
    assertThat(values[(int) x.apply(new ReductionOp.ArgMin(0, false)).item()]).isEqualTo(smallest);
    var sorted = Ops.applyAll(new Sort(0, false), List.of(x));
    long[] order = sorted.get(1).toLongs();
    long[] expected = values.clone();
    Arrays.sort(expected);
    assertThat(sorted.get(0).toLongs()).containsExactly(expected);
    assertThat(Arrays.stream(order).map(i -> values[(int) i]).toArray()).containsExactly(expected);
  }

  @Test
  void movingKeepsEveryBit() {
    var x = i64(LARGE, -LARGE, Long.MIN_VALUE, Long.MAX_VALUE);
    var picked = i64(3, 0, 0);
    assertThat(x.indexSelect(0, picked).toLongs()).containsExactly(Long.MAX_VALUE, LARGE, LARGE);
    assertThat(picked.apply(new IndexOp.IndexAdd(0, 2), i64(1, 0, 1)).toLongs())
        .containsExactly(0, 3);
    assertThat(x.apply(new IndexOp.ZeroPad(0, 1, 0)).toLongs()[2]).isEqualTo(-LARGE);
    assertThat(Tensor.cat(0, List.of(x, x)).toLongs()[4]).isEqualTo(LARGE);
    assertThat(bool(1, 0, 0, 1).where(x, i64(LARGE)).toLongs())
        .containsExactly(LARGE, LARGE, LARGE, Long.MAX_VALUE);
    assertThat(x.apply(new IndexOp.Gather(0), picked).toLongs()[1]).isEqualTo(LARGE);
    var scattered = x.apply(new IndexOp.Scatter(0), i64(1, 1), i64(LARGE, LARGE + 2));
    assertThat(scattered.toLongs()[1]).isEqualTo(LARGE + 2);
    assertThat(x.apply(new IndexOp.ScatterAdd(0), i64(1, 1), i64(LARGE, 7)).toLongs()[1])
        .isEqualTo(7);
  }

  @Test
  void conversionsRoundOnce() {
    // Through a double, this would be a tie that goes to the even neighbour below.
    long justAboveATie = (1L << 60) + (1L << 36) + 1;
    assertThat(i64(justAboveATie).to(DType.F32).toFloats()).containsExactly((float) justAboveATie);
    assertThat(i64(LARGE).to(DType.I32).toLongs()).containsExactly(1);
    assertThat(i32(-3).to(DType.I64).toLongs()).containsExactly(-3);
    assertThat(i64(LARGE, 0).to(DType.BOOL).toLongs()).containsExactly(1, 0);
    var odd = Tensor.of(new double[] {-2.9, 2.9, Double.NaN, 1e30}, 4);
    assertThat(odd.to(DType.I64).toLongs()).containsExactly(-2, 2, 0, Long.MAX_VALUE);
    assertThat(odd.to(DType.BOOL).toLongs()).containsExactly(1, 1, 1, 1);
  }

  @Test
  void quotientsAreFractionsUnlessRoundedDown() {
    var a = i64(7, -7, 7, -7);
    var b = i64(2, 2, -2, -2);
    assertThat(a.div(b).dtype()).isEqualTo(DType.F32);
    assertThat(a.div(b).toFloats()).containsExactly(3.5f, -3.5f, -3.5f, 3.5f);
    assertThat(a.div(2).toFloats()).containsExactly(3.5f, -3.5f, 3.5f, -3.5f);
    assertThat(a.floorDivide(b).toLongs()).containsExactly(3, -4, -4, 3);
    assertThat(a.remainder(b).toLongs()).containsExactly(1, 1, -1, -1);
    assertThat(i64(1, 0).div(i64(0, 0)).toFloats())
        .containsExactly(Float.POSITIVE_INFINITY, Float.NaN);
    assertThatThrownBy(() -> a.floorDivide(i64(0)))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("division of the whole number 7 by zero");
  }

  @Test
  void oneBoundIsEnough() {
    var x = i64(-LARGE, 3, LARGE);
    assertThat(x.clamp(0, Double.POSITIVE_INFINITY).toLongs()).containsExactly(0, 3, LARGE);
    assertThat(x.clamp(Double.NEGATIVE_INFINITY, 2).toLongs()).containsExactly(-LARGE, 2, 2);
    assertThat(x.clamp(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY).toLongs())
        .containsExactly(x.toLongs());
  }

  @Test
  void wholeNumbersAreFinite() {
    assertThat(i64(Long.MIN_VALUE, 0).isFinite().toLongs()).containsExactly(1, 1);
    assertThat(bool(0, 1).isFinite().toLongs()).containsExactly(1, 1);
    assertThat(i32(7).isNaN().toLongs()).containsExactly(0);
  }

  @Test
  void powersAreExactOrRefused() {
    var power = new Arithmetic.Binary(BinaryFunction.POWER);
    assertThat(i64(3, -2, 0, 10).apply(power, i64(39, 63, 0, 18)).toLongs())
        .containsExactly(4052555153018976267L, Long.MIN_VALUE, 1, 1_000_000_000_000_000_000L);
    assertThat(i64(3).pow(2).toLongs()).containsExactly(9);
    assertThatThrownBy(() -> i64(3).pow(-1))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("-1 of a whole number is not whole");
  }

  @Test
  void truthValuesAddToOrAndMultiplyToAnd() {
    var a = bool(0, 0, 1, 1);
    var b = bool(0, 1, 0, 1);
    assertThat(a.add(b).toLongs()).containsExactly(0, 1, 1, 1);
    assertThat(a.add(b).equalTo(bool(1)).toLongs()).containsExactly(0, 1, 1, 1);
    assertThat(a.mul(b).toLongs()).containsExactly(0, 0, 0, 1);
    assertThat(a.sum().dtype()).isEqualTo(DType.I64);
    assertThat(a.sum().toLongs()).containsExactly(2);
    assertThat(a.add(i64(5)).toLongs()).containsExactly(5, 5, 6, 6);
    assertThat(a.mul(Tensor.scalar(0.5)).toFloats()).containsExactly(0, 0, 0.5f, 0.5f);
  }

  @Test
  void sumsOf32BitNumbersDoNotWrap() {
    var x = i32(Integer.MAX_VALUE, Integer.MAX_VALUE);
    assertThat(x.sum().dtype()).isEqualTo(DType.I64);
    assertThat(x.sum().toLongs()).containsExactly(2L * Integer.MAX_VALUE);
  }

  @Test
  void nothingSumsToZeroAndHasNoLargest() {
    var none = Tensor.of(new long[0], 0, 3);
    assertThat(none.sum(0).toLongs()).containsExactly(0, 0, 0);
    assertThat(none.add(i64(1, 2, 3)).shape()).isEqualTo(Shape.of(0, 3));
    assertThat(Ops.applyAll(new Sort(1, true), List.of(none)).getFirst().shape())
        .isEqualTo(Shape.of(0, 3));
    var largest = new ReductionOp.Extremum(true, new Axes(List.of(0)), false);
    assertThatThrownBy(() -> none.apply(largest)).isInstanceOf(CortadoException.class);
  }
}
