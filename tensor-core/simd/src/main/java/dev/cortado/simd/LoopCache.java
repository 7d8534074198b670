package dev.cortado.simd;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What has been compiled for some key: made when it is first asked for, then kept. As images may
 * have any size, there is no end to the keys; so when the cache is full it is emptied, and a
 * program that goes through more sizes than that compiles some of them anew. Nothing is lost but
 * time: whoever holds a loop keeps it.
 *
 * @param <K> what a loop depends on
 * @param <V> a loop, or loops that belong together
 */
final class LoopCache<K, V> {
  /** More than the largest models need. */
  static final int MOST = 1000;

  private final ConcurrentHashMap<K, V> entries = new ConcurrentHashMap<>();
  private final Function<K, V> maker;

  /** An empty cache; {@code maker} makes what is missing, and must not ask this cache. */
  LoopCache(Function<K, V> maker) {
    this.maker = maker;
  }

  /** Returns what belongs to {@code key}. */
  V get(K key) {
    var entry = entries.get(key);
    if (entry != null) {
      return entry;
    }
    if (entries.size() >= MOST) {
      entries.clear();
    }
    return entries.computeIfAbsent(key, maker);
  }
}
