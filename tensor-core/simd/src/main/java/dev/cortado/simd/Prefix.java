package dev.cortado.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Running sums of neighbours, in double precision. A vector of n numbers is summed in log₂ n steps,
 * in which each lane adds what lies 1, 2, 4, … lanes before it (Hillis and Steele 1986); the sum of
 * all that came before is added last. What is not there counts as −0, which changes no number.
 */
final class Prefix {
  private static final VectorSpecies<Double> D = doubles();
  private static final int L = D.length();

  /** As many floats as there are doubles in a vector. */
  private static final VectorSpecies<Float> F = floats();

  /** Vector operations for each vector of numbers. */
  private static final int OPERATIONS = 14;

  private static final VectorShuffle<Double> BACK_1 = back(1);
  private static final VectorShuffle<Double> BACK_2 = back(2);
  private static final VectorShuffle<Double> BACK_4 = back(4);
  private static final VectorMask<Double> FIRST_1 = first(1);
  private static final VectorMask<Double> FIRST_2 = first(2);
  private static final VectorMask<Double> FIRST_4 = first(4);
  private static final VectorShuffle<Double> LAST = VectorShuffle.fromOp(D, i -> L - 1);
  private static final VectorShuffle<Double> REVERSED = VectorShuffle.fromOp(D, i -> L - 1 - i);

  /** What brings running sums of neighbours to full speed. */
  static final WarmUp WARM_UP = warmUp();

  private Prefix() {}

  private static WarmUp warmUp() {
    int all = 32 * L;
    CountedLoop.Body body =
        (x, n) -> {
          forward(x, 0, x, 0, n, 0);
          backward(x, 0, x, 0, n, 0);
        };
    return new WarmUp(new CountedLoop(all, 2 * L, body), 2 * all / L * OPERATIONS, all);
  }

  private static VectorSpecies<Double> doubles() {
    return switch (Lanes.F32.vectorBitSize()) {
      case 512 -> DoubleVector.SPECIES_512;
      case 256 -> DoubleVector.SPECIES_256;
      default -> DoubleVector.SPECIES_128;
    };
  }

  private static VectorSpecies<Float> floats() {
    return switch (L) {
      case 8 -> FloatVector.SPECIES_256;
      case 4 -> FloatVector.SPECIES_128;
      default -> FloatVector.SPECIES_64;
    };
  }

  private static VectorShuffle<Double> back(int by) {
    return VectorShuffle.fromOp(D, i -> Math.floorMod(i - by, L));
  }

  private static VectorMask<Double> first(int count) {
    return D.indexInRange(0, count);
  }

  private static DoubleVector load(float[] x, int at) {
    return (DoubleVector) FloatVector.fromArray(F, x, at).convertShape(VectorOperators.F2D, D, 0);
  }

  private static void store(DoubleVector v, float[] y, int at) {
    ((FloatVector) v.convertShape(VectorOperators.D2F, F, 0)).intoArray(y, at);
  }

  private static DoubleVector add(
      DoubleVector v, VectorShuffle<Double> back, VectorMask<Double> without) {
    return v.add(v.rearrange(back).blend(-0.0, without));
  }

  private static DoubleVector scan(DoubleVector v) {
    v = add(v, BACK_1, FIRST_1);
    if (L > 2) {
      v = add(v, BACK_2, FIRST_2);
    }
    return L > 4 ? add(v, BACK_4, FIRST_4) : v;
  }

  /**
   * Writes to y the running sums of {@code n} numbers of x, each added to {@code before}; from the
   * last to the first if {@code reverse}.
   */
  static void sums(float[] x, int at, float[] y, int to, int n, boolean reverse, double before) {
    WARM_UP.before((long) n / L * OPERATIONS);
    if (reverse) {
      backward(x, at, y, to, n, before);
    } else {
      forward(x, at, y, to, n, before);
    }
  }

  private static void forward(float[] x, int at, float[] y, int to, int n, double before) {
    var carry = DoubleVector.broadcast(D, before);
    int i = 0;
    for (; i <= n - L; i += L) {
      var sums = scan(load(x, at + i));
      store(sums.add(carry), y, to + i);
      carry = carry.add(sums.rearrange(LAST));
    }
    double last = carry.lane(0);
    for (; i < n; i++) {
      last += x[at + i];
      y[to + i] = (float) last;
    }
  }

  private static void backward(float[] x, int at, float[] y, int to, int n, double before) {
    var carry = DoubleVector.broadcast(D, before);
    int i = n;
    for (; i >= L; i -= L) {
      var sums = scan(load(x, at + i - L).rearrange(REVERSED));
      store(sums.add(carry).rearrange(REVERSED), y, to + i - L);
      carry = carry.add(sums.rearrange(LAST));
    }
    double last = carry.lane(0);
    while (i-- > 0) {
      last += x[at + i];
      y[to + i] = (float) last;
    }
  }

  /** Returns the sum of {@code n} numbers: lane by lane, and then of the lanes in order. */
  static double sum(float[] x, int at, int n) {
    var lanes = DoubleVector.broadcast(D, -0.0);
    int i = 0;
    for (; i <= n - L; i += L) {
      lanes = lanes.add(load(x, at + i));
    }
    double sum = -0.0;
    for (int lane = 0; lane < L; lane++) {
      sum += lanes.lane(lane);
    }
    for (; i < n; i++) {
      sum += x[at + i];
    }
    return sum;
  }

  /** Adds {@code n} numbers of x to the sums, and writes these to y. */
  static void add(float[] x, int at, double[] sums, float[] y, int to, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      var sum = DoubleVector.fromArray(D, sums, i).add(load(x, at + i));
      sum.intoArray(sums, i);
      store(sum, y, to + i);
    }
    for (; i < n; i++) {
      sums[i] += x[at + i];
      y[to + i] = (float) sums[i];
    }
  }
}
