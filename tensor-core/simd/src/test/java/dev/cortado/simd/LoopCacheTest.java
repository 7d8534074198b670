package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoopCacheTest {
  private final AtomicInteger made = new AtomicInteger();
  private final LoopCache<Integer, String> cache =
      new LoopCache<>(
          key -> {
            made.incrementAndGet();
            return "loop " + key;
          });

  @Test
  void makesEachLoopOnce() {
    assertThat(cache.get(1)).isSameAs(cache.get(1)).isEqualTo("loop 1");
    assertThat(made).hasValue(1);
  }

  @Test
  void startsAnewWhenFull() {
    for (int key = 0; key < LoopCache.MOST; key++) {
      cache.get(key);
    }
    cache.get(0);
    assertThat(made).hasValue(LoopCache.MOST);
    cache.get(-1);
    assertThat(cache.get(0)).isEqualTo("loop 0");
    assertThat(made).hasValue(LoopCache.MOST + 2);
  }
}
