package dev.cortado.tensor.io;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Tensor;

/**
 * Bulk widening of 16-bit floating point. Every F16 and BF16 number, subnormals, infinities and
 * NaNs included, is an F32 number too, so nothing is rounded. Plain loops over arrays, which the
 * compiler turns into the machine's own conversion instructions.
 */
public final class HalfPrecision {
  private HalfPrecision() {}

  /** Returns {@code tensor} as F32, row-major, if it is F16 or BF16, else itself. */
  public static Tensor widen(Tensor tensor) {
    if (tensor.dtype() != DType.F16 && tensor.dtype() != DType.BF16) {
      return tensor;
    }
    var dense = tensor.contiguous();
    short[] bits = dense.host().shorts();
    float[] values = new float[tensor.elements()];
    int from = dense.layout().offset();
    if (tensor.dtype() == DType.F16) {
      widenF16(bits, from, values);
    } else {
      widenBf16(bits, from, values);
    }
    return Tensor.wrap(DType.F32, values, tensor.shape());
  }

  private static void widenF16(short[] bits, int from, float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.float16ToFloat(bits[from + i]);
    }
  }

  private static void widenBf16(short[] bits, int from, float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(bits[from + i] << 16);
    }
  }
}
