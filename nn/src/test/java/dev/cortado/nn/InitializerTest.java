package dev.cortado.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.cortado.tensor.Backends;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.ShapeOnlyStorage;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.TensorSpec;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.RealDistribution;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
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
  void heAndGlorotInAllTheirForms() {
    int in = 10 * 25;
    int out = 40 * 25;
    double leaky = Math.sqrt(2 / (1 + 0.04));
    isNormal(Initializer.kaimingNormal(Initializer.Fan.IN, Gain.RELU), Math.sqrt(2.0 / in));
    isNormal(
        Initializer.kaimingNormal(Initializer.Fan.OUT, Gain.leakyRelu(0.2)),
        leaky / Math.sqrt(out));
    isUniform(
        Initializer.kaimingUniform(Initializer.Fan.IN, Gain.leakyRelu(Math.sqrt(5))),
        1 / Math.sqrt(in));
    isUniform(Initializer.kaimingUniform(Initializer.Fan.OUT, Gain.RELU), Math.sqrt(6.0 / out));
    isNormal(Initializer.xavierNormal(Gain.TANH), 5.0 / 3 * Math.sqrt(2.0 / (in + out)));
    isUniform(Initializer.xavierUniform(Gain.RELU), Math.sqrt(12.0 / (in + out)));
  }

  private static void isNormal(Initializer initializer, double deviation) {
    double[] values = draw(initializer, CONV);
    assertThat(probability(values, new NormalDistribution(0, deviation))).isGreaterThan(1e-3);
    assertThat(new StandardDeviation().evaluate(values)).isCloseTo(deviation, withinPercentage(3));
  }

  private static void isUniform(Initializer initializer, double bound) {
    double[] values = draw(initializer, CONV);
    assertThat(probability(values, new UniformRealDistribution(-bound, bound))).isGreaterThan(1e-3);
    assertThat(new StandardDeviation().evaluate(values))
        .isCloseTo(bound / Math.sqrt(3), withinPercentage(3));
  }

  @Test
  void plainDistributionsHaveTheirMoments() {
    double[] uniform = draw(Initializer.uniform(2, 5), CONV);
    assertThat(probability(uniform, new UniformRealDistribution(2, 5))).isGreaterThan(1e-3);
    double[] normal = draw(Initializer.normal(-3, 0.5), CONV);
    assertThat(probability(normal, new NormalDistribution(-3, 0.5))).isGreaterThan(1e-3);
    assertThat(draw(Initializer.constant(0.25), CONV)).containsOnly(0.25);
  }

  @Test
  void aTruncatedNormalIsTheKeys() {
    var key = RandomKey.of(3);
    var drawn = Initializer.truncatedNormal(1, 2).draw(key, CONV);
    double[] values = drawn.toDoubles();
    for (int i = 0; i < 100; i++) {
      assertThat(values[i]).isEqualTo((double) (float) key.truncatedNormal(i, -2, 2));
    }
  }

  @Test
  void aTruncatedNormalMayLieOffItsMiddle() {
    double[] values = draw(Initializer.truncatedNormal(1, 2, 0, 2), CONV);
    var normal = new NormalDistribution(1, 2);
    double below = normal.cumulativeProbability(0);
    double inside = normal.cumulativeProbability(2) - below;
    double[] uniform =
        java.util.Arrays.stream(values)
            .map(v -> (normal.cumulativeProbability(v) - below) / inside)
            .toArray();
    assertThat(probability(uniform, new UniformRealDistribution(0, 1))).isGreaterThan(1e-3);
    assertThatThrownBy(() -> draw(Initializer.truncatedNormal(0, 1, 20, 21), CONV))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("between 20.0 and 21.0");
  }

  @Test
  void orthogonalMatricesAreOrthogonal() {
    for (var shape : new Shape[] {Shape.of(30, 50), Shape.of(50, 30), Shape.of(8, 3, 3, 3)}) {
      var drawn = draw(Initializer.orthogonal(2), new TensorSpec(shape, DType.F64));
      var q = MatrixUtils.createRealMatrix(shape.dim(0), shape.elements() / shape.dim(0));
      for (int i = 0; i < drawn.length; i++) {
        q.setEntry(i / q.getColumnDimension(), i % q.getColumnDimension(), drawn[i]);
      }
      boolean wide = q.getRowDimension() <= q.getColumnDimension();
      var square = wide ? q.multiply(q.transpose()) : q.transpose().multiply(q);
      var unit = MatrixUtils.createRealIdentityMatrix(square.getRowDimension()).scalarMultiply(4);
      assertThat(square.subtract(unit).getNorm()).isLessThan(1e-12);
    }
    // Each element of a uniformly distributed orthogonal matrix of n columns has variance 1/n.
    double[] all = draw(Initializer.orthogonal(1), new TensorSpec(Shape.of(60, 60), DType.F64));
    assertThat(probability(all, new NormalDistribution(0, Math.sqrt(1.0 / 60))))
        .isGreaterThan(1e-3);
  }

  @Test
  void unitWeightsLetThroughWhatComes() {
    var eye = Initializer.eye().draw(RandomKey.of(1), new TensorSpec(Shape.of(3, 4), DType.F32));
    var x = Tensor.normal(RandomKey.of(2), 2, 4);
    assertThat(x.matmul(eye.t()).toFloats()).isEqualTo(x.narrow(1, 0, 3).toFloats());
    var conv = new Conv2d(3, 3, Conv2d.kernel(3).withPadding(1).withBias(false));
    conv.weight().initializer(Initializer.dirac());
    conv.initialize(RandomKey.of(1));
    var images = Tensor.normal(RandomKey.of(3), 2, 3, 5, 4);
    assertThat(conv.apply(images).toFloats()).isEqualTo(images.toFloats());
    assertThatThrownBy(() -> draw(Initializer.eye(), CONV)).hasMessageContaining("two axes");
  }

  @Test
  void drawsNothingWhereOnlyShapesCount() {
    var tensor =
        Backends.shapesOnly(() -> Initializer.truncatedNormal(1, 2).draw(RandomKey.of(1), CONV));
    assertThat(tensor.storage()).isInstanceOf(ShapeOnlyStorage.class);
  }
}
