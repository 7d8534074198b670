package dev.cortado.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.function.IntToDoubleFunction;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** All 65,536 patterns of both 16-bit types, and every kind of tie between them. */
class HalfTest {
  private static double f16(int bits) {
    return Float.float16ToFloat((short) bits);
  }

  private static double bf16(int bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  private static Tensor bits(DType type) {
    short[] bits = new short[1 << 16];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = (short) i;
    }
    return Tensor.wrap(type, bits, Shape.of(bits.length));
  }

  @Test
  void everyF16SurvivesTheWayThroughF32AndF64() {
    survives(DType.F16, DType.F32);
    survives(DType.F16, DType.F64);
  }

  @Test
  void everyBf16SurvivesTheWayThroughF32AndF64() {
    survives(DType.BF16, DType.F32);
    survives(DType.BF16, DType.F64);
  }

  private static void survives(DType half, DType wide) {
    var x = bits(half);
    var y = x.to(wide).to(half);
    for (int i = 0; i < x.elements(); i++) {
      double before = x.host().get(i);
      double after = y.host().get(i);
      if (Double.isNaN(before)) {
        assertThat(after).as("bits %04x stay NaN", i).isNaN();
      } else {
        assertThat(y.host().shorts()[i]).as("bits %04x", i).isEqualTo((short) i);
      }
    }
  }

  /** What the JDK converts, and for bfloat16 the definition: the upper half of the bits. */
  @Test
  void everyPatternIsReadAsTheDefinitionSays() {
    float[] f16 = bits(DType.F16).to(DType.F32).toFloats();
    float[] bf16 = bits(DType.BF16).to(DType.F32).toFloats();
    double[] wide = bits(DType.F16).to(DType.F64).toDoubles();
    for (int i = 0; i < 1 << 16; i++) {
      float expected = Float.float16ToFloat((short) i);
      assertThat(Float.compare(f16[i], expected)).as("F16 %04x", i).isZero();
      assertThat(Double.compare(wide[i], expected)).as("F16 %04x in F64", i).isZero();
      float upper = Float.intBitsToFloat(i << 16);
      assertThat(Float.compare(bf16[i], upper)).as("BF16 %04x", i).isZero();
    }
  }

  /** The upper halves of all F32 patterns, with every kind of lower half. */
  @Test
  void f32IsRoundedAsTheDefinitionSays() {
    int[] lower = {0, 1, 0x1000, 0x1FFF, 0x2000, 0x3000, 0x7FFF, 0x8000, 0x8001, 0xFFFF};
    float[] values = new float[(1 << 16) * lower.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat((i / lower.length) << 16 | lower[i % lower.length]);
    }
    var x = Tensor.of(values, values.length);
    short[] f16 = x.to(DType.F16).host().shorts();
    short[] bf16 = x.to(DType.BF16).host().shorts();
    for (int i = 0; i < values.length; i++) {
      if (Float.isNaN(values[i])) {
        assertThat(f16(f16[i] & 0xFFFF)).isNaN();
        assertThat(bf16(bf16[i] & 0xFFFF)).isNaN();
      } else {
        assertThat(f16[i]).as("F16 of %a", values[i]).isEqualTo(Float.floatToFloat16(values[i]));
        // Round half to even on the integer that the bits are.
        long pattern = Float.floatToRawIntBits(values[i]) & 0xFFFFFFFFL;
        long half = pattern >>> 16;
        long rest = pattern & 0xFFFF;
        long up = rest > 0x8000 || (rest == 0x8000 && half % 2 == 1) ? 1 : 0;
        assertThat(bf16[i] & 0xFFFFL).as("BF16 of %a", values[i]).isEqualTo(half + up);
      }
    }
  }

  @Example
  void halfwayBetweenNeighboursGoesToTheEvenOne() {
    for (int bits = 0; bits < 0x7BFF; bits++) {
      tie(bits, HalfTest::f16, DType.F16);
    }
    for (int bits = 0; bits < 0x7F7F; bits++) {
      tie(bits, HalfTest::bf16, DType.BF16);
    }
  }

  private static void tie(int bits, IntToDoubleFunction value, DType type) {
    double low = value.applyAsDouble(bits);
    double high = value.applyAsDouble(bits + 1);
    double middle = (low + high) / 2;
    int even = (bits & 1) == 0 ? bits : bits + 1;
    for (int sign = 0; sign <= 0x8000; sign += 0x8000) {
      double s = sign == 0 ? 1 : -1;
      assertThat(rounded(s * middle, type)).as("tie at %s", s * middle).isEqualTo(even | sign);
      // A hair beside the tie: only a double can tell, so rounding twice would go wrong.
      assertThat(rounded(s * Math.nextDown(middle), type)).isEqualTo(bits | sign);
      assertThat(rounded(s * Math.nextUp(middle), type)).isEqualTo(bits + 1 | sign);
    }
  }

  private static int rounded(double value, DType type) {
    var storage = HostStorage.wrap(type, new short[1]);
    storage.set(0, value);
    return storage.shorts()[0] & 0xFFFF;
  }

  @Example
  void largeBecomesInfiniteAndSmallBecomesZero() {
    assertThat(rounded(65519.99, DType.F16)).isEqualTo(0x7BFF);
    assertThat(rounded(65520, DType.F16)).isEqualTo(0x7C00);
    assertThat(rounded(-1e300, DType.F16)).isEqualTo(0xFC00);
    assertThat(rounded(0x1p-25, DType.F16)).isZero();
    assertThat(rounded(0x1.0000001p-25, DType.F16)).isEqualTo(1);
    assertThat(rounded(-0.0, DType.F16)).isEqualTo(0x8000);
    assertThat(rounded(3.4e38, DType.BF16)).isEqualTo(0x7F80);
    assertThat(rounded(1e300, DType.BF16)).isEqualTo(0x7F80);
    assertThat(rounded(Double.NEGATIVE_INFINITY, DType.BF16)).isEqualTo(0xFF80);
    assertThat(rounded(-1e-300, DType.BF16)).isEqualTo(0x8000);
  }

  @Property
  void theResultIsTheNearest(@ForAll double value) {
    for (var type : new DType[] {DType.F16, DType.BF16}) {
      int bits = rounded(value, type);
      IntToDoubleFunction at = type == DType.F16 ? HalfTest::f16 : HalfTest::bf16;
      double result = at.applyAsDouble(bits);
      if (!Double.isInfinite(result) && (bits & 0x7FFF) != 0) {
        var distance = distance(value, result);
        assertThat(distance).isLessThanOrEqualTo(distance(value, at.applyAsDouble(bits - 1)));
        double next = at.applyAsDouble(bits + 1);
        if (!Double.isInfinite(next)) {
          assertThat(distance).isLessThanOrEqualTo(distance(value, next));
        }
      }
    }
  }

  private static BigDecimal distance(double a, double b) {
    return new BigDecimal(a).subtract(new BigDecimal(b)).abs();
  }
}
