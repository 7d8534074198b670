package dev.cortado.tensor.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.moment.Variance;
import org.apache.commons.math3.stat.descriptive.rank.Max;
import org.apache.commons.math3.util.MathArrays;
import org.junit.jupiter.api.Test;

/** Statistics, norms, scans, order and products against Apache Commons Math. */
class StatisticsOracleTest {
  private static Tensor random(long seed, int... shape) {
    return Tensor.normal(RandomKey.of(seed), shape).to(DType.F64);
  }

  private static void close(double actual, double expected) {
    assertThat(actual).isCloseTo(expected, within(1e-12 * (1 + Math.abs(expected))));
  }

  /** Compares a reduction of the middle axis, and of all axes but it, with an oracle's. */
  private static void reduces(Tensor x, ReduceMiddle reduction, ToDoubleFunction<double[]> oracle) {
    var middle = reduction.apply(x, new int[] {1});
    var others = reduction.apply(x, new int[] {0, -1});
    assertThat(middle.shape()).isEqualTo(Shape.of(x.dim(0), 1, x.dim(2)));
    for (int i = 0; i < x.dim(0); i++) {
      for (int k = 0; k < x.dim(2); k++) {
        double[] line = x.select(0, i).select(1, k).toDoubles();
        close(middle.select(0, i).select(0, 0).select(0, k).item(), oracle.applyAsDouble(line));
      }
    }
    for (int j = 0; j < x.dim(1); j++) {
      double[] plane = x.select(1, j).toDoubles();
      close(others.reshape(x.dim(1)).select(0, j).item(), oracle.applyAsDouble(plane));
    }
  }

  private interface ReduceMiddle {
    Tensor apply(Tensor x, int[] axes);
  }

