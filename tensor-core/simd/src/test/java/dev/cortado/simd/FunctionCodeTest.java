package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

/** What is written into loops gives the bits of {@link VectorMath}, and so does compiled code. */
class FunctionCodeTest {
  /** y = f(x). */
  interface Loop {
    void run(float[] x, float[] y, int n);
  }

  private static final ClassDesc FLOATS = ConstantDescs.CD_float.arrayType();
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(ConstantDescs.CD_void, FLOATS, FLOATS, ConstantDescs.CD_int);

  /** Pushes a function of a variable. */
  private interface Push {
    FunctionCode of(FunctionCode code, int x);
  }

  private static void check(Push push, UnaryOperator<FloatVector> function) {
    var loop =
        VectorCode.compile(
            Loop.class,
            RUN,
            code ->
                code.loop(
                    3,
                    Lanes.COUNT,
                    i -> {
                      var f = code.functions();
                      code.store(push.of(f, code.load(1, i)).set(), 2, i);
                    }));
    float[] x = new float[(1 << 16) + 64];
    for (int i = 0; i < 1 << 16; i++) {
      x[i] = Float.intBitsToFloat(i << 16 | i);
    }
    float[] edges = {88.72283f, 88.72284f, -87.33654f, -126, 128, 127.5f, 0.625f, -89, 80, 17};
    System.arraycopy(edges, 0, x, 1 << 16, edges.length);
    float[] expected = new float[x.length];
    for (int i = 0; i < x.length; i += Lanes.COUNT) {
      function.apply(FloatVector.fromArray(Lanes.F32, x, i)).intoArray(expected, i);
    }
    float[] y = new float[x.length];
    for (int run = 0; run < 30; run++) {
      for (int i = 0; i < x.length; i += 1 << 12) {
        int n = Math.min(1 << 12, x.length - i);
        float[] some = new float[n];
        loop.run(java.util.Arrays.copyOfRange(x, i, i + n), some, n);
        System.arraycopy(some, 0, y, i, n);
      }
      for (int i = 0; i < x.length; i++) {
        if (Float.floatToIntBits(y[i]) != Float.floatToIntBits(expected[i])) {
          assertThat(y[i]).as("of %s, run %d", x[i], run).isEqualTo(expected[i]);
        }
      }
    }
  }

  @Test
  void exp() {
    check(FunctionCode::exp, VectorMath::exp);
  }

  @Test
  void expOfNegative() {
    check(FunctionCode::expOfNegative, VectorMath::expOfNegative);
  }

  @Test
  void exp2() {
    check(FunctionCode::exp2, VectorMath::exp2);
  }

  @Test
  void sigmoid() {
    check(FunctionCode::sigmoid, VectorMath::sigmoid);
  }

  @Test
  void tanh() {
    check(FunctionCode::tanh, VectorMath::tanh);
  }
}
