package dev.cortado.simd;

import jdk.incubator.vector.FloatVector;

/** Loops that pick elements out of arrays of any type. */
final class Picks {
  /** Columns that are added to at a time: whole cache lines, enough for the threads to share. */
  static final int WIDTH = 128;

  /** What brings looking up to full speed. */
  static final WarmUp WARM_UP = warmUp();

  private Picks() {}

  /** Copies {@code n} elements that are {@code step} apart. */
  static void strided(Object from, int at, int step, Object to, int toAt, int n) {
    switch (from) {
      case float[] a when step == 1 ->
          // Of floats by their own: a copy of arrays of unknown type checks it every time.
          System.arraycopy(a, at, (float[]) to, toAt, n);
      case Object a when step == 1 -> System.arraycopy(a, at, to, toAt, n);
      case float[] a -> {
        float[] b = (float[]) to;
        for (int i = 0; i < n; i++) {
          b[toAt + i] = a[at + i * step];
        }
      }
      case long[] a -> {
        long[] b = (long[]) to;
        for (int i = 0; i < n; i++) {
          b[toAt + i] = a[at + i * step];
        }
      }
      default -> {
        for (int i = 0; i < n; i++) {
          System.arraycopy(from, at + i * step, to, toAt + i, 1);
        }
      }
    }
  }

  /** Copies {@code n} elements, number i from {@code at + i · step + places[first + i · next]}. */
  static void pick(
      Object from,
      int at,
      int step,
      int[] places,
      int first,
      int next,
      Object to,
      int toAt,
      int n) {
    switch (from) {
      case float[] a -> {
        float[] b = (float[]) to;
        for (int i = step == 0 && next == 1 ? lookUp(a, at, places, first, b, toAt, n) : 0;
            i < n;
            i++) {
          b[toAt + i] = a[at + i * step + places[first + i * next]];
        }
      }
      case long[] a -> {
        long[] b = (long[]) to;
        for (int i = 0; i < n; i++) {
          b[toAt + i] = a[at + i * step + places[first + i * next]];
        }
      }
      default -> {
        for (int i = 0; i < n; i++) {
          System.arraycopy(from, at + i * step + places[first + i * next], to, toAt + i, 1);
        }
      }
    }
  }

  /** Copies whole vectors of elements at given places; returns where it has stopped. */
  private static int lookUp(
      float[] from, int at, int[] places, int first, float[] to, int toAt, int n) {
    WARM_UP.before(n / Lanes.COUNT);
    return vectors(from, at, places, first, to, toAt, n);
  }

  private static int vectors(
      float[] from, int at, int[] places, int first, float[] to, int toAt, int n) {
    int i = 0;
    for (; i <= n - Lanes.COUNT; i += Lanes.COUNT) {
      FloatVector.fromArray(Lanes.F32, from, at, places, first + i).intoArray(to, toAt + i);
    }
    return i;
  }

  private static WarmUp warmUp() {
    int all = 32 * Lanes.COUNT;
    int[] places = new int[all];
    CountedLoop.Body body = (x, n) -> vectors(x, 0, places, 0, x, 0, n);
    // A vector is looked up element by element.
    return new WarmUp(new CountedLoop(all, 2 * Lanes.COUNT, body), all, all);
  }

  /** Adds {@code n} neighbours to others. */
  static void add(float[] from, int at, float[] sums, int to, int n) {
    int i = 0;
    for (; i <= n - Lanes.COUNT; i += Lanes.COUNT) {
      FloatVector.fromArray(Lanes.F32, sums, to + i)
          .add(FloatVector.fromArray(Lanes.F32, from, at + i))
          .intoArray(sums, to + i);
    }
    for (; i < n; i++) {
      sums[to + i] += from[at + i];
    }
  }
}
