package dev.cortado.simd;

import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.formula.UnaryFunction;

/**
 * Loops over the first n elements of blocks of longs, and of bytes that are 0 or 1. Each has one
 * index and no branch, so that the compiler makes vectors of it.
 */
final class WholeBlocks {
  private WholeBlocks() {}

  /** Reads {@code n} truth values that are {@code step} apart. */
  static void load(byte[] from, int at, int step, byte[] to, int n) {
    if (step == 1) {
      System.arraycopy(from, at, to, 0, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      to[i] = from[at + i * step];
    }
  }

  /** Reads {@code n} numbers that are {@code step} apart, from an array of longs, ints or bytes. */
  static void load(Object from, int at, int step, long[] to, int n) {
    switch (from) {
      case long[] a -> {
        if (step == 1) {
          System.arraycopy(a, at, to, 0, n);
          return;
        }
        for (int i = 0; i < n; i++) {
          to[i] = a[at + i * step];
        }
      }
      case int[] a -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[at + i * step];
        }
      }
      case byte[] a -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[at + i * step];
        }
      }
      default -> throw new IllegalArgumentException("not whole: " + from.getClass());
    }
  }

  /** Writes {@code n} numbers to an array of longs, ints or bytes; truth values are 0 or 1. */
  static void store(long[] from, Object to, int at, int n) {
    switch (to) {
      case long[] a -> System.arraycopy(from, 0, a, at, n);
      case int[] a -> {
        for (int i = 0; i < n; i++) {
          a[at + i] = (int) from[i];
        }
      }
      case byte[] a -> {
        for (int i = 0; i < n; i++) {
          a[at + i] = (byte) from[i];
        }
      }
      default -> throw new IllegalArgumentException("not whole: " + to.getClass());
    }
  }

  /** Turns what is not 0 into 1. */
  static void toTruths(long[] values, int n) {
    for (int i = 0; i < n; i++) {
      values[i] = (values[i] | -values[i]) >>> 63;
    }
  }

  /** Applies a function of truth values: a + b is or, a · b is and, false is less than true. */
  static void apply(BinaryFunction function, byte[] a, byte[] b, byte[] to, int n) {
    switch (function) {
      case ADD, MAX -> {
        for (int i = 0; i < n; i++) {
          to[i] = (byte) (a[i] | b[i]);
        }
      }
      case MULTIPLY, MIN -> {
        for (int i = 0; i < n; i++) {
          to[i] = (byte) (a[i] & b[i]);
        }
      }
      case LESS -> {
        for (int i = 0; i < n; i++) {
          to[i] = (byte) ((a[i] ^ 1) & b[i]);
        }
      }
      case LESS_OR_EQUAL -> {
        for (int i = 0; i < n; i++) {
          to[i] = (byte) ((a[i] ^ 1) | b[i]);
        }
      }
      case EQUAL -> {
        for (int i = 0; i < n; i++) {
          to[i] = (byte) (a[i] ^ b[i] ^ 1);
        }
      }
      default -> throw new IllegalArgumentException(function + " of truth values");
    }
  }

  /** Chooses b where a is true, else c. */
  static void choose(byte[] a, byte[] b, byte[] c, byte[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = (byte) ((a[i] & b[i]) | ((a[i] ^ 1) & c[i]));
    }
  }

  /** Chooses b where a is not 0, else c. */
  static void choose(long[] a, long[] b, long[] c, long[] to, int n) {
    for (int i = 0; i < n; i++) {
      long chosen = (a[i] | -a[i]) >> 63;
      to[i] = (b[i] & chosen) | (c[i] & ~chosen);
    }
  }

  /** Applies one of the functions for which {@link UnaryFunction#isWhole()}. */
  static void apply(UnaryFunction function, long[] a, long[] to, int n) {
    switch (function) {
      case NEGATE -> {
        for (int i = 0; i < n; i++) {
          to[i] = -a[i];
        }
      }
      case ABS -> {
        for (int i = 0; i < n; i++) {
          to[i] = Math.abs(a[i]);
        }
      }
      case SIGN -> {
        for (int i = 0; i < n; i++) {
          to[i] = Long.signum(a[i]);
        }
      }
      case FLOOR, CEIL, ROUND -> System.arraycopy(a, 0, to, 0, n);
      default -> throw new IllegalArgumentException(function + " of a whole number");
    }
  }

  /** Applies a function that no number can make fail; what does not fit wraps around. */
  static void apply(BinaryFunction function, long[] a, long[] b, long[] to, int n) {
    switch (function) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] + b[i];
        }
      }
      case SUBTRACT -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] - b[i];
        }
      }
      case MULTIPLY -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] * b[i];
        }
      }
      case MIN -> {
        for (int i = 0; i < n; i++) {
          to[i] = Math.min(a[i], b[i]);
        }
      }
      case MAX -> {
        for (int i = 0; i < n; i++) {
          to[i] = Math.max(a[i], b[i]);
        }
      }
      case LESS -> less(a, b, to, n, 0);
      case LESS_OR_EQUAL -> less(b, a, to, n, 1);
      case EQUAL -> {
        for (int i = 0; i < n; i++) {
          long difference = a[i] ^ b[i];
          to[i] = ((difference | -difference) >>> 63) ^ 1;
        }
      }
      default -> throw new IllegalArgumentException(function + " may fail");
    }
  }

  /**
   * Writes whether a is less than b, or {@code flip} 1 for the opposite: the sign of a − b, without
   * overflow (Warren 2013, section 2–12).
   */
  private static void less(long[] a, long[] b, long[] to, int n, int flip) {
    for (int i = 0; i < n; i++) {
      long less = (a[i] & ~b[i]) | (~(a[i] ^ b[i]) & (a[i] - b[i]));
      to[i] = (less >>> 63) ^ flip;
    }
  }
}
