package dev.cortado.tensor.reference;

import dev.cortado.tensor.HostStorage;
import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.Walk;
import dev.cortado.tensor.op.TensorSpec;

/**
 * How reference kernels see tensors: row-major arrays of doubles, whatever type and layout they
 * have in memory.
 */
final class Values {
  private Values() {}

  /** Returns the elements of {@code x} in row-major order. */
  static double[] read(Tensor x) {
    double[] values = new double[x.elements()];
    if (values.length == 0) {
      return values;
    }
    var host = x.host();
    var walk = Walk.of(x.shape(), Layout.contiguous(x.shape()), x.layout());
    int[] at = new int[2];
    for (int row = 0; row < walk.rows(); row++) {
      walk.offsets(row, at);
      for (int i = 0; i < walk.length(); i++) {
        values[at[0] + i * walk.innerStride(0)] = host.get(at[1] + i * walk.innerStride(1));
      }
    }
    return values;
  }

  /** Returns a row-major tensor of {@code values}, each rounded once to the type. */
  static Tensor write(TensorSpec spec, double[] values, String origin) {
    var result = Tensor.empty(spec.shape(), spec.dtype(), origin);
    write(values, result);
    return result;
  }

  /** Writes {@code values}, in row-major order, into {@code target}. */
  static void write(double[] values, Tensor target) {
    if (values.length == 0) {
      return;
    }
    HostStorage host = target.host();
    var walk = Walk.of(target.shape(), Layout.contiguous(target.shape()), target.layout());
    int[] at = new int[2];
    for (int row = 0; row < walk.rows(); row++) {
      walk.offsets(row, at);
      for (int i = 0; i < walk.length(); i++) {
        host.set(at[1] + i * walk.innerStride(1), values[at[0] + i * walk.innerStride(0)]);
      }
    }
  }
}
