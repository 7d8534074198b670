package dev.cortado.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Tensor;
import dev.cortado.testkit.Draw;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The gradients of methods that are made of several ops, against differences. */
class CompositionsTest {
  private static final Tensor INDEX = Tensor.of(new long[] {2, 0, 2, 1, 1, 1}, 2, 3);

  /** Functions of a [3, 4] and a [4, 3]. */
  private static Map<String, Function<List<Tensor>, Tensor>> functions() {
    var all = new TreeMap<String, Function<List<Tensor>, Tensor>>();
    double inf = Double.POSITIVE_INFINITY;
    all.put("variance", x -> x.getFirst().variance(1, false, 1));
    all.put("std", x -> x.getFirst().std(0, true, 0));
    all.put("norm 1", x -> x.getFirst().norm(1, false));
    all.put("norm 2", x -> x.getFirst().norm(2, false, 1));
    all.put("norm 3", x -> x.getFirst().norm(3, true, 0));
    all.put("norm infinite", x -> x.getFirst().norm(inf, true, 0));
    all.put("logSumExp", x -> x.getFirst().logSumExp(false, 0));
    all.put("prod", x -> x.getFirst().prod(false, 1));
    all.put("prod of all", x -> x.getFirst().prod());
    all.put("cumsum", x -> x.getFirst().cumsum(0));
    all.put("cumprod", x -> x.getFirst().cumprod(1));
    all.put("maxWithIndex", x -> x.getFirst().maxWithIndex(1, false).values());
    all.put("minWithIndex", x -> x.getFirst().minWithIndex(0, true).values());
    all.put("topk", x -> x.getFirst().topk(2, 1, true).values());
    all.put("sort", x -> x.getFirst().sort(0, true).values());
    all.put("takeAlong", x -> x.getFirst().takeAlong(1, Tensor.of(new long[] {3, 3, 0}, 1, 3)));
    all.put("embedding", x -> x.getFirst().embedding(INDEX));
    all.put("maskedSelect", x -> x.getFirst().maskedSelect(x.getFirst().detach().atLeast(0)));
    all.put("maskedFill", x -> x.getFirst().maskedFill(x.getFirst().detach().atLeast(0), 2));
    all.put("scatter", x -> x.getFirst().scatter(0, INDEX, x.get(1)));
    all.put("scatterAdd", x -> x.getFirst().scatterAdd(0, INDEX, x.get(1)));
    all.put(
        "indexAdd",
        x ->
            x.getFirst().indexAdd(1, Tensor.of(new long[] {3, 0, 3}, 3), x.get(1).narrow(0, 0, 3)));
    all.put("tril", x -> x.getFirst().tril(1));
    all.put("slice", x -> x.getFirst().slice(1, 1, 4, 2));
    all.put("repeat", x -> x.getFirst().repeat(2, 1, 3));
    all.put("roll", x -> x.getFirst().roll(3, 1));
    all.put("flip", x -> x.getFirst().flip());
    all.put("outer", x -> x.getFirst().select(0, 1).outer(x.get(1).select(1, 0)));
    all.put("addmm", x -> x.getFirst().narrow(1, 0, 3).addmm(x.get(0), x.get(1), 0.5, -2));
    all.put("a·b alone", x -> x.getFirst().narrow(1, 0, 3).addmm(x.get(0), x.get(1), 0, 3));
    all.put("matrix by vector", x -> x.getFirst().matmul(x.get(1).select(1, 2)));
    all.put("einsum product", x -> Tensor.einsum("ij,jk->ki", x.get(0), x.get(1)));
    all.put("einsum trace", x -> Tensor.einsum("ij,ji->", x.get(0), x.get(1)));
    all.put("einsum diagonal", x -> Tensor.einsum("ii,ij->i", x.get(0).narrow(1, 0, 3), x.get(0)));
    all.put("einsum chain", x -> Tensor.einsum("ij,jk,kl->il", x.get(0), x.get(1), x.get(0)));
    all.put("einsum sums", x -> Tensor.einsum("ij,kl->jl", x.get(0), x.get(1)));
    all.put("einsum ellipsis", x -> Tensor.einsum("...i,...i->...", x.get(0), x.get(1).t()));
    all.put("reciprocal", x -> x.getFirst().reciprocal());
    all.put("remainder", x -> x.getFirst().remainder(Tensor.of(new double[] {7.3}, 1)));
    return all;
  }

