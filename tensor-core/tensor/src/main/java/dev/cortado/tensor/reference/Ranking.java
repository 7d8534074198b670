package dev.cortado.tensor.reference;

/** Which of two elements, named by their numbers, is the larger. NaN is larger than infinity. */
interface Ranking {
  /** Returns a negative number, 0 or a positive one if element i is less, equal or larger. */
  int compare(int i, int j);

  /** Returns whether element i is NaN. */
  boolean isNaN(int i);

  /** Returns whether i has to take the place of j as the largest (or smallest) one; NaN wins. */
  default boolean beats(int i, int j, boolean largest) {
    if (isNaN(i) || isNaN(j)) {
      return isNaN(i) && !isNaN(j);
    }
    int order = compare(i, j);
    return largest ? order > 0 : order < 0;
  }

  /** Returns the ranking of doubles or longs. */
  static Ranking of(Object values) {
    return switch (values) {
      case double[] doubles -> new OfDoubles(doubles);
      case long[] longs -> new OfLongs(longs);
      default -> throw new IllegalArgumentException("no array of values: " + values.getClass());
    };
  }

  /** Doubles; −0 and 0 are equal. */
  record OfDoubles(double[] values) implements Ranking {
    @Override
    public int compare(int i, int j) {
      double a = values[i];
      double b = values[j];
      if (a < b) {
        return -1;
      }
      return a > b ? 1 : Boolean.compare(Double.isNaN(a), Double.isNaN(b));
    }

    @Override
    public boolean isNaN(int i) {
      return Double.isNaN(values[i]);
    }
  }

  /** Longs. */
  record OfLongs(long[] values) implements Ranking {
    @Override
    public int compare(int i, int j) {
      return Long.compare(values[i], values[j]);
    }

    @Override
    public boolean isNaN(int i) {
      return false;
    }
  }
}
