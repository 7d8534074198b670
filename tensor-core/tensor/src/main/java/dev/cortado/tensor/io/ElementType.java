package dev.cortado.tensor.io;

import dev.cortado.tensor.DType;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The element types of the safetensors format that Cortado reads, and what each becomes. */
enum ElementType {
  F64(8, DType.F64),
  F32(4, DType.F32),
  F16(2, DType.F16),
  BF16(2, DType.BF16),
  I64(8, DType.I64),
  I32(4, DType.I32),
  I16(2, DType.I32),
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

  /** Returns the type of the tensor: small integers become I32. */
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
}
