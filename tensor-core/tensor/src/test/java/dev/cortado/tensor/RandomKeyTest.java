package dev.cortado.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.function.IntToDoubleFunction;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;

/** The seeds are fixed: these tests either always pass or never. */
class RandomKeyTest {
  private static final int N = 20_000;

  private static double[] numbers(IntToDoubleFunction f) {
    double[] values = new double[N];
    Arrays.setAll(values, f);
    return values;
  }

  @Test
  void theSameKeyMeansTheSameNumbersForEver() {
    var key = RandomKey.of(42);
    assertThat(key.word(0)).isEqualTo(RandomKey.of(42).word(0));
    // Written down once: checkpoints and lessons rely on them.
    assertThat(key.bits()).isEqualTo(FIRST_BITS);
    assertThat(key.word(7)).isEqualTo(SEVENTH_WORD);
    assertThat(key.split("conv1").bits()).isEqualTo(NAMED_BITS);
    assertThat(key.split(3).bits()).isEqualTo(THIRD_BITS);
    assertThat(key.permutation(8)).containsExactly(ORDER);
  }

  private static final long FIRST_BITS = 0xBDD732262FEB6E95L;
  private static final long SEVENTH_WORD = 0xBC16A3D4CC48678EL;
  private static final long NAMED_BITS = 0x9B94C1A25F3CBDDEL;
  private static final long THIRD_BITS = 0x991AB24414077713L;
  private static final int[] ORDER = {6, 1, 2, 5, 3, 0, 7, 4};

  @Test
  void uniformNumbersAreUniform() {
    for (int seed = 0; seed < 5; seed++) {
      var key = RandomKey.of(seed);
      double[] x = numbers(key::uniform);
      assertThat(Arrays.stream(x).allMatch(v -> v >= 0 && v < 1 && v * 0x1p24 % 1 == 0)).isTrue();
      double p =
          new KolmogorovSmirnovTest().kolmogorovSmirnovTest(new UniformRealDistribution(0, 1), x);
      assertThat(p).isGreaterThan(0.001);
    }
  }

  @Test
  void normalNumbersAreNormal() {
    for (int seed = 0; seed < 5; seed++) {
      double[] x = numbers(RandomKey.of(seed)::normal);
      double p = new KolmogorovSmirnovTest().kolmogorovSmirnovTest(new NormalDistribution(0, 1), x);
      assertThat(p).isGreaterThan(0.001);
      double fourth = Arrays.stream(x).map(v -> v * v * v * v).average().orElseThrow();
      assertThat(fourth).as("kurtosis").isCloseTo(3, within(0.25));
    }
  }

  @Test
  void truncatedNormalNumbersAreNormalBetweenTheBounds() {
    double[][] bounds = {{-2, 2}, {0, 0.5}, {1, 3}, {-10, 0}, {2.5, 100}};
    for (double[] range : bounds) {
      var key = RandomKey.of(9);
      double[] x = numbers(i -> key.truncatedNormal(i, range[0], range[1]));
      assertThat(Arrays.stream(x).allMatch(v -> v >= range[0] && v <= range[1])).isTrue();
      // Through their own distribution function they become uniform.
      var normal = new NormalDistribution(0, 1);
      double low = normal.cumulativeProbability(range[0]);
      double share = normal.cumulativeProbability(range[1]) - low;
      double[] u =
          Arrays.stream(x).map(v -> (normal.cumulativeProbability(v) - low) / share).toArray();
      double p =
          new KolmogorovSmirnovTest().kolmogorovSmirnovTest(new UniformRealDistribution(0, 1), u);
      assertThat(p).as("%s", Arrays.toString(range)).isGreaterThan(0.001);
    }
    assertThatThrownBy(() -> RandomKey.of(1).truncatedNormal(0, 50, 51))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("between 50.0 and 51.0");
  }

