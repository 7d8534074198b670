package dev.cortado.autograd;

/** By which inputs of an op the gradient is wanted: the floating ones that are tracked. */
@FunctionalInterface
interface Wanted {
  /** Returns whether the gradient by input number {@code input} is wanted. */
  boolean wants(int input);

  /** Returns the first {@code count} answers as bits. */
  default long mask(int count) {
    long mask = 0;
    for (int i = 0; i < count; i++) {
      mask |= wants(i) ? Saves.bit(i) : 0;
    }
    return mask;
  }
}
