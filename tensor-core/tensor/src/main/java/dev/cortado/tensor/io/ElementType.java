package dev.cortado.tensor.io;

import dev.cortado.tensor.DType;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The element types of files that Cortado reads, by their names in safetensors, and what each
 * becomes: always a type that holds all its numbers. Only U64 may hold what no type can: numbers
 * from 2⁶³ on are refused.
 */
enum ElementType {
  F64(8, DType.F64),
  F32(4, DType.F32),
  F16(2, DType.F16),
  BF16(2, DType.BF16),
  /** Sign, 5 bits of exponent, 2 of fraction: the upper half of an F16. */
  F8_E5M2(1, DType.F16),
  /** Sign, 4 bits of exponent, 3 of fraction; no infinity, all ones are NaN; up to 448. */
  F8_E4M3(1, DType.F16),
  I64(8, DType.I64),
  U64(8, DType.I64),
  I32(4, DType.I32),
  U32(4, DType.I64),
  I16(2, DType.I32),
  U16(2, DType.I32),
  I8(1, DType.I32),
  U8(1, DType.I32),
  BOOL(1, DType.BOOL);

  private final int bytes;
  private final DType dtype;

  ElementType(int bytes, DType dtype) {
    this.bytes = bytes;
    this.dtype = dtype;
  }

  /** Returns the size of one element in the file. */
  int bytes() {
    return bytes;
  }

  /** Returns the type of the tensor. */
  DType dtype() {
    return dtype;
  }

  /** Returns the type called {@code name}, or null if Cortado does not read it. */
  static @Nullable ElementType find(String name) {
    return Arrays.stream(values()).filter(t -> t.name().equals(name)).findFirst().orElse(null);
  }

  /** Returns the type in which tensors of {@code dtype} are written. */
  static ElementType of(DType dtype) {
    return valueOf(dtype.name());
  }

  /** Returns all names, for messages. */
  static String list() {
    return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(" "));
  }

  /**
   * Returns the size in bytes of a tensor of this type, or -1 if it has more elements than fit in a
   * tensor, or a size on the way there is too large.
   */
  long bytes(long[] shape) {
    try {
      long total = bytes;
      boolean none = false;
      for (long dim : shape) {
        total = Math.multiplyExact(total, Math.max(1, Math.toIntExact(dim)));
        none |= dim == 0;
      }
      return none ? 0 : total / bytes > MOST ? -1 : total;
    } catch (ArithmeticException e) {
      return -1;
    }
  }

  /** The elements of the longest array. */
  private static final long MOST = Integer.MAX_VALUE - 16;
}
