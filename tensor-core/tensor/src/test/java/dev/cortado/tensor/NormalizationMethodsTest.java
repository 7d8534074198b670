package dev.cortado.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Norms and attention as methods, against their formulas. */
class NormalizationMethodsTest {
  private static final RandomKey KEY = RandomKey.of(5);

  private static Tensor normal(String name, int... shape) {
    return Tensor.normal(KEY.split(name), shape).to(DType.F64);
  }

  private static void close(Tensor actual, Tensor expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    assertThat(actual.toDoubles()).containsExactly(expected.toDoubles(), within(1e-12));
  }

  @Test
  void layerNormIsItsFormula() {
    var x = normal("x", 2, 3, 5).mul(3).add(7);
    var weight = normal("w", 5);
    var bias = normal("b", 5);
    var centred = x.sub(x.mean(true, -1));
    var expected = centred.div(x.variance(0, true, -1).add(0.1).sqrt());
    close(x.layerNorm(0.1), expected);
    close(x.layerNorm(weight, bias, 0.1), expected.mul(weight).add(bias));
    assertThatThrownBy(() -> x.layerNorm(bias.narrow(0, 0, 4), bias, 0.1))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("weight and bias must be [5]");
    assertThatThrownBy(() -> Tensor.scalar(1).layerNorm(0.1)).isInstanceOf(CortadoException.class);
  }

  @Test
  void batchNormTakesTheStatisticsOfItsChannels() {
    var x = normal("x", 2, 3, 4, 5);
    var mean = normal("m", 3);
    var variance = normal("v", 3).square();
    var weight = normal("w", 3);
    var bias = normal("b", 3);
    var y = x.batchNorm(mean, variance, weight, bias, 0.1);
    for (int c = 0; c < 3; c++) {
      double scale = weight.toDoubles()[c] / Math.sqrt(variance.toDoubles()[c] + 0.1);
      double from = mean.toDoubles()[c];
      double add = bias.toDoubles()[c];
      close(y.select(1, c), x.select(1, c).sub(from).mul(scale).add(add));
    }
    close(
        x.select(3, 0).select(2, 0).batchNorm(mean, variance, weight, bias, 0.1),
        y.select(3, 0).select(2, 0));
    assertThatThrownBy(() -> x.batchNorm(normal("m", 4), variance, weight, bias, 0.1))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("expected x [N, C, ...] and [C]");
  }

  @Test
  void attentionLooksWhereTheMaskLetsIt() {
    var q = normal("q", 2, 3, 4);
    var k = normal("k", 2, 5, 4);
    var v = normal("v", 2, 5, 6);
    close(q.attention(k, v), q.matmul(k.t()).div(2).softmax(-1).matmul(v));
    // Only the first two keys take part: as if there were no others.
    var first = Tensor.of(new boolean[] {true, true, false, false, false}, 5);
    var two = q.attention(k.narrow(1, 0, 2), v.narrow(1, 0, 2));
    close(q.attention(k, v, first), two);
    var minus = first.not().to(DType.F64).mul(-1e9);
    close(q.attention(k, v, minus), two);
    var nothing = q.attention(k, v, Tensor.of(new boolean[5], 5));
    assertThat(nothing.isNaN().all().item()).isEqualTo(1);
  }
}
