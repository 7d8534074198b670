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

  /**
   * Returns the F16 bits of an 8-bit number of sign, 4 bits of exponent (biased by 7) and 3 of
   * fraction, where all ones are NaN and nothing is infinite (Micikevicius et al. 2022). Exact.
   */
  static short e4m3ToF16(byte bits) {
    int sign = (bits & 0x80) << 8;
    int size = bits & 0x7F;
    if (size == 0x7F) {
      return (short) (sign | 0x7E00);
    }
    // The fraction of 3 bits above that of 10; the exponent's bias is 8 less than that of F16.
    float shifted = Float.float16ToFloat((short) (size << 7)) * 0x1p8f;
    return (short) (sign | Float.floatToFloat16(shifted));
  }
}
