package dev.cortado.tensor.reference;

import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.op.TensorSpec;

/** C[…, m, n] = Σₖ A[…, m, k] · B[…, k, n]. */
final class MatMulReference {
  private MatMulReference() {}

  static double[] run(double[] a, double[] b, TensorSpec[] specs, TensorSpec result) {
    Shape c = result.shape();
    int m = c.dim(-2);
    int n = c.dim(-1);
    int depth = specs[0].shape().dim(-1);
    double[] left = broadcastBatch(a, specs[0].shape(), c);
    double[] right = broadcastBatch(b, specs[1].shape(), c);
    double[] out = new double[c.elements()];
    int batches = m * n == 0 ? 0 : out.length / (m * n);
    Parallel.run(
        batches * m,
        row -> {
          int batch = row / m;
          for (int k = 0; k < depth; k++) {
            double factor = left[row * depth + k];
            int from = (batch * depth + k) * n;
            for (int j = 0; j < n; j++) {
              out[row * n + j] += factor * right[from + j];
            }
          }
        });
    return out;
  }

  /** Repeats the matrices of an operand so that it has the result's leading dimensions. */
  private static double[] broadcastBatch(double[] values, Shape from, Shape result) {
    int[] dims = result.toArray();
    dims[dims.length - 2] = from.dim(-2);
    dims[dims.length - 1] = from.dim(-1);
    return ElementwiseReference.expand(values, from, Shape.of(dims));
  }
}
