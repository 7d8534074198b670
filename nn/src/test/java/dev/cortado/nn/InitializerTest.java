package dev.cortado.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.Backends;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.ShapeOnlyStorage;
import dev.cortado.tensor.op.TensorSpec;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.RealDistribution;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;

class InitializerTest {
  private static final TensorSpec CONV = new TensorSpec(Shape.of(40, 10, 5, 5), DType.F32);

  private static double[] draw(Initializer initializer, TensorSpec spec) {
    return initializer.draw(RandomKey.of(3), spec).toDoubles();
  }

  /** The probability to see such numbers, or less likely ones, if they are of the distribution. */
  private static double probability(double[] values, RealDistribution distribution) {
    return new KolmogorovSmirnovTest().kolmogorovSmirnovTest(distribution, values);
  }

  @Test
  void kaimingScalesByTheOutputs() {
    double deviation = Math.sqrt(2.0 / (40 * 25));
    double[] values = draw(Initializer.kaimingNormalFanOut(), CONV);
    assertThat(probability(values, new NormalDistribution(0, deviation))).isGreaterThan(1e-3);
  }

  @Test
  void torchsDefaultScalesByTheInputs() {
    double bound = 1 / Math.sqrt(250);
    double[] values = draw(Initializer.uniformFanIn(), CONV);
    assertThat(probability(values, new UniformRealDistribution(-bound, bound))).isGreaterThan(1e-3);
  }

  @Test
  void xavierScalesByBoth() {
    double bound = Math.sqrt(6.0 / (300 + 100));
    double[] values =
        draw(Initializer.xavierUniform(), new TensorSpec(Shape.of(300, 100), DType.F64));
    assertThat(probability(values, new UniformRealDistribution(-bound, bound))).isGreaterThan(1e-3);
  }

  @Test
  void truncatedNormalIsANormalWithoutItsTails() {
    double[] values = draw(Initializer.truncatedNormal(1, 1.5), CONV);
    var normal = new NormalDistribution(0, 1);
    double below = normal.cumulativeProbability(-1.5);
    // The cumulative probability of a truncated normal is uniform once the tails are cut off.
    double[] uniform =
        java.util.Arrays.stream(values)
            .map(v -> (normal.cumulativeProbability(v) - below) / (1 - 2 * below))
            .toArray();
    assertThat(java.util.Arrays.stream(values).map(Math::abs).max().orElseThrow())
        .isBetween(1.4, 1.5);
    assertThat(probability(uniform, new UniformRealDistribution(0, 1))).isGreaterThan(1e-3);
  }

  @Test
  void drawsNothingWhereOnlyShapesCount() {
    var tensor =
        Backends.shapesOnly(() -> Initializer.truncatedNormal(1, 2).draw(RandomKey.of(1), CONV));
    assertThat(tensor.storage()).isInstanceOf(ShapeOnlyStorage.class);
  }
}
