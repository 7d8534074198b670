package dev.cortado.tensor.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cortado.tensor.Backends;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.NormalizationOp;
import dev.cortado.tensor.op.RandomOp;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.stat.StatUtils;

/** The definition of correct, checked against Apache Commons Math. */
class ReferenceOracleTest {
  private static Tensor random(long seed, int... shape) {
    var op =
        new RandomOp(RandomOp.Distribution.NORMAL, RandomKey.of(seed), Shape.of(shape), DType.F64);
    return Backends.with(Backends.reference(), () -> Ops.apply(op));
  }

  private static RealMatrix matrix(Tensor x) {
    var matrix = MatrixUtils.createRealMatrix(x.dim(0), x.dim(1));
    for (int i = 0; i < x.dim(0); i++) {
      matrix.setRow(i, x.select(0, i).toDoubles());
    }
    return matrix;
  }

  private static void close(double[] actual, double[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      double allowed = 1e-12 * (1 + Math.abs(expected[i]));
      assertThat(actual[i]).as("element %d", i).isCloseTo(expected[i], within(allowed));
    }
  }

  @Property(tries = 50)
  void matrixProduct(
      @ForAll @IntRange(min = 1, max = 9) int m,
      @ForAll @IntRange(min = 1, max = 9) int k,
      @ForAll @IntRange(min = 1, max = 9) int n) {
    var a = random(1, m, k);
    var b = random(2, n, k);
    var expected = matrix(a).multiply(matrix(b).transpose());
    var actual = Backends.with(Backends.reference(), () -> a.matmul(b.t()));
    for (int i = 0; i < m; i++) {
      close(actual.select(0, i).toDoubles(), expected.getRow(i));
    }
  }

  @Property(tries = 50)
  void sumsAndExtremaOfRowsAndColumns(
      @ForAll @IntRange(min = 1, max = 9) int rows, @ForAll @IntRange(min = 1, max = 9) int cols) {
    var x = random(3, rows, cols);
    var matrix = matrix(x);
    Backends.with(
        Backends.reference(),
        () -> {
          for (int j = 0; j < cols; j++) {
            double[] column = matrix.getColumn(j);
            close(x.sum(0).select(0, j).toDoubles(), new double[] {StatUtils.sum(column)});
            close(x.mean(0).select(0, j).toDoubles(), new double[] {StatUtils.mean(column)});
            close(x.max(false, 0).select(0, j).toDoubles(), new double[] {StatUtils.max(column)});
            close(x.min(false, 0).select(0, j).toDoubles(), new double[] {StatUtils.min(column)});
          }
          for (int i = 0; i < rows; i++) {
            double[] row = matrix.getRow(i);
            close(x.sum(-1).select(0, i).toDoubles(), new double[] {StatUtils.sum(row)});
            int largest = (int) x.argmax(1).select(0, i).item();
            assertThat(row[largest]).isEqualTo(StatUtils.max(row));
          }
          return 0;
        });
  }

  @Property(tries = 30)
  void normalizations(
      @ForAll @IntRange(min = 2, max = 9) int rows, @ForAll @IntRange(min = 2, max = 9) int cols) {
    var x = random(4, rows, cols);
    var weight = random(5, cols);
    var bias = random(6, cols);
    var matrix = matrix(x);
    double eps = 1e-3;
    var batch = new NormalizationOp.BatchNorm(eps, Formula.input(0));
    var byColumn = run(batch, x, weight, bias);
    var byRow = run(new NormalizationOp.LayerNorm(eps), x, weight, bias);
    for (int j = 0; j < cols; j++) {
      double[] column = matrix.getColumn(j);
      double variance = StatUtils.populationVariance(column);
      close(byColumn.get(1).select(0, j).toDoubles(), new double[] {StatUtils.mean(column)});
      close(byColumn.get(2).select(0, j).toDoubles(), new double[] {variance});
    }
    for (int i = 0; i < rows; i++) {
      double[] row = matrix.getRow(i);
      double mean = StatUtils.mean(row);
      double inverse = 1 / Math.sqrt(StatUtils.populationVariance(row) + eps);
      double[] expected = new double[cols];
      for (int j = 0; j < cols; j++) {
        expected[j] = (row[j] - mean) * inverse * weight.toDoubles()[j] + bias.toDoubles()[j];
      }
      close(byRow.get(0).select(0, i).toDoubles(), expected);
      close(byRow.get(1).select(0, i).toDoubles(), new double[] {mean});
      close(byRow.get(2).select(0, i).toDoubles(), new double[] {inverse});
    }
  }

  private static List<Tensor> run(NormalizationOp op, Tensor... inputs) {
    return Backends.with(Backends.reference(), () -> Ops.applyAll(op, List.of(inputs)));
  }
}
