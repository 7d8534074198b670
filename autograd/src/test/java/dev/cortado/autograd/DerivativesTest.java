package dev.cortado.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class DerivativesTest {
  private static final double H = 1e-4;
  private static final Tensor W = random(3, 4, 4);

  private static Tensor random(int seed, int... shape) {
    return Tensor.normal(RandomKey.of(seed), shape).to(DType.F64);
  }

  private static Tensor network(Tensor x) {
    return x.matmul(W).gelu().add(x).logSoftmax(1);
  }

  private static Tensor energy(Tensor x) {
    return network(x).mul(x.sigmoid()).square().sum();
  }

  /** (f(x + h·v) − f(x − h·v)) / 2h, improved by the same with 2h. */
  private static double[] along(UnaryOperator<Tensor> f, Tensor x, Tensor v) {
    double[] near = f.apply(x.add(v.mul(H))).sub(f.apply(x.sub(v.mul(H)))).toDoubles();
    double[] far = f.apply(x.add(v.mul(2 * H))).sub(f.apply(x.sub(v.mul(2 * H)))).toDoubles();
    double[] result = new double[near.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = (8 * near[i] - far[i]) / (12 * H);
    }
    return result;
  }

  private static void assertClose(Tensor actual, double[] expected) {
    assertThat(actual.toDoubles()).hasSize(expected.length).containsExactly(expected, within(1e-9));
  }

  @Test
  void jacobianVectorProductsAgreeWithDifferences() {
    var x = random(1, 3, 4);
    var v = random(2, 3, 4);
    var product = Derivatives.jvp(DerivativesTest::network, x, v);
    assertClose(product, along(DerivativesTest::network, x, v));
    assertThat(Autograd.isTracked(product)).isFalse();
  }

  @Test
  void vectorJacobianProductsAreTheTransposed() {
    var x = random(1, 3, 4);
    var v = random(2, 3, 4);
    var u = random(5, 3, 4);
    double left = Derivatives.vjp(DerivativesTest::network, x, u).mul(v).sum().item();
    double right = Derivatives.jvp(DerivativesTest::network, x, v).mul(u).sum().item();
    assertThat(left).isCloseTo(right, within(1e-12));
  }

  @Test
  void severalArgumentsAndResults() {
    UnaryOperator<List<Tensor>> f =
        in -> {
          var product = in.get(0).mul(in.get(1));
          return List.of(product, in.get(1).exp(), Tensor.full(product.shape(), DType.F64, 5));
        };
    var a = Tensor.of(new double[] {2, 3}, 2);
    var b = Tensor.of(new double[] {0.5, -1}, 2);
    var forward = Derivatives.jvp(f, List.of(a, b), List.of(b, a));
    assertThat(forward.values().getFirst().toDoubles()).containsExactly(1, -3);
    assertThat(forward.values()).noneMatch(Autograd::isTracked);
    assertThat(forward.products().get(0).toDoubles()).containsExactly(4 + 0.25, 9 + 1);
    assertClose(forward.products().get(1), new double[] {2 * Math.exp(0.5), 3 * Math.exp(-1)});
    assertThat(forward.products().get(2).toDoubles()).containsExactly(0, 0);
    var ones = Tensor.full(a.shape(), DType.F64, 1);
    var back = Derivatives.vjp(f, List.of(a, b), List.of(ones, ones, ones));
    assertThat(back.products().get(0).toDoubles()).containsExactly(0.5, -1);
    assertClose(back.products().get(1), new double[] {2 + Math.exp(0.5), 3 + Math.exp(-1)});
  }

  @Test
  void jacobianHoldsEveryDerivative() {
    var x = random(1, 2, 4);
    var jacobian = Derivatives.jacobian(y -> network(y).sum(0), x);
    assertThat(jacobian.shape().toArray()).containsExactly(4, 2, 4);
    for (int j = 0; j < 8; j++) {
      double[] unit = new double[8];
      unit[j] = 1;
      var column = Derivatives.jvp(y -> network(y).sum(0), x, Tensor.of(unit, 2, 4));
      assertClose(jacobian.reshape(4, 8).select(1, j), column.toDoubles());
    }
    // A diagonal, where each result depends on its own element.
    var squares = Derivatives.jacobian(Tensor::square, Tensor.of(new double[] {3, 4}, 2));
    assertThat(squares.toDoubles()).containsExactly(6, 0, 0, 8);
  }

  @Test
  void hessianProductsAgreeWithDifferencesAndWithTheHessian() {
    var x = random(1, 2, 4);
    var v = random(2, 2, 4);
    UnaryOperator<Tensor> gradient =
        at -> {
          var leaf = Autograd.track(at);
          return Autograd.backward(energy(leaf)).of(leaf);
        };
    var product = Derivatives.hvp(DerivativesTest::energy, x, v);
    assertClose(product, along(gradient, x, v));
    var hessian = Derivatives.hessian(DerivativesTest::energy, x);
    assertThat(hessian.shape().toArray()).containsExactly(2, 4, 2, 4);
    var matrix = hessian.reshape(8, 8);
    assertClose(matrix.matmul(v.reshape(8, 1)), product.toDoubles());
    assertClose(matrix, matrix.t().toDoubles());
    // x³ has the Hessian 6x on its diagonal.
    var cube = Derivatives.hessian(y -> y.mul(y).mul(y).sum(), Tensor.of(new double[] {1, 2}, 2));
    assertThat(cube.toDoubles()).containsExactly(6, 0, 0, 12);
  }

  @Test
  void productsNest() {
    var x = random(1, 2, 4);
    var v = random(2, 2, 4);
    // J of the gradient is the Hessian.
    var forwardOverReverse =
        Derivatives.jvp(
            at -> Derivatives.vjp(y -> energy(y).reshape(1), at, Tensor.of(new double[] {1}, 1)),
            x,
            v);
    assertClose(forwardOverReverse, Derivatives.hvp(DerivativesTest::energy, x, v).toDoubles());
    // And a product may be part of a loss.
    GradCheck.DEFAULT
        .check(
            "penalty",
            in -> List.of(Derivatives.jvp(DerivativesTest::network, in.get(0), in.get(1)).square()),
            List.of(x, v))
        .orThrow();
  }

  @Test
  void worksWhereNothingElseIsRecorded() {
    var x = Tensor.of(new double[] {3}, 1);
    var product = Autograd.noGrad(() -> Derivatives.hvp(y -> y.square().sum(), x, x));
    assertThat(product.item()).isEqualTo(6);
  }

  @Test
  void wrongShapesAreNamed() {
    var x = random(1, 2);
    assertThatThrownBy(() -> Derivatives.jvp(Tensor::exp, x, random(1, 3)))
        .isInstanceOf(CortadoException.class)
        .hasMessage("jvp: vector 0 is F64[3], argument 0 is F64[2]");
    assertThatThrownBy(() -> Derivatives.vjp(Tensor::sum, x, x))
        .hasMessage("vjp: vector 0 is F64[2], result 0 is F64[]");
    assertThatThrownBy(() -> Derivatives.hvp(Tensor::exp, x, x))
        .hasMessage("hvp needs a function that returns one number, this returns F64[2]");
    assertThatThrownBy(
            () -> Derivatives.vjp(in -> List.of(in.getFirst()), List.of(x), List.of(x, x)))
        .hasMessage("vjp: 1 results need as many vectors, got 2");
  }
}
