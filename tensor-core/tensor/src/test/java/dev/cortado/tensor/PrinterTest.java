package dev.cortado.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrinterTest {
  @Test
  void showsTypeShapeAndNestedNumbers() {
    assertThat(Tensor.scalar(1.5)).hasToString("Tensor F32[] 1.500");
    assertThat(Tensor.of(new float[] {1, -2, 3, 4}, 2, 2))
        .hasToString("Tensor F32[2, 2] [[1.000, -2.000],\n [3.000, 4.000]]");
    assertThat(Tensor.zeros(2, 0)).hasToString("Tensor F32[2, 0] [[],\n []]");
  }

  @Test
  void showsViewsInTheirOwnOrder() {
    var x = Tensor.arange(6).reshape(2, 3);
    assertThat(x.t().narrow(0, 1, 2))
        .hasToString("Tensor F32[2, 2] [[1.000, 4.000],\n [2.000, 5.000]]");
  }

  @Test
  void showsWholeNumbersToTheLastDigit() {
    long large = (1L << 60) + 1;
    assertThat(Tensor.of(new long[] {large, -7}, 2))
        .hasToString("Tensor I64[2] [1152921504606846977, -7]");
    assertThat(Tensor.wrap(DType.BOOL, new byte[] {1, 0}, Shape.of(2)))
        .hasToString("Tensor BOOL[2] [true, false]");
  }

  @Test
  void abridgesLongAxes() {
    assertThat(Tensor.of(new long[11], 11)).hasToString("Tensor I64[11] [0, 0, 0, ..., 0, 0, 0]");
    assertThat(Tensor.of(new long[11], 11, 1))
        .hasToString("Tensor I64[11, 1] [[0],\n [0],\n [0],\n ...,\n [0],\n [0],\n [0]]");
  }

  @Test
  void showsWhatIsNoNumber() {
    assertThat(
            Tensor.of(
                new float[] {
                  Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f, 1e-20f, 1e20f
                },
                6))
        .hasToString("Tensor F32[6] [NaN, Infinity, -Infinity, -0.000, 1.000e-20, 1.000e+20]");
  }

  @Test
  void tensorsWithoutNumbersHaveAShape() {
    assertThat(Backends.shapesOnly(() -> Tensor.zeros(2, 3))).hasToString("Tensor F32[2, 3]");
  }
}
