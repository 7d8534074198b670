package dev.cortado.training.data;

import dev.cortado.tensor.RandomKey;
import java.util.stream.IntStream;

/** The order in which an epoch visits the samples, and the random numbers each of them gets. */
public final class Order {
  private Order() {}

  /** {@code 0, 1, … size-1}. */
  public static int[] sequential(int size) {
    return IntStream.range(0, size).toArray();
  }

  /**
   * A permutation of {@code 0 … size-1} in which all permutations are equally likely (Fisher and
   * Yates), decided by the seed and the epoch alone.
   */
  public static int[] shuffled(int size, long seed, int epoch) {
    return RandomKey.of(seed).split("order").split(epoch).permutation(size);
  }

  /**
   * The source of every random choice made when one sample is read in one epoch.
   *
   * <p>It depends on these three values alone: not on the worker thread, the batch size or what was
   * read before. So a run repeats bit for bit, and two workers never draw the same numbers.
   *
   * @param seed the run's seed
   * @param epoch the epoch, counted from 0
   * @param index the sample's index in its dataset
   */
  public static RandomKey sampleKey(long seed, int epoch, int index) {
    return RandomKey.of(seed).split("samples").split(epoch).split(index);
  }
}
