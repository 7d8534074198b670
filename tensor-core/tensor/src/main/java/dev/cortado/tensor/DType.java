package dev.cortado.tensor;

/** The element types of tensors. */
public enum DType {
  /** 32-bit IEEE 754 floating point: the type of computation. */
  F32(4, true),
  /** 64-bit IEEE 754 floating point: gradient checks and reference results. */
  F64(8, true),
  /** 16-bit IEEE 754 floating point: to store, read and convert. */
  F16(2, true),
  /** bfloat16, the upper half of an F32: to store, read and convert. */
  BF16(2, true),
  /** 32-bit signed integer. */
  I32(4, false),
  /** 64-bit signed integer: labels, indices, counters. */
  I64(8, false),
  /** Truth values, one byte each. */
  BOOL(1, false);

  private final int bytes;
  private final boolean floating;

  DType(int bytes, boolean floating) {
    this.bytes = bytes;
    this.floating = floating;
  }

  /** Returns the size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Returns whether this is a floating-point type. */
  public boolean isFloating() {
    return floating;
  }

  /**
   * Returns whether operations compute in this type (F32, F64, I32, I64, BOOL), or it is only a
   * storage type.
   */
  public boolean isComputable() {
    return this != F16 && this != BF16;
  }
}
