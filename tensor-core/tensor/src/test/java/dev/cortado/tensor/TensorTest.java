package dev.cortado.tensor;

import static dev.cortado.tensor.formula.Formula.input;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.op.Arithmetic;
import dev.cortado.tensor.op.Fused;
import dev.cortado.tensor.op.Interpolation;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorTest {
  @Test
  void factoriesCheckTheNumberOfValues() {
    assertThatThrownBy(() -> Tensor.of(new float[5], 2, 3))
        .isInstanceOf(CortadoException.class)
        .hasMessage("shape [2, 3] needs 6 values, got 5");
    assertThatThrownBy(() -> Tensor.wrap(DType.F32, new double[6], Shape.of(6)))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("F32")
        .hasMessageContaining("double[]");
    assertThatThrownBy(() -> Tensor.zeros(2).item()).isInstanceOf(CortadoException.class);
    assertThat(Tensor.scalar(2.5).item()).isEqualTo(2.5);
  }

  @Test
  void emptyTensorsAreTensors() {
    var x = Tensor.zeros(2, 0, 3);
    assertThat(x.toFloats()).isEmpty();
    assertThat(x.add(1).shape()).isEqualTo(x.shape());
    assertThat(x.contiguous()).isSameAs(x);
    assertThat(x.sum(0).shape()).isEqualTo(Shape.of(0, 3));
    assertThat(x.sum(1).toFloats()).containsOnly(0).hasSize(6);
    assertThat(x.permute(2, 0, 1).toDoubles()).isEmpty();
    assertThat(Tensor.zeros(0, 3, 2, 2).channelsLast().shape()).isEqualTo(Shape.of(0, 3, 2, 2));
    assertThat(Tensor.zeros(3, 0).argmax(0).shape()).isEqualTo(Shape.of(0));
    assertThat(Tensor.zeros(2, 0).matmul(Tensor.zeros(0, 3)).toFloats()).containsOnly(0);
  }

  @Test
  void unsqueezeCountsNegativeAxesFromTheEnd() {
    var x = Tensor.arange(6).reshape(2, 3);
    assertThat(x.unsqueeze(0).shape()).isEqualTo(Shape.of(1, 2, 3));
    assertThat(x.unsqueeze(2).shape()).isEqualTo(Shape.of(2, 3, 1));
    assertThat(x.unsqueeze(-1).shape()).isEqualTo(Shape.of(2, 3, 1));
    assertThat(x.unsqueeze(-3).shape()).isEqualTo(Shape.of(1, 2, 3));
    assertThatThrownBy(() -> x.unsqueeze(3))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("unsqueeze");
    assertThatThrownBy(() -> x.unsqueeze(-4)).isInstanceOf(CortadoException.class);
  }

  @Test
  void flattenJoinsTheAxesFromOneOn() {
    var x = Tensor.zeros(2, 3, 4);
    assertThat(x.flatten(1).shape()).isEqualTo(Shape.of(2, 12));
    assertThat(x.flatten(-2).shape()).isEqualTo(Shape.of(2, 12));
    assertThat(x.flatten(0).shape()).isEqualTo(Shape.of(24));
    assertThat(Tensor.zeros(0, 3, 4).flatten(1).shape()).isEqualTo(Shape.of(0, 12));
    assertThatThrownBy(() -> x.flatten(3)).isInstanceOf(CortadoException.class);
  }

  @Test
  void reshapeWorksOneSizeOut() {
    var x = Tensor.zeros(2, 6);
    assertThat(x.reshape(-1, 4).shape()).isEqualTo(Shape.of(3, 4));
    assertThatThrownBy(() -> x.reshape(-1, 5))
        .isInstanceOf(CortadoException.class)
        .hasMessage("reshape: [2, 6] cannot become [-1, 5]");
    assertThatThrownBy(() -> x.reshape(-1, -1))
        .isInstanceOf(CortadoException.class)
        .hasMessage("reshape: [2, 6] cannot become [-1, -1]");
    assertThatThrownBy(() -> x.reshape(5))
        .isInstanceOf(CortadoException.class)
        .hasMessage("reshape: [2, 6] has 12 elements, [5] has 5");
  }

  @Test
  void selectAndSqueezeDropAnAxis() {
    var x = Tensor.arange(6).reshape(2, 3);
    assertThat(x.select(-1, 1).toFloats()).containsExactly(1, 4);
    assertThat(x.select(0, 1).toFloats()).containsExactly(3, 4, 5);
    assertThatThrownBy(() -> x.squeeze(1)).isInstanceOf(CortadoException.class);
    assertThatThrownBy(() -> x.select(1, 3))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("select: there is no index 3 on axis 1");
    assertThatThrownBy(() -> x.narrow(1, 2, 2))
        .isInstanceOf(CortadoException.class)
        .hasMessage("narrow: 2 … 3 lies outside axis 1 of [2, 3]");
  }

  @Test
  void intoWritesInPlaceAndSaysSo() {
    var x = Tensor.arange(6).reshape(2, 3);
    int version = x.storage().version();
    Ops.into(new Arithmetic.Affine(2, 1), List.of(x), List.of(x));
    assertThat(x.toFloats()).containsExactly(1, 3, 5, 7, 9, 11);
    assertThat(x.storage().version()).isGreaterThan(version);
  }

  @Test
  void intoRefusesOutputsThatDoNotFit() {
    var x = Tensor.zeros(2, 3);
    var add = new Arithmetic.Binary(BinaryFunction.ADD);
    var two = new Fused(List.of(input(0), input(0).times(2)), 1);
    assertThatThrownBy(() -> Ops.into(add, List.of(x, x), List.of(Tensor.zeros(3, 2))))
        .isInstanceOf(CortadoException.class)
        .hasMessage("add: result F32[2, 3] cannot be written into F32[3, 2]");
    assertThatThrownBy(() -> Ops.into(two, List.of(x), List.of(x)))
        .isInstanceOf(CortadoException.class)
        .hasMessage("fused: 2 results cannot be written into 1 tensors");
    assertThatThrownBy(() -> Ops.into(add, List.of(x, x), List.of(x, x)))
        .isInstanceOf(CortadoException.class);
    assertThatThrownBy(() -> Ops.into(add, List.of(x, x), List.of(Tensor.zeros(1, 3).expand(2, 3))))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("share elements");
  }

  @Test
  void multiplyingByZeroKeepsWhatIsNoNumber() {
    var x = Tensor.of(new float[] {Float.NaN, Float.POSITIVE_INFINITY, 2}, 3);
    assertThat(x.mul(0).toFloats()).containsExactly(Float.NaN, Float.NaN, 0);
  }

  @Test
  void wholeNumbersAreExact() {
    var x = Tensor.of(new long[] {7, -7, 0}, 3);
    assertThat(x.div(2).toLongs()).containsExactly(3, -3, 0);
    assertThat(x.add(x).toLongs()).containsExactly(14, -14, 0);
    assertThat(x.to(DType.F32).dtype()).isEqualTo(DType.F32);
    var y = Tensor.of(new float[] {2.9f, -2.9f, Float.NaN, 1e20f}, 4);
    assertThat(y.to(DType.I64).toLongs()).containsExactly(2, -2, 0, Long.MAX_VALUE);
    assertThat(y.to(DType.I32).toLongs()).containsExactly(2, -2, 0, Integer.MAX_VALUE);
    assertThat(y.to(DType.BOOL).toLongs()).containsExactly(1, 1, 1, 1);
  }

  @Test
  void whatCannotBeIsRefusedByName() {
    assertThatThrownBy(() -> Tensor.cat(0, List.of()))
        .isInstanceOf(CortadoException.class)
        .hasMessage("cat: needs at least one tensor, the list is empty");
    assertThatThrownBy(() -> Tensor.stack(0, List.of()))
        .isInstanceOf(CortadoException.class)
        .hasMessageStartingWith("stack: ");
    assertThatThrownBy(() -> Tensor.ones(2).toString(-1))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("got -1");
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> Tensor.ones(1, 1, 2, 2).interpolateBy(Interpolation.NEAREST, bad, 1))
          .isInstanceOf(CortadoException.class)
          .hasMessageContaining("must be positive, got " + bad);
    }
  }

  @Test
  void indicesOutOfRangeAreNamed() {
    var x = Tensor.arange(6).reshape(2, 3);
    for (long bad : new long[] {3, -1}) {
      assertThatThrownBy(() -> x.indexSelect(1, Tensor.of(new long[] {0, bad}, 2)))
          .isInstanceOf(CortadoException.class)
          .hasMessage("indexSelect: index " + bad + " lies outside 0 … 2");
      assertThatThrownBy(() -> Tensor.of(new long[] {bad}, 1).oneHot(3))
          .isInstanceOf(CortadoException.class)
          .hasMessageContaining("oneHot: index " + bad);
    }
  }
}
