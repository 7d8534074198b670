package dev.cortado.nn;

import dev.cortado.tensor.Backends;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.TensorSpec;
import java.util.function.BiConsumer;

/** Initialisers that no op computes: they fill an array. */
final class InitializerKernels {

  private InitializerKernels() {}

  /** Returns an initialiser that fills an array; where only shapes count, it does not. */
  private static Initializer filling(BiConsumer<RandomKey, double[]> fill) {
    return (key, spec) -> filled(spec, values -> fill.accept(key, values));
  }

  private static Tensor filled(TensorSpec spec, java.util.function.Consumer<double[]> fill) {
    if (Backends.current().name().equals("shapes")) {
      return Tensor.empty(spec.shape(), spec.dtype(), "initialize");
    }
    double[] values = new double[spec.shape().elements()];
    fill.accept(values);
    return Tensor.of(values, spec.shape().toArray()).to(spec.dtype());
  }

  static Initializer truncatedNormal(double mean, double deviation, double low, double high) {
    if (!(low < high)) {
      throw new CortadoException("nothing lies between " + low + " and " + high);
    }
    double least = (low - mean) / deviation;
    double most = (high - mean) / deviation;
    return filling(
        (key, values) ->
            Parallel.ranges(
                values.length,
                1 << 14,
                (from, to) -> {
                  for (int i = from; i < to; i++) {
                    double normal = key.truncatedNormal(i, least, most);
                    // Rounding may carry it over the edge.
                    values[i] = Math.clamp(mean + normal * deviation, low, high);
                  }
                }));
  }

  static Initializer orthogonal(double gain) {
    return (key, spec) -> {
      var shape = spec.shape();
      if (shape.rank() < 2) {
        throw new CortadoException("an orthogonal matrix needs two axes, got " + spec);
      }
      int rows = shape.dim(0);
      int columns = shape.elements() / Math.max(1, rows);
      return filled(spec, values -> orthogonal(key, gain, values, rows, columns));
    };
  }

  /** Orthonormal vectors along the longer side, written as rows or as columns. */
  private static void orthogonal(
      RandomKey key, double gain, double[] values, int rows, int columns) {
    int count = Math.min(rows, columns);
    int length = Math.max(rows, columns);
    double[][] vectors = new double[count][length];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < length; j++) {
        vectors[i][j] = key.normal((long) i * length + j);
      }
      // Twice is enough: what rounding leaves after the first time, the second takes away.
      for (int pass = 0; pass < 2; pass++) {
        for (int k = 0; k < i; k++) {
          addMultiple(vectors[i], vectors[k], -dot(vectors[i], vectors[k]));
        }
      }
      double norm = Math.sqrt(dot(vectors[i], vectors[i]));
      for (int j = 0; j < length; j++) {
        vectors[i][j] /= norm;
      }
    }
    for (int at = 0; at < values.length; at++) {
      int row = at / columns;
      int column = at % columns;
      values[at] = gain * (rows <= columns ? vectors[row][column] : vectors[column][row]);
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void addMultiple(double[] a, double[] b, double factor) {
    for (int i = 0; i < a.length; i++) {
      a[i] += factor * b[i];
    }
  }

  static Initializer eye() {
    return (key, spec) -> {
      require(spec.shape(), spec.shape().rank() == 2, "a unit matrix has two axes");
      int columns = spec.shape().dim(1);
      int diagonal = Math.min(spec.shape().dim(0), columns);
      return filled(
          spec,
          values -> {
            for (int i = 0; i < diagonal; i++) {
              values[i * columns + i] = 1;
            }
          });
    };
  }

  static Initializer dirac() {
    return (key, spec) -> {
      var shape = spec.shape();
      require(shape, shape.rank() == 4, "a convolution's weight has four axes");
      int area = shape.dim(2) * shape.dim(3);
      int middle = shape.dim(2) / 2 * shape.dim(3) + shape.dim(3) / 2;
      int same = Math.min(shape.dim(0), shape.dim(1));
      return filled(
          spec,
          values -> {
            for (int i = 0; i < same; i++) {
              values[(i * shape.dim(1) + i) * area + middle] = 1;
            }
          });
    };
  }

  private static void require(Shape shape, boolean condition, String what) {
    if (!condition) {
      throw new CortadoException(what + ", this is " + shape);
    }
  }
}
