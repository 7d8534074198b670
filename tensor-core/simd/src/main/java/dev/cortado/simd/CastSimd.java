package dev.cortado.simd;

import dev.cortado.tensor.Copy;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.HostStorage;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Cast;
import dev.cortado.tensor.op.TensorSpec;
import org.jspecify.annotations.Nullable;

/**
 * Conversions from and to F32, and among whole numbers and truth values. Mostly plain loops with
 * one index, which the compiler turns into the machine's own conversion instructions; so results
 * begin in their arrays where the sources do.
 */
final class CastSimd {
  /** Elements that are left free at the front as they are in the source. */
  private static final int MOST_FREE = 16;

  private CastSimd() {}

  /** Converts the elements {@code from … to-1} of one array into the same places of another. */
  private interface Loop {
    void run(int from, int to);
  }

  /** Returns the result, in the layout of {@code x}, or null for what the reference converts. */
  static @Nullable Tensor run(Cast op, Tensor x, TensorSpec spec) {
    if (!supports(x, spec)) {
      return null;
    }
    var layout = x.layout().denseLike(x.shape());
    int start = x.layout().offset();
    boolean fits = start <= MOST_FREE && x.layout().equals(layout.shifted(start));
    var dense = fits ? x.detach() : Copy.dense(x.detach(), layout);
    int front = fits ? start : 0;
    int n = x.elements();
    var storage = HostStorage.allocate(spec.dtype(), front + n, op.name());
    var result = new Tensor(x.shape(), layout.shifted(front), storage, null);
    var loop = loop(dense.host().array(), dense, result);
    Parallel.ranges(n, FormulaGrid.CHUNK, (from, to) -> loop.run(front + from, front + to));
    return result;
  }

  private static boolean supports(Tensor x, TensorSpec spec) {
    return switch (x.dtype()) {
      case F32 -> spec.dtype() != DType.F32;
      case F64, F16, BF16 -> spec.dtype() == DType.F32;
      case I32, I64, BOOL -> spec.dtype() == DType.F32 || !spec.dtype().isFloating();
    };
  }

  private static Loop loop(Object from, Tensor x, Tensor result) {
    if (!(from instanceof float[] floats)) {
      return result.dtype() == DType.F32
          ? toFloats(from, x, result.host().floats())
          : whole(from, result.host().array());
    }
    return switch (result.dtype()) {
      case F64 -> toDoubles(floats, result.host().doubles());
      case I32 -> toInts(floats, result.host().ints());
      case I64 -> toLongs(floats, result.host().longs());
      case BOOL -> toTruths(floats, result.host().bytes());
      case F16 -> toF16(floats, result.host().shorts());
      case BF16 -> toBf16(floats, result.host().shorts());
      case F32 -> throw new IllegalArgumentException("nothing to convert");
    };
  }

  private static Loop toFloats(Object from, Tensor x, float[] to) {
    return switch (from) {
      case double[] a ->
          (first, last) -> {
            for (int i = first; i < last; i++) {
              to[i] = (float) a[i];
            }
          };
      case int[] a ->
          (first, last) -> {
            for (int i = first; i < last; i++) {
              to[i] = a[i];
            }
          };
      case long[] a ->
          (first, last) -> {
            for (int i = first; i < last; i++) {
              to[i] = a[i];
            }
          };
      case byte[] a ->
          (first, last) -> {
            for (int i = first; i < last; i++) {
              to[i] = a[i];
            }
          };
      case short[] a ->
          x.dtype() == DType.F16
              ? (first, last) -> {
                for (int i = first; i < last; i++) {
                  to[i] = Float.float16ToFloat(a[i]);
                }
              }
              : (first, last) -> {
                for (int i = first; i < last; i++) {
                  to[i] = Float.intBitsToFloat(a[i] << 16);
                }
              };
      default -> throw new IllegalArgumentException("no array of elements: " + from.getClass());
    };
  }

  private static Loop toDoubles(float[] from, double[] to) {
    return (first, last) -> {
      for (int i = first; i < last; i++) {
        to[i] = from[i];
      }
    };
  }

  private static Loop toInts(float[] from, int[] to) {
    return (first, last) -> {
      for (int i = first; i < last; i++) {
        to[i] = (int) from[i];
      }
    };
  }

  private static Loop toLongs(float[] from, long[] to) {
    return (first, last) -> {
      for (int i = first; i < last; i++) {
        to[i] = (long) from[i];
      }
    };
  }

  /** Between whole numbers, by way of longs in a block that the first-level cache holds. */
  private static Loop whole(Object from, Object to) {
    return (first, last) -> {
      long[] block = Workspace.current().longs(0, Pieces.LENGTH);
      for (int at = first; at < last; at += Pieces.LENGTH) {
        int n = Math.min(Pieces.LENGTH, last - at);
        WholeBlocks.load(from, at, 1, block, n);
        if (to instanceof byte[]) {
          WholeBlocks.toTruths(block, n);
        }
        WholeBlocks.store(block, to, at, n);
      }
    };
  }

  private static Loop toTruths(float[] from, byte[] to) {
    return (first, last) -> {
      for (int i = Narrow.truths(from, to, first, last); i < last; i++) {
        // Without its sign, 0 is the only number of no bits. So written, the loop has no branch.
        int bits = Float.floatToRawIntBits(from[i]) << 1;
        to[i] = (byte) ((bits | -bits) >>> 31);
      }
    };
  }

  private static Loop toF16(float[] from, short[] to) {
    return (first, last) -> {
      for (int i = first; i < last; i++) {
        to[i] = Float.floatToFloat16(from[i]);
      }
    };
  }

  private static Loop toBf16(float[] from, short[] to) {
    return (first, last) -> {
      for (int i = Narrow.bf16(from, to, first, last); i < last; i++) {
        int bits = Float.floatToRawIntBits(from[i]);
        int nearest = bits + 0x7FFF + ((bits >>> 16) & 1);
        // A NaN's fraction must not be rounded away to infinity.
        to[i] = (short) ((Float.isNaN(from[i]) ? bits | 0x400000 : nearest) >>> 16);
      }
    };
  }
}