  @Test
  void eventsHappenAsOftenAsTheyShould() {
    for (double probability : new double[] {0, 0.1, 0.5, 0.97, 1}) {
      var x = Tensor.bernoulli(RandomKey.of(4), probability, N);
      assertThat(x.dtype()).isEqualTo(DType.BOOL);
      long happened = Arrays.stream(x.toLongs()).sum();
      if (probability == 0 || probability == 1) {
        assertThat(happened).isEqualTo((long) (probability * N));
      } else {
        double[] expected = {probability * N, (1 - probability) * N};
        long[] counts = {happened, N - happened};
        assertThat(new ChiSquareTest().chiSquareTest(expected, counts)).isGreaterThan(0.001);
      }
    }
    assertThatThrownBy(() -> Tensor.bernoulli(RandomKey.of(1), 1.5, 2))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("1.5");
  }

  /** Cut into 16 equally likely parts, neighbours fall into each pair of parts equally often. */
  @Test
  void pairsOfNeighboursAreUniform() {
    var key = RandomKey.of(77);
    long[] counts = new long[256];
    for (int i = 0; i < 40 * counts.length; i++) {
      counts[(int) (key.uniform(2L * i) * 16) * 16 + (int) (key.uniform(2L * i + 1) * 16)]++;
    }
    double[] expected = new double[counts.length];
    Arrays.fill(expected, 40);
    assertThat(new ChiSquareTest().chiSquareTest(expected, counts)).isGreaterThan(0.001);
  }

  @Test
  void tensorsHoldTheKeysNumbers() {
    var key = RandomKey.of(12);
    assertThat(Tensor.uniform(key, 2, 3).toDoubles()[4]).isEqualTo((float) key.uniform(4));
    assertThat(Tensor.normal(key, 2, 3).toDoubles()[4]).isEqualTo((float) key.normal(4));
    assertThat(Tensor.truncatedNormal(key, -1, 1, 2, 3).toDoubles()[4])
        .isEqualTo((float) key.truncatedNormal(4, -1, 1));
    assertThat(Tensor.bernoulli(key, 0.5, 6).toLongs()[4]).isEqualTo(key.bernoulli(4, 0.5) ? 1 : 0);
    assertThat(Tensor.permutation(key, 50).toLongs())
        .containsExactly(Arrays.stream(key.permutation(50)).asLongStream().toArray());
  }

  @Test
  void neighboursAndSplitKeysAreIndependent() {
    var key = RandomKey.of(1);
    double[] x = numbers(key::uniform);
    double[] next = numbers(i -> key.uniform(i + 1));
    double[] child = numbers(key.split(0)::uniform);
    double[] sibling = numbers(key.split(1)::uniform);
    double[] acrossKeys = numbers(i -> key.split(i).uniform(0));
    double[] acrossSeeds = numbers(i -> RandomKey.of(i).uniform(0));
    var correlation = new PearsonsCorrelation();
    double limit = 4 / Math.sqrt(N);
    for (double[] y : new double[][] {next, child, sibling, acrossKeys, acrossSeeds}) {
      assertThat(correlation.correlation(x, y)).isCloseTo(0, within(limit));
    }
    assertThat(correlation.correlation(child, sibling)).isCloseTo(0, within(limit));
  }

  @Test
  void keysOfSeedsNamesAndNumbersDoNotCollide() {
    var seen = new HashSet<Long>();
    for (int i = 0; i < 5000; i++) {
      seen.add(RandomKey.of(i).bits());
      seen.add(RandomKey.of(0).split(i).bits());
      seen.add(RandomKey.of(0).split("layer" + i).bits());
    }
    assertThat(seen).hasSize(15_000);
  }

  @Test
  void permutationsAreUniform() {
    long[] counts = new long[24];
    double[] expected = new double[24];
    Arrays.fill(expected, 1);
    for (int seed = 0; seed < 12_000; seed++) {
      int[] order = RandomKey.of(seed).permutation(4);
      int[] sorted = order.clone();
      Arrays.sort(sorted);
      assertThat(sorted).containsExactly(0, 1, 2, 3);
      int rank = 0;
      for (int i = 0; i < 4; i++) {
        int smaller = 0;
        for (int j = i + 1; j < 4; j++) {
          smaller += order[j] < order[i] ? 1 : 0;
        }
        rank = rank * (4 - i) + smaller;
      }
      counts[rank]++;
    }
    assertThat(new ChiSquareTest().chiSquareTest(expected, counts)).isGreaterThan(0.001);
    assertThat(RandomKey.of(0).permutation(0)).isEmpty();
  }
}
