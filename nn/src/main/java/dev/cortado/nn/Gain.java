package dev.cortado.nn;

/**
 * By how much a weight must be larger because of what follows it: an activation that makes signals
 * smaller needs larger ones to begin with. The numbers are torch's.
 */
public final class Gain {
  private Gain() {}

  /** Of nothing, of a convolution, of a sigmoid. */
  public static final double LINEAR = 1;

  /** Of a rectifier, which lets half of the squares through: √2. */
  public static final double RELU = Math.sqrt(2);

  /** Of tanh: 5/3. */
  public static final double TANH = 5.0 / 3;

  /** Of a self-normalising unit: 3/4. */
  public static final double SELU = 0.75;

  /** Returns that of a rectifier with a slope below 0: √(2 / (1 + slope²)). */
  public static double leakyRelu(double slope) {
    return Math.sqrt(2 / (1 + slope * slope));
  }
}