  @TestFactory
  Stream<DynamicTest> gradientsAgreeWithDifferences() {
    return functions().entrySet().stream()
        .map(f -> DynamicTest.dynamicTest(f.getKey(), () -> check(f.getKey(), f.getValue())));
  }

  private static void check(String name, Function<List<Tensor>, Tensor> function) {
    for (long seed = 0; seed < 4; seed++) {
      var d = new Draw(seed, 4, DType.F64);
      // Apart from each other and from 0.
      var a = d.distinct(dev.cortado.tensor.Shape.of(3, 4)).add(0.03);
      var b = d.distinct(dev.cortado.tensor.Shape.of(4, 3)).add(0.03);
      GradCheck.DEFAULT.check(name, x -> List.of(function.apply(x)), List.of(a, b)).orThrow();
      GradCheck.DEFAULT
          .withTolerance(1e-6)
          .checkSecond(name, x -> List.of(function.apply(x)), List.of(a, b))
          .orThrow();
    }
  }

  @Test
  void productsHaveGradientsWhereElementsAreZero() {
    var x = Autograd.track(Tensor.of(new double[] {2, 0, 5, 0, 3, 4, 0, 0, 7}, 3, 3));
    var gradient = Autograd.backward(x.prod(false, 1).sum()).of(x);
    assertThat(gradient.toDoubles()).containsExactly(0, 10, 0, 12, 0, 0, 0, 0, 0);
    var y = Autograd.track(Tensor.of(new double[] {2, 0, 5}, 3));
    GradCheck.DEFAULT
        .check("cumprod", v -> List.of(v.getFirst().cumprod(0)), List.of(y.detach()))
        .orThrow();
  }

  @Test
  void normsHaveNoGradientAtZero() {
    for (double p : new double[] {0.5, 1, 2, 3, Double.POSITIVE_INFINITY}) {
      var x = Autograd.track(Tensor.zeros(3));
      assertThat(Autograd.backward(x.norm(p, false)).of(x).toDoubles())
          .as("p = %s", p)
          .containsExactly(0, 0, 0);
    }
    var x = Autograd.track(Tensor.ones(3));
    assertThat(Autograd.backward(x.std(1, false)).of(x).toDoubles()).containsExactly(0, 0, 0);
  }

  @Test
  void paddingGetsNoGradient() {
    var table = Autograd.track(Tensor.ones(4, 2));
    var y = table.embedding(Tensor.of(new long[] {1, 2, 1, 3}, 2, 2), 1);
    assertThat(Autograd.backward(y.sum()).of(table).toDoubles())
        .containsExactly(0, 0, 0, 0, 1, 1, 1, 1);
  }

  @Test
  void onlyTheSourceThatStaysGetsTheGradient() {
    var source = Autograd.track(Tensor.of(new float[] {5, 6, 7}, 3));
    var x = Autograd.track(Tensor.zeros(3));
    var index = Tensor.of(new long[] {1, 0, 1}, 3);
    var gradients = Autograd.backward(x.scatter(0, index, source).sum());
    assertThat(gradients.of(source).toDoubles()).containsExactly(0, 1, 1);
    assertThat(gradients.of(x).toDoubles()).containsExactly(0, 0, 1);
  }

  @Test
  void theFirstOfEqualExtremesGetsTheGradient() {
    var x = Autograd.track(Tensor.of(new float[] {3, 1, 3, 1}, 4));
    var both = x.maxWithIndex(0, false).values().add(x.minWithIndex(0, false).values());
    assertThat(Autograd.backward(both).of(x).toDoubles()).containsExactly(1, 1, 0, 0);
  }
}
