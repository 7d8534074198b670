package dev.cortado.examples.drawings;

/**
 * Random numbers that depend on nothing but a key: the n-th draw is a hash of {@code key + n·γ}.
 *
 * <p>The hash is SplitMix64's finaliser (Steele, Lea and Flood, "Fast splittable pseudorandom
 * number generators", OOPSLA 2014).
 */
final class Dice {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private final long key;
  private long drawn;

  Dice(long key) {
    this.key = mix(key);
  }

  /** The finaliser: 64 well-mixed bits for every 64 bits given. */
  static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /**
   * Dice of their own for a part of the picture, so that one part's draws never shift another's.
   */
  Dice fork(long stream) {
    return new Dice(key ^ mix(stream + GAMMA));
  }

  long next() {
    return mix(key + GAMMA * ++drawn);
  }

  /** Uniform in [0, 1). */
  double unit() {
    return (next() >>> 11) * 0x1.0p-53;
  }

  /** Uniform in [low, high). */
  double between(double low, double high) {
    return low + (high - low) * unit();
  }

  /** Uniform in {0, …, bound − 1}. */
  int below(int bound) {
    return (int) (unit() * bound);
  }

  /** Uniform in {low, …, high}. */
  int count(int low, int high) {
    return low + below(high - low + 1);
  }

  boolean chance(double probability) {
    return unit() < probability;
  }

  /** Uniform in [0, 2π). */
  double angle() {
    return between(0, 2 * StrictMath.PI);
  }

  @SafeVarargs
  final <T> T pick(T... choices) {
    return choices[below(choices.length)];
  }

  /** The colour, a little lighter or darker and a little off in hue. */
  Tint near(Tint tint, double spread) {
    double light = between(-spread, spread);
    return new Tint(
        (float) (tint.r() + light + between(-spread, spread) * 0.35),
        (float) (tint.g() + light + between(-spread, spread) * 0.35),
        (float) (tint.b() + light + between(-spread, spread) * 0.35));
  }
}
