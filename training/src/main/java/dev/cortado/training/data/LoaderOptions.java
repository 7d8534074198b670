package dev.cortado.training.data;

import dev.cortado.tensor.CortadoException;

/**
 * How a {@link DataLoader} reads. None of {@code workers} and {@code prefetch} has any influence on
 * what comes out, only on how soon.
 *
 * @param batchSize samples in a batch, at least 1
 * @param shuffle whether each epoch visits the samples in an order of its own
 * @param seed decides the order and every sample's {@link Order#sampleKey}
 * @param dropLast whether an incomplete last batch is left out
 * @param workers threads that read; 0 reads on the consumer's thread, when it asks
 * @param prefetch batches that may be ready or in work ahead of the consumer, at least 1
 * @param badSamples what becomes of a sample that cannot be read
 */
public record LoaderOptions(
    int batchSize,
    boolean shuffle,
    long seed,
    boolean dropLast,
    int workers,
    int prefetch,
    BadSamples badSamples) {

  /** Checks the numbers. */
  public LoaderOptions {
    require("batch size", batchSize, 1);
    require("number of loader threads", workers, 0);
    require("number of prefetched batches", prefetch, 1);
  }

  /**
   * In order, every sample, one worker per processor, bad samples skipped; two batches ahead, or as
   * many as give every worker two samples to read.
   */
  public static LoaderOptions of(int batchSize) {
    int workers = Runtime.getRuntime().availableProcessors();
    int prefetch = Math.max(2, Math.ceilDiv(2 * workers, Math.max(1, batchSize)));
    return new LoaderOptions(batchSize, false, 0, false, workers, prefetch, BadSamples.SKIP);
  }

  /** The same, shuffled by this seed. */
  public LoaderOptions shuffled(long newSeed) {
    return new LoaderOptions(batchSize, true, newSeed, dropLast, workers, prefetch, badSamples);
  }

  /** The same with another seed; whether it is shuffled stays as it was. */
  public LoaderOptions withSeed(long newSeed) {
    return new LoaderOptions(batchSize, shuffle, newSeed, dropLast, workers, prefetch, badSamples);
  }

  /** The same, with or without an incomplete last batch. */
  public LoaderOptions withDropLast(boolean drop) {
    return new LoaderOptions(batchSize, shuffle, seed, drop, workers, prefetch, badSamples);
  }

  /** The same with this many threads; 0 reads on the consumer's thread. */
  public LoaderOptions withWorkers(int count) {
    return new LoaderOptions(batchSize, shuffle, seed, dropLast, count, prefetch, badSamples);
  }

  /** The same with this many batches ahead of the consumer. */
  public LoaderOptions withPrefetch(int batches) {
    return new LoaderOptions(batchSize, shuffle, seed, dropLast, workers, batches, badSamples);
  }

  /** The same with another way to treat samples that cannot be read. */
  public LoaderOptions withBadSamples(BadSamples policy) {
    return new LoaderOptions(batchSize, shuffle, seed, dropLast, workers, prefetch, policy);
  }

  private static void require(String what, int value, int least) {
    if (value < least) {
      throw new CortadoException(what + " must be at least " + least + ", got " + value);
    }
  }
}
