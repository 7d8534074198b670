package dev.cortado.tensor.reference;

import dev.cortado.tensor.op.TensorSpec;

/** Moves numbers between arrays of doubles, or arrays of longs, by lists of places. */
final class Moves {
  private Moves() {}

  /** Returns zeros for the elements of {@code spec}: doubles if it is floating, else longs. */
  static Object zeros(TensorSpec spec) {
    int count = spec.shape().elements();
    return spec.dtype().isFloating() ? new double[count] : new long[count];
  }

  /** Returns the elements of {@code from} at {@code places}. */
  static Object take(Object from, int[] places) {
    if (from instanceof double[] a) {
      double[] out = new double[places.length];
      for (int i = 0; i < out.length; i++) {
        out[i] = a[places[i]];
      }
      return out;
    }
    long[] a = (long[]) from;
    long[] out = new long[places.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = a[places[i]];
    }
    return out;
  }

  /** Writes the elements of {@code from} to {@code places}, in order: the last one stays. */
  static void put(Object from, Object into, int[] places) {
    if (from instanceof double[] a) {
      double[] out = (double[]) into;
      for (int i = 0; i < places.length; i++) {
        out[places[i]] = a[i];
      }
    } else {
      long[] a = (long[]) from;
      long[] out = (long[]) into;
      for (int i = 0; i < places.length; i++) {
        out[places[i]] = a[i];
      }
    }
  }

  /** Adds the elements of {@code from} to what is at {@code places}, in order. */
  static void add(Object from, Object into, int[] places) {
    if (from instanceof double[] a) {
      double[] out = (double[]) into;
      for (int i = 0; i < places.length; i++) {
        out[places[i]] += a[i];
      }
    } else {
      long[] a = (long[]) from;
      long[] out = (long[]) into;
      for (int i = 0; i < places.length; i++) {
        out[places[i]] += a[i];
      }
    }
  }

  /** Returns whether element {@code i} is 0; NaN is not. */
  static boolean isZero(Object values, int i) {
    return values instanceof double[] a ? a[i] == 0 : ((long[]) values)[i] == 0;
  }
}
