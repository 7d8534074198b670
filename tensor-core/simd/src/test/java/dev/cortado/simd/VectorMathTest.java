package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.formula.UnaryFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.junit.jupiter.api.Test;

/** Accuracy over floats of every size, and what comes of those that are no numbers. */
class VectorMathTest {
  /** About a million floats: every 4,099th bit pattern, and all kinds of edges. */
  private static float[] floats() {
    int count = (int) ((1L << 32) / 4099);
    float[] x = new float[count / Lanes.COUNT * Lanes.COUNT];
    for (int i = 0; i < x.length; i++) {
      x[i] = Float.intBitsToFloat((int) (i * 4099L));
    }
    float[] edges = {
      0f,
      -0f,
      1f,
      -1f,
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.MIN_VALUE,
      -Float.MIN_VALUE,
      Float.MIN_NORMAL,
      Float.MAX_VALUE,
      -Float.MAX_VALUE,
      88.72283f,
      88.72284f,
      -87.33654f,
      -103.97207f,
      -103.97209f,
      0.625f,
      9.0109f,
      (float) Math.sqrt(0.5),
      (float) Math.sqrt(2)
    };
    System.arraycopy(edges, 0, x, 0, edges.length);
    return x;
  }

  /** Checks the error in units of the last place of the true value. */
  private static void check(
      UnaryFunction function, UnaryOperator<FloatVector> vector, double ulps) {
    check(function, vector, x -> x, ulps);
  }

  private static void check(
      UnaryFunction function,
      UnaryOperator<FloatVector> vector,
      DoubleUnaryOperator argument,
      double ulps) {
    float[] x = floats();
    for (int i = 0; i < x.length; i += Lanes.COUNT) {
      float[] y = vector.apply(FloatVector.fromArray(Lanes.F32, x, i)).toArray();
      for (int lane = 0; lane < y.length; lane++) {
        double truth = function.apply(argument.applyAsDouble(x[i + lane]));
        float nearest = (float) truth;
        boolean flushed = Math.abs(nearest) < Float.MIN_NORMAL && y[lane] == 0;
        boolean number = Float.isFinite(nearest) && nearest != 0;
        boolean right =
            number
                ? flushed || Math.abs(y[lane] - truth) <= ulps * Math.ulp(nearest)
                : Float.compare(y[lane], nearest) == 0;
        if (!right) {
          throw new AssertionError(
              "%s(%s) is %s, should be %s".formatted(function, x[i + lane], y[lane], truth));
        }
      }
    }
  }

  @Test
  void exponential() {
    check(UnaryFunction.EXP, VectorMath::exp, 1);
  }

  @Test
  void exponentialOfNegativeNumbers() {
    check(UnaryFunction.EXP, x -> VectorMath.expOfNegative(x.abs().neg()), x -> -Math.abs(x), 1);
  }

  @Test
  void powersOfTwo() {
    double ln2 = Math.log(2);
    float beyond = 200;
    check(
        UnaryFunction.EXP,
        x -> VectorMath.exp2(x.blend(beyond, x.compare(VectorOperators.GE, 127.5f))),
        x -> (x >= 127.5 ? beyond : x) * ln2,
        3);
  }

  @Test
  void sigmoid() {
    check(UnaryFunction.SIGMOID, VectorMath::sigmoid, 3);
  }

  @Test
  void logarithm() {
    check(UnaryFunction.LOG, VectorMath::log, 1);
  }

  @Test
  void hyperbolicTangent() {
    check(UnaryFunction.TANH, VectorMath::tanh, 2);
  }

  @Test
  void exponentialMinusOne() {
    check(UnaryFunction.EXPM1, VectorMath::expm1, 5);
  }

  @Test
  void softplus() {
    check(UnaryFunction.SOFTPLUS, VectorMath::softplus, 4);
  }

  @Test
  void wholeNumbers() {
    check(UnaryFunction.FLOOR, VectorMath::floor, 0);
    check(UnaryFunction.CEIL, VectorMath::ceil, 0);
    check(UnaryFunction.ROUND, VectorMath::round, 0);
  }

  @Test
  void sumsAddEveryLaneOnce() {
    float[] powers = new float[Lanes.COUNT];
    for (int i = 0; i < powers.length; i++) {
      powers[i] = 1 << i;
    }
    var sum = VectorMath.sum(FloatVector.fromArray(Lanes.F32, powers, 0));
    assertThat(sum).isEqualTo((1 << Lanes.COUNT) - 1);
  }
}
