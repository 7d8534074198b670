package dev.cortado.simd;

import dev.cortado.tensor.formula.BinaryFunction;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Functions of vectors that give the same bits whether they are interpreted or compiled.
 *
 * <p>The Vector API's own EXP, LOG and TANH do not: compiled code calls a vector library, the
 * interpreter {@link Math}, and their last bits differ. Nor does its sum of lanes, whose order is
 * unspecified. A program's results would depend on when the JIT compiler got to it. Everything here
 * is made of operations that IEEE 754 defines to the bit. The polynomials are weighted
 * least-squares fits, iterated to near-equal relative errors.
 */
final class VectorMath {
  private static final VectorSpecies<Float> S = Lanes.F32;

  /** 1.5 · 2²³: added to a number below 2²² it rounds it, and holds it in its low bits. */
  static final float ROUNDER = 0x1.8p23f;

  /**
   * {@link #ROUNDER} with the bias of exponents: what is rounded is in the low bits as an exponent.
   */
  static final float BIASED_ROUNDER = ROUNDER + 127;

  private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);
  static final int MANTISSA = 23;
  private static final int SQRT_HALF_BITS = Float.floatToRawIntBits((float) Math.sqrt(0.5));

  static final float LOG2_E = (float) (1 / Math.log(2));

  /** ln 2 as the sum of two floats. */
  static final float LN2 = (float) Math.log(2);

  static final float LN2_REST = (float) (Math.log(2) - LN2);

  /** Above this eˣ is infinite. */
  static final float LARGEST_EXPONENT = 88.72283f;

  /** Below this eˣ is subnormal. */
  static final float LEAST_EXPONENT = -87.33654f;

  /** Below this 2ˣ is subnormal. */
  static final float LEAST_POWER = -126;

  /** Above this 2ˣ is infinite. */
  static final float LARGEST_POWER = 128;

  /** 2ˣ for |x| ≤ ½, highest power first. */
  static final float[] EXP2 = {
    0.0013264727f, 0.009671513f, 0.055507336f, 0.24022242f, 0.693147f, 1
  };

  /** From here down the sigmoid would be subnormal, and is 0. */
  static final float SIGMOID_ZERO = -89;

  /** From here up, and from 17 already, the sigmoid is 1. */
  static final float SIGMOID_ONE = 80;

  static final VectorShuffle<Float> BY_8 = rotation(8);
  static final VectorShuffle<Float> BY_4 = rotation(4);
  static final VectorShuffle<Float> BY_2 = rotation(2);
  static final VectorShuffle<Float> BY_1 = rotation(1);

  private VectorMath() {}

  private static VectorShuffle<Float> rotation(int by) {
    return VectorShuffle.fromOp(S, i -> (i + by) % S.length());
  }

  /** Returns the sum of the lanes: halves added to halves. */
  static float sum(FloatVector x) {
    var sum = x;
    if (S.length() > 8) {
      sum = sum.add(sum.rearrange(BY_8));
    }
    if (S.length() > 4) {
      sum = sum.add(sum.rearrange(BY_4));
    }
    if (S.length() > 2) {
      sum = sum.add(sum.rearrange(BY_2));
    }
    return sum.add(sum.rearrange(BY_1)).lane(0);
  }

  private static FloatVector number(float value) {
    return FloatVector.broadcast(S, value);
  }

  /**
   * Returns eˣ: 2ⁿ · eʳ with n the integer nearest to x / ln 2. Off by one ulp at most; 0 where it
   * would be subnormal.
   */
  static FloatVector exp(FloatVector x) {
    var shifted = x.fma(number(LOG2_E), number(ROUNDER));
    var n = shifted.sub(ROUNDER);
    var r = n.fma(number(-LN2_REST), n.fma(number(-LN2), x));
    // (eʳ − 1 − r) / r² for |r| ≤ ln 2 / 2.
    var y = number(0.0013814599f).fma(r, number(0.008368717f));
    y = y.fma(r, number(0.04166839f));
    y = y.fma(r, number(0.16666521f));
    y = y.fma(r, number(0.49999994f));
    y = y.fma(r, number(1)).fma(r, number(1));
    // n is in the low bits: shifted to the exponent and added there, it multiplies by 2ⁿ.
    var exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, MANTISSA);
    y = y.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    // Larger ones give infinity, and NaN itself.
    return x.mul(Float.POSITIVE_INFINITY)
        .blend(y, x.compare(VectorOperators.LE, LARGEST_EXPONENT))
        .blend(0, x.compare(VectorOperators.LT, LEAST_EXPONENT));
  }

  /** Returns eˣ − 1; near 0 the polynomial of {@link #exp}. Off by five ulps at most. */
  static FloatVector expm1(FloatVector x) {
    var size = x.abs();
    var y = number(0.0013814599f).fma(x, number(0.008368717f));
    y = y.fma(x, number(0.04166839f));
    y = y.fma(x, number(0.16666521f));
    y = y.fma(x, number(0.49999994f));
    y = y.fma(x.mul(x), x);
    y = exp(x).sub(1).blend(y, size.compare(VectorOperators.LT, 0.3465f));
    // Where x² would vanish; and −0 stays −0.
    return y.blend(x, size.compare(VectorOperators.LT, 1e-10f));
  }

  /** Returns ln(1 + eˣ). Off by four ulps at most. */
  static FloatVector softplus(FloatVector x) {
    var z = exp(x.abs().neg());
    var u = z.add(1);
    // What the rounding of 1 + z did to ln, it did in proportion to u − 1 (Kahan).
    var rounded = u.sub(1);
    var tail = log(u).mul(z.div(rounded)).blend(z, rounded.compare(VectorOperators.EQ, 0));
    return x.max(0).add(tail);
  }

  /** Returns the natural logarithm: n · ln 2 + ln m with √½ ≤ m ≤ √2. Off by one ulp at most. */
  static FloatVector log(FloatVector x) {
    var tiny = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
    var bits = x.blend(x.mul(0x1p23f), tiny).reinterpretAsInts();
    var whole = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, MANTISSA);
    var f = bits.sub(whole.lanewise(VectorOperators.LSHL, MANTISSA)).reinterpretAsFloats().sub(1);
    var n = whole.add(ROUNDER_BITS).reinterpretAsFloats().sub(ROUNDER);
    n = n.blend(n.sub(MANTISSA), tiny);
    var square = f.mul(f);
    var y = n.fma(number(LN2_REST), logRest(f).mul(f.mul(square)));
    y = n.fma(number(LN2), square.fma(number(-0.5f), y).add(f));
    y = y.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0));
    y = y.blend(x, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
    return y.blend(Float.NaN, x.compare(VectorOperators.GE, 0).not());
  }

  /** (ln(1 + f) − f + f²/2) / f³. A method of its own, for long ones are not inlined. */
  private static FloatVector logRest(FloatVector f) {
    var y = number(0.067466296f).fma(f, number(-0.116760485f));
    y = y.fma(f, number(0.118883796f));
    y = y.fma(f, number(-0.124055445f));
    y = y.fma(f, number(0.1421952f));
    y = y.fma(f, number(-0.16667996f));
    y = y.fma(f, number(0.2000212f));
    y = y.fma(f, number(-0.2500001f));
    return y.fma(f, number(0.33333313f));
  }

  /**
   * Returns eˣ of numbers that are at most 0, with less ado than {@link #exp}. NaN stays NaN; for
   * positive numbers anything may come out.
   */
  static FloatVector expOfNegative(FloatVector x) {
    var shifted = x.fma(number(LOG2_E), number(BIASED_ROUNDER));
    var n = shifted.sub(BIASED_ROUNDER);
    var r = n.fma(number(-LN2_REST), n.fma(number(-LN2), x));
    var y = number(0.0013814599f).fma(r, number(0.008368717f));
    y = y.fma(r, number(0.04166839f));
    y = y.fma(r, number(0.16666521f));
    y = y.fma(r, number(0.49999994f));
    var one = number(1);
    y = y.fma(r, one).fma(r, one);
    // The exponent of 2ⁿ is in the low bits.
    var power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, MANTISSA);
    return y.mul(power.reinterpretAsFloats())
        .blend(0, x.compare(VectorOperators.LT, LEAST_EXPONENT));
  }

  /**
   * Returns 2ˣ: with fewer operations than {@link #exp}, as nothing has to be divided by ln 2. Off
   * by three ulps at most; 0 where it would be subnormal, infinite from 2^127.5 on.
   */
  static FloatVector exp2(FloatVector x) {
    var inside = x.blend(LARGEST_POWER, x.compare(VectorOperators.GT, LARGEST_POWER));
    var shifted = inside.add(BIASED_ROUNDER);
    var r = inside.sub(shifted.sub(BIASED_ROUNDER));
    var y = number(EXP2[0]).fma(r, number(EXP2[1]));
    y = y.fma(r, number(EXP2[2])).fma(r, number(EXP2[3]));
    y = y.fma(r, number(EXP2[4])).fma(r, number(EXP2[5]));
    var power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, MANTISSA);
    return y.mul(power.reinterpretAsFloats()).blend(0, x.compare(VectorOperators.LT, LEAST_POWER));
  }

  /**
   * Returns 1 / (1 + e⁻ˣ): {@link #exp} with all signs turned, and of one degree less, for the
   * error of e⁻ˣ counts only where it is large. Off by three ulps at most. What is beyond the
   * limits is moved to them first, where e⁻ˣ is infinite or vanishes beside 1; so nothing has to be
   * mended afterwards, and the last product and sum are one operation: 17 in all instead of 21.
   */
  static FloatVector sigmoid(FloatVector x) {
    var inside =
        x.blend(SIGMOID_ZERO, x.compare(VectorOperators.LT, SIGMOID_ZERO))
            .blend(SIGMOID_ONE, x.compare(VectorOperators.GT, SIGMOID_ONE));
    var shifted = inside.fma(number(-LOG2_E), number(BIASED_ROUNDER));
    var n = shifted.sub(BIASED_ROUNDER);
    var r = n.fma(number(LN2_REST), n.fma(number(LN2), inside));
    var y = number(-0.008290272f).fma(r, number(0.04189816f));
    y = y.fma(r, number(-0.16667639f));
    y = y.fma(r, number(0.49999148f));
    y = y.fma(r, number(-0.9999997f)).fma(r, number(1));
    var power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, MANTISSA);
    return number(1).div(y.fma(power.reinterpretAsFloats(), number(1)));
  }

  /** Returns tanh x: ±(1 − 2 / (e^2|x| + 1)), near 0 a polynomial. Off by two ulps at most. */
  static FloatVector tanh(FloatVector x) {
    var size = x.abs();
    var large = number(1).sub(number(2).div(exp(size.add(size)).add(1)));
    large = large.blend(large.neg(), x.compare(VectorOperators.LT, 0));
    var square = x.mul(x);
    // (tanh x / x − 1) / x².
    var small = number(-0.005704986f).fma(square, number(0.020639086f));
    small = small.fma(square, number(-0.053739715f));
    small = small.fma(square, number(0.13331442f));
    small = small.fma(square, number(-0.3333328f));
    small = small.fma(square, number(1)).mul(x);
    return large.blend(small, size.compare(VectorOperators.LT, 0.625f));
  }

  /** Returns the sine, lane by lane: rare, so not worth more. */
  static FloatVector sin(FloatVector x) {
    float[] lanes = x.toArray();
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = (float) Math.sin(lanes[i]);
    }
    return FloatVector.fromArray(S, lanes, 0);
  }

  /** Returns the cosine, lane by lane. */
  static FloatVector cos(FloatVector x) {
    float[] lanes = x.toArray();
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = (float) Math.cos(lanes[i]);
    }
    return FloatVector.fromArray(S, lanes, 0);
  }

  /** Returns base to the power exponent, lane by lane. */
  static FloatVector power(FloatVector base, FloatVector exponent) {
    return byLanes(BinaryFunction.POWER, base, exponent);
  }

  /** Returns ⌊a / b⌋, lane by lane. */
  static FloatVector floorDivide(FloatVector a, FloatVector b) {
    return byLanes(BinaryFunction.FLOOR_DIVIDE, a, b);
  }

  /** Returns a − ⌊a / b⌋ · b, lane by lane. */
  static FloatVector remainder(FloatVector a, FloatVector b) {
    return byLanes(BinaryFunction.REMAINDER, a, b);
  }

  private static FloatVector byLanes(BinaryFunction function, FloatVector a, FloatVector b) {
    float[] lanes = a.toArray();
    float[] others = b.toArray();
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = (float) function.apply(lanes[i], others[i]);
    }
    return FloatVector.fromArray(S, lanes, 0);
  }

  /** Returns the largest integer not above x, lane by lane. */
  static FloatVector floor(FloatVector x) {
    float[] lanes = x.toArray();
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = (float) Math.floor(lanes[i]);
    }
    return FloatVector.fromArray(S, lanes, 0);
  }

  /** Returns the smallest integer not below x, lane by lane. */
  static FloatVector ceil(FloatVector x) {
    float[] lanes = x.toArray();
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = (float) Math.ceil(lanes[i]);
    }
    return FloatVector.fromArray(S, lanes, 0);
  }

  /** Returns the nearest integer, ties to even, lane by lane. */
  static FloatVector round(FloatVector x) {
    float[] lanes = x.toArray();
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = (float) Math.rint(lanes[i]);
    }
    return FloatVector.fromArray(S, lanes, 0);
  }
}
