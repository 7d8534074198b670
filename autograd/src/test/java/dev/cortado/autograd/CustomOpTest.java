package dev.cortado.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.Backends;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.CustomOp;
import dev.cortado.tensor.op.TensorSpec;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Ops of a user's own, as users write them. */
class CustomOpTest {
  /** The example of CustomOp's javadoc. */
  private record Softplus() implements CustomOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      return inputs;
    }

    @Override
    public List<Tensor> compute(List<Tensor> inputs) {
      return List.of(inputs.getFirst().exp().add(1).log());
    }

    @Override
    public List<@Nullable Tensor> gradient(
        List<Tensor> in, List<Tensor> out, List<Tensor> gradients) {
      return List.of(gradients.getFirst().mul(in.getFirst().sigmoid()));
    }
  }

  /**
   * Several inputs, one of them whole numbers, two results, and a gradient from a result: the
   * picked rows' exponentials, and their sum.
   */
  private record PickedExp() implements CustomOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      var x = inputs.get(0);
      if (inputs.size() != 2 || x.shape().rank() != 2) {
        throw new CortadoException("PickedExp needs x [n, d] and rows [m], got " + inputs);
      }
      int rows = inputs.get(1).shape().dim(0);
      return List.of(
          new TensorSpec(Shape.of(rows, x.shape().dim(1)), x.dtype()),
          new TensorSpec(Shape.SCALAR, x.dtype()));
    }

    @Override
    public List<Tensor> compute(List<Tensor> inputs) {
      var y = inputs.get(0).indexSelect(0, inputs.get(1)).exp();
      return List.of(y, y.sum());
    }

    @Override
    public List<@Nullable Tensor> gradient(
        List<Tensor> in, List<Tensor> out, List<Tensor> gradients) {
      var g = gradients.get(0).add(gradients.get(1)).mul(out.get(0));
      int rows = in.get(0).dim(0);
      var picked = in.get(1).oneHot(rows).to(g.dtype());
      return Arrays.asList(picked.t().matmul(g), null);
    }
  }

  private static Tensor random(int seed, int... shape) {
    return Tensor.normal(RandomKey.of(seed), shape).to(DType.F64);
  }

  @Test
  void gradientsOfEveryOrderAreRight() {
    var x = random(1, 2, 3);
    GradCheck.DEFAULT.check(new Softplus(), List.of(x)).orThrow();
    GradCheck.DEFAULT
        .checkSecond("softplus", in -> List.of(in.getFirst().apply(new Softplus())), List.of(x))
        .orThrow();
    var v = random(2, 2, 3);
    var product = Derivatives.jvp(y -> y.apply(new Softplus()), x, v).toDoubles();
    assertThat(product)
        .containsExactly(
            x.sigmoid().mul(v).toDoubles(), org.assertj.core.data.Offset.offset(1e-15));
  }

  @Test
  void severalInputsAndResults() {
    var rows = Tensor.of(new long[] {2, 0, 2}, 3);
    GradCheck.DEFAULT.check(new PickedExp(), List.of(random(3, 4, 2), rows)).orThrow();
  }

  @Test
  void takesPartInEverythingElse() {
    var x = Autograd.track(random(4, 3));
    assertThat(Autograd.isTracked(Autograd.noGrad(() -> x.apply(new Softplus())))).isFalse();
    float[] expected = Autograd.backward(x.apply(new Softplus()).sum()).of(x).toFloats();
    try (var scope = Scope.open()) {
      var y = Autograd.checkpoint(x, in -> in.apply(new Softplus()));
      assertThat(Autograd.backward(y.sum()).of(x).toFloats()).containsExactly(expected);
    }
    var shape =
        Backends.shapesOnly(() -> Tensor.full(Shape.of(5), DType.F32, 0).apply(new Softplus()));
    assertThat(shape.shape()).isEqualTo(Shape.of(5));
    assertThatThrownBy(() -> x.apply(new PickedExp(), x))
        .hasMessage("PickedExp needs x [n, d] and rows [m], got [F64[3], F64[3]]");
    var large = Tensor.of(new double[] {1000}, 1);
    assertThatThrownBy(() -> Autograd.detectAnomalies(() -> large.apply(new Softplus())))
        .hasMessageStartingWith("Softplus made infinity");
  }
}
