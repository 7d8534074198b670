package dev.cortado.tensor;

import java.nio.charset.StandardCharsets;

/**
 * The name of a stream of random numbers. Number i of a stream is a function of the key and i
 * (splitmix64 with random access), so nothing has a state: keys are split, never advanced, and the
 * same key always means the same numbers.
 */
public record RandomKey(long bits) {
  private static final long MOST_ATTEMPTS = 100_000;
  private static final long STEP = 0x9E3779B97F4A7C15L;

  /** Returns the key of a seed. */
  public static RandomKey of(long seed) {
    return new RandomKey(mix(seed + STEP));
  }

  /** Returns the key that belongs to {@code name} under this one, for example a layer's name. */
  public RandomKey split(String name) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
    }
    return new RandomKey(mix(bits ^ mix(hash)));
  }

  /**
   * Returns the key number {@code index} under this one, for example that of a step or a sample.
   */
  public RandomKey split(long index) {
    return new RandomKey(mix(bits ^ mix(index * STEP + 1)));
  }

  /** Returns 64 random bits: number {@code index} of the stream. */
  public long word(long index) {
    return mix(bits + (index + 1) * STEP);
  }

  /**
   * Returns number {@code index} of the stream as a uniform value in [0, 1), a multiple of 2⁻²⁴.
   */
  public double uniform(long index) {
    return (word(index) >>> 40) * 0x1p-24;
  }

  /**
   * Returns number {@code index} of the stream as a standard normal value (Box and Muller 1958).
   */
  public double normal(long index) {
    long word = word(index);
    double u = ((word >>> 32) + 1) * 0x1p-32;
    double v = (word & 0xFFFFFFFFL) * 0x1p-32;
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
  }

  /**
   * Returns number {@code index} of the stream as a standard normal value between {@code low} and
   * {@code high}: the first that lies there of a row of draws, each from a stream of its own.
   *
   * @throws CortadoException if hardly any normal number lies there
   */
  public double truncatedNormal(long index, double low, double high) {
    double value = normal(index);
    for (long attempt = 0; value < low || value > high; attempt++) {
      if (attempt == MOST_ATTEMPTS) {
        throw new CortadoException(
            "truncated normal: hardly any standard normal number lies between %s and %s"
                .formatted(low, high));
      }
      value = split(attempt).normal(index);
    }
    return value;
  }

  /**
   * Returns number {@code index} of the stream as an event that happens with the given probability,
   * which counts in steps of 2⁻²⁴.
   */
  public boolean bernoulli(long index, double probability) {
    return uniform(index) < probability;
  }

  /** Returns a random order of {@code 0 … size-1} (Fisher and Yates). */
  public int[] permutation(int size) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = (int) Math.floorMod(word(i), (long) i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
