package dev.cortado.training.data;

import dev.cortado.tensor.CortadoException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what reading a sample cost most, its decoded form, for the next epoch.
 *
 * <p>Values stay until the cache is dropped; once the limit is reached, further samples are read
 * anew each time. Nothing is ever evicted: with every epoch visiting every sample once, evicting
 * would throw out each value just before its next use. Results are the same with any limit, as long
 * as decoding an index always gives the same value; so random choices belong after the cache.
 * Thread-safe; values are shared, so nobody may change them.
 *
 * @param <V> a decoded sample
 */
public final class SampleCache<V> {
  private final AtomicReferenceArray<@Nullable V> values;
  private final long limit;
  private final ToLongFunction<? super V> bytesOf;
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong hits = new AtomicLong();
  private final AtomicLong misses = new AtomicLong();

  /**
   * Creates an empty cache.
   *
   * @param samples how many samples the dataset has
   * @param limitBytes how much memory the values may take; 0 keeps nothing
   * @param bytesOf how much memory one value takes
   * @throws CortadoException if the limit is negative
   */
  public SampleCache(int samples, long limitBytes, ToLongFunction<? super V> bytesOf) {
    if (limitBytes < 0) {
      throw new CortadoException("the cache's limit must not be negative, got " + limitBytes);
    }
    values = new AtomicReferenceArray<>(samples);
    limit = limitBytes;
    this.bytesOf = bytesOf;
  }

  /**
   * A cache that may take a share of the largest heap this JVM can have.
   *
   * @param share between 0 and 1
   * @throws CortadoException if the share is not between 0 and 1
   */
  public static <V> SampleCache<V> ofHeapShare(
      int samples, double share, ToLongFunction<? super V> bytesOf) {
    if (!(share >= 0 && share <= 1)) {
      throw new CortadoException("the cache's share must be between 0 and 1, got " + share);
    }
    return new SampleCache<>(samples, (long) (share * Runtime.getRuntime().maxMemory()), bytesOf);
  }

  /**
   * The value of one sample: the kept one, or what {@code decode} gives. What {@code decode} throws
   * is passed on and not kept.
   */
  public V get(int index, IntFunction<? extends V> decode) {
    V kept = values.get(index);
    if (kept != null) {
      hits.incrementAndGet();
      return kept;
    }
    misses.incrementAndGet();
    V fresh = decode.apply(index);
    long bytes = bytesOf.applyAsLong(fresh);
    if (!reserve(bytes)) {
      return fresh;
    }
    if (values.compareAndSet(index, null, fresh)) {
      return fresh;
    }
    // Another thread decoded the same sample meanwhile.
    used.addAndGet(-bytes);
    V other = values.get(index);
    return other == null ? fresh : other;
  }

  private boolean reserve(long bytes) {
    long before = used.get();
    while (before + bytes <= limit) {
      if (used.compareAndSet(before, before + bytes)) {
        return true;
      }
      before = used.get();
    }
    return false;
  }

  /** How much memory the kept values take, in bytes. */
  public long usedBytes() {
    return used.get();
  }

  /** How many reads were answered from memory. */
  public long hits() {
    return hits.get();
  }

  /** How many reads had to decode. */
  public long misses() {
    return misses.get();
  }
}