  @Property(tries = 40)
  void statistics(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 5) int a,
      @ForAll @IntRange(min = 2, max = 7) int b,
      @ForAll @IntRange(min = 1, max = 4) int c) {
    var x = random(seed, a, b, c);
    reduces(x, (t, axes) -> t.variance(1, true, axes), StatUtils::variance);
    reduces(x, (t, axes) -> t.variance(0, true, axes), StatUtils::populationVariance);
    reduces(x, (t, axes) -> t.std(1, true, axes), v -> Math.sqrt(new Variance(true).evaluate(v)));
    reduces(x, (t, axes) -> t.norm(1, true, axes), v -> new ArrayRealVector(v).getL1Norm());
    reduces(x, (t, axes) -> t.norm(2, true, axes), v -> new ArrayRealVector(v).getNorm());
    double inf = Double.POSITIVE_INFINITY;
    reduces(x, (t, axes) -> t.norm(inf, true, axes), v -> new ArrayRealVector(v).getLInfNorm());
    reduces(
        x,
        (t, axes) -> t.norm(-inf, true, axes),
        v -> Arrays.stream(v).map(Math::abs).min().orElseThrow());
    reduces(x, (t, axes) -> t.norm(3, true, axes), v -> norm(v, 3));
    reduces(x, (t, axes) -> t.norm(0.5, true, axes), v -> norm(v, 0.5));
    reduces(x, (t, axes) -> t.norm(0, true, axes), v -> v.length);
    reduces(x, (t, axes) -> t.prod(true, axes), StatUtils::product);
    reduces(
        x,
        (t, axes) -> t.logSumExp(true, axes),
        v -> Math.log(Arrays.stream(v).map(Math::exp).sum()));
    reduces(x, (t, axes) -> t.max(true, axes), v -> new Max().evaluate(v));
  }

  private static double norm(double[] v, double p) {
    return Math.pow(Arrays.stream(v).map(x -> Math.pow(Math.abs(x), p)).sum(), 1 / p);
  }

  @Property(tries = 40)
  void scansAndOrder(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int n) {
    var x = random(seed, n);
    double[] values = x.toDoubles();
    double[] sums = x.cumsum(0).toDoubles();
    double[] products = x.cumprod(0).toDoubles();
    for (int i = 0; i < n; i++) {
      close(sums[i], StatUtils.sum(values, 0, i + 1));
      close(products[i], StatUtils.product(values, 0, i + 1));
    }
    double[] places = new double[n];
    Arrays.setAll(places, i -> i);
    MathArrays.sortInPlace(values, places);
    var sorted = x.sort(0);
    assertThat(sorted.values().toDoubles()).containsExactly(values);
    assertThat(sorted.indices().toDoubles()).containsExactly(places);
    assertThat(x.topk(1, 0, true).values().item()).isEqualTo(values[n - 1]);
  }

  private static RealMatrix matrix(Tensor x) {
    var matrix = MatrixUtils.createRealMatrix(x.dim(0), x.dim(1));
    for (int i = 0; i < x.dim(0); i++) {
      matrix.setRow(i, x.select(0, i).toDoubles());
    }
    return matrix;
  }

  private static void close(Tensor actual, RealMatrix expected) {
    assertThat(actual.shape())
        .isEqualTo(Shape.of(expected.getRowDimension(), expected.getColumnDimension()));
    for (int i = 0; i < actual.dim(0); i++) {
      for (int j = 0; j < actual.dim(1); j++) {
        close(actual.select(0, i).select(0, j).item(), expected.getEntry(i, j));
      }
    }
  }

  @Property(tries = 30)
  void products(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int m,
      @ForAll @IntRange(min = 1, max = 6) int k,
      @ForAll @IntRange(min = 1, max = 6) int n) {
    var a = random(seed, m, k);
    var b = random(seed + 1, k, n);
    var c = random(seed + 2, m, n);
    var product = matrix(a).multiply(matrix(b));
    close(Tensor.einsum("ij,jk->ik", a, b), product);
    close(Tensor.einsum("ij,jk->ki", a, b), product.transpose());
    close(Tensor.einsum("ij,jk,lk->il", a, b, c), product.multiply(matrix(c).transpose()));
    close(Tensor.einsum("ij,ij->", c, a.matmul(b)).item(), trace(product, matrix(c)));
    close(c.addmm(a, b, 0.5, -2), product.scalarMultiply(-2).add(matrix(c).scalarMultiply(0.5)));
    var x = new ArrayRealVector(b.select(1, 0).toDoubles());
    double[] image = a.matmul(b.select(1, 0)).toDoubles();
    assertThat(image).hasSize(m);
    for (int i = 0; i < m; i++) {
      close(image[i], matrix(a).operate(x).getEntry(i));
    }
    close(b.select(1, 0).matmul(b.select(1, 0)).item(), x.dotProduct(x));
    close(
        a.select(1, 0).outer(b.select(1, 0)),
        new ArrayRealVector(a.select(1, 0).toDoubles()).outerProduct(x));
    var square = random(seed + 3, n, n);
    close(square.diagonal().sum().item(), matrix(square).getTrace());
    close(Tensor.einsum("ii", square).item(), matrix(square).getTrace());
  }

  private static double trace(RealMatrix a, RealMatrix b) {
    return a.transpose().multiply(b).getTrace();
  }

  @Test
  void aMatrixTimesZeroDoesNotCount() {
    var c = Tensor.full(Shape.of(2, 2), DType.F32, Double.NaN);
    assertThat(c.addmm(Tensor.ones(2, 3), Tensor.ones(3, 2), 0, 2).toFloats())
        .containsExactly(6, 6, 6, 6);
    assertThatThrownBy(() -> Tensor.ones(2, 3).bmm(Tensor.ones(3, 2)))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("bmm: got F32[2, 3] and F32[3, 2]; expected [b, m, k], [b, k, n]");
    assertThatThrownBy(() -> Tensor.ones(2).outer(Tensor.ones(3, 2)))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("two vectors");
  }

  @Test
  void edges() {
    float nan = Float.NaN;
    double inf = Double.POSITIVE_INFINITY;
    assertThat(Tensor.ones(3, 1).variance(1, false, 1).toFloats()).containsExactly(nan, nan, nan);
    assertThat(Tensor.zeros(0).prod().item()).isEqualTo(1);
    assertThat(Tensor.zeros(2, 0).prod(true, 1).toFloats()).containsExactly(1, 1);
    assertThat(Tensor.zeros(0, 2).prod(1).shape()).isEqualTo(Shape.of(0));
    assertThat(Tensor.zeros(0).logSumExp(false).item()).isEqualTo(-inf);
    assertThat(Tensor.zeros(0).norm(2, false).item()).isEqualTo(0);
    assertThat(Tensor.zeros(2, 0).cumprod(1).shape()).isEqualTo(Shape.of(2, 0));
    assertThat(Tensor.zeros(2, 0).cumsum(1).shape()).isEqualTo(Shape.of(2, 0));
    var large = Tensor.of(new float[] {1000, 1000}, 2);
    close(large.logSumExp(false).item(), (float) (1000 + Math.log(2)));
    var none = Tensor.full(Shape.of(2), DType.F32, -inf);
    assertThat(none.logSumExp(false).item()).isEqualTo(-inf);
    assertThat(Tensor.full(Shape.of(2), DType.F32, inf).logSumExp(false).item()).isEqualTo(inf);
    assertThat(Tensor.of(new float[] {0, 2}, 2).norm(-1, false).item()).isEqualTo(0);
    var whole = Tensor.of(new long[] {(1L << 53) + 1, 3}, 2);
    assertThat(whole.cumsum(0).toLongs()).containsExactly((1L << 53) + 1, (1L << 53) + 4);
    assertThat(whole.prod().toLongs()).containsExactly(3 * ((1L << 53) + 1));
    assertThat(Tensor.of(new int[] {1 << 30, 4}, 2).prod().toLongs()).containsExactly(1L << 32);
    assertThat(Tensor.of(new boolean[] {true, true}, 2).cumsum(0).toLongs()).containsExactly(1, 2);
    assertThatThrownBy(() -> whole.mean())
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("mean of I64[2]: needs a floating type");
    assertThatThrownBy(() -> whole.variance(1, false)).isInstanceOf(CortadoException.class);
    assertThatThrownBy(() -> whole.norm(2, false)).isInstanceOf(CortadoException.class);
    assertThatThrownBy(() -> whole.logSumExp(false)).isInstanceOf(CortadoException.class);
  }
}
