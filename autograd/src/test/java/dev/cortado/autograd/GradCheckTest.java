package dev.cortado.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.CustomOp;
import dev.cortado.tensor.op.NormalizationOp;
import dev.cortado.tensor.op.TensorSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GradCheckTest {
  private static final Tensor X = Tensor.of(new double[] {0.3, -1.2, 2, 0.7, 1.1, -0.4}, 2, 3);

  /** x³ with a gradient of {@code factor} · x². */
  private record Cube(double factor) implements CustomOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      return inputs;
    }

    @Override
    public List<Tensor> compute(List<Tensor> inputs) {
      var x = inputs.getFirst();
      return List.of(x.mul(x).mul(x));
    }

    @Override
    public List<@Nullable Tensor> gradient(
        List<Tensor> inputs, List<Tensor> outputs, List<Tensor> gradients) {
      return List.of(inputs.getFirst().square().mul(factor).mul(gradients.getFirst()));
    }
  }

  @Test
  void acceptsARightRule() {
    var report = GradCheck.DEFAULT.check(new Cube(3), List.of(X)).orThrow();
    assertThat(report.compared()).isEqualTo(6);
    assertThat(report.worst()).isLessThan(1e-10);
    assertThat(report.toString()).startsWith("Cube[factor=3.0]: 6 derivatives, worst relative");
    assertThatCode(
            () ->
                GradCheck.DEFAULT
                    .checkSecond("cube", x -> List.of(x.getFirst().apply(new Cube(3))), List.of(X))
                    .orThrow())
        .doesNotThrowAnyException();
  }

  @Test
  void namesWhatIsWrong() {
    assertThatThrownBy(() -> GradCheck.DEFAULT.check(new Cube(3.0001), List.of(X)).orThrow())
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("Cube[factor=3.0001]: 6 derivatives")
        .hasMessageContaining("first input 0 at [0, 0]: the gradient is 0.178223376")
        .hasMessageContaining("differences say 0.178217436");
  }

  @Test
  void seesWhatASumWouldHide() {
    // Without its second term the gradient of a softmax still sums to what differences say.
    var wrong = new WrongSoftmax();
    assertThat(GradCheck.DEFAULT.check(wrong, List.of(X)).passed()).isFalse();
    assertThat(GradCheck.DEFAULT.check(new NormalizationOp.Softmax(1, false), List.of(X)).passed())
        .isTrue();
  }

  /** Softmax whose gradient is 0: right only for a cotangent of ones. */
  private record WrongSoftmax() implements CustomOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      return inputs;
    }

    @Override
    public List<Tensor> compute(List<Tensor> inputs) {
      return List.of(inputs.getFirst().softmax(1));
    }

    @Override
    public List<@Nullable Tensor> gradient(
        List<Tensor> inputs, List<Tensor> outputs, List<Tensor> gradients) {
      return List.of(gradients.getFirst().mul(0));
    }
  }

  @Test
  void takesIntegersAsTheyAreAndF32AsF64() {
    var index = Tensor.of(new long[] {1, 0, 1}, 3);
    var report =
        GradCheck.DEFAULT.check(
            "pick",
            x -> List.of(x.get(1).indexSelect(0, x.get(0)).exp()),
            List.of(index, X.to(DType.F32)));
    assertThat(report.orThrow().compared()).isEqualTo(6);
  }

  @Test
  void aFunctionThatDoesNotDependOnItsInputHasGradientZero() {
    var constant = Tensor.of(new double[] {1, 2}, 2);
    var report = GradCheck.DEFAULT.check("constant", x -> List.of(constant), List.of(X));
    assertThat(report.orThrow().worst()).isZero();
  }

  @Test
  void worksInDoublePrecisionOnly() {
    assertThatThrownBy(
            () ->
                GradCheck.DEFAULT.check(
                    "narrow", x -> List.of(x.getFirst().to(DType.F32)), List.of(X)))
        .isInstanceOf(CortadoException.class)
        .hasMessage("a gradient check needs F64 throughout; result 0 is F32[2, 3]");
  }
}
