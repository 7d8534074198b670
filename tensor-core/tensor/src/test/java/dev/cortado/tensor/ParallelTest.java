package dev.cortado.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class ParallelTest {
  @Test
  void everyChunkRunsOnce() {
    for (int threads = 1; threads <= 4; threads++) {
      for (int chunks : new int[] {0, 1, 2, 3, 100, 10_000}) {
        var runs = new AtomicIntegerArray(chunks);
        Parallel.withThreads(threads, () -> Parallel.run(chunks, runs::incrementAndGet));
        for (int i = 0; i < chunks; i++) {
          assertThat(runs.get(i)).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void rangesCoverEverythingOnce() {
    for (int size : new int[] {0, 1, 9, 10, 11, 95}) {
      int[] seen = new int[size];
      Parallel.withThreads(
          3,
          () ->
              Parallel.ranges(
                  size,
                  10,
                  (from, to) -> {
                    assertThat(from % 10).isZero();
                    assertThat(to - from).isBetween(1, 10);
                    for (int i = from; i < to; i++) {
                      seen[i]++;
                    }
                  }));
      assertThat(Arrays.stream(seen).allMatch(n -> n == 1)).isTrue();
    }
  }

  @Test
  void theLastRangeOfTheLargestTensorIsNotLost() {
    int size = Integer.MAX_VALUE - 16;
    int chunk = 1 << 20;
    var covered = new java.util.concurrent.atomic.AtomicLong();
    Parallel.ranges(size, chunk, (from, to) -> covered.addAndGet(to - from));
    assertThat(covered.get()).isEqualTo(size);
  }

  @Test
  void callsFromInsideRunSerially() {
    var total = new AtomicInteger();
    Parallel.withThreads(
        2,
        () ->
            Parallel.run(
                4,
                outer -> {
                  var caller = Thread.currentThread();
                  Parallel.run(
                      5,
                      inner -> {
                        assertThat(Thread.currentThread()).isSameAs(caller);
                        total.incrementAndGet();
                      });
                }));
    assertThat(total).hasValue(20);
  }

  @Test
  void aFailingChunkIsThrownAndLeavesEverythingUsable() {
    for (int threads = 1; threads <= 3; threads++) {
      Parallel.withThreads(
          threads,
          () -> {
            assertThatThrownBy(
                    () ->
                        Parallel.run(
                            50,
                            i -> {
                              if (i == 17) {
                                throw new CortadoException("chunk 17");
                              }
                            }))
                .isInstanceOf(CortadoException.class)
                .hasMessage("chunk 17");
            var runs = new AtomicInteger();
            Parallel.run(50, i -> runs.incrementAndGet());
            assertThat(runs).hasValue(50);
          });
    }
  }

  @Test
  void startsNoMoreThreadsThanTheCallCanUse() {
    Parallel.withThreads(300, () -> Parallel.run(2, chunk -> {}));
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().startsWith("cortado-worker"))
        .hasSizeLessThan(50);
  }

  @Test
  void refusesFewerThreadsThanOne() {
    assertThatThrownBy(() -> Parallel.setThreads(0))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("at least 1, got 0");
    int before = Parallel.threads();
    Parallel.withThreads(before + 1, () -> assertThat(Parallel.threads()).isEqualTo(before + 1));
    assertThat(Parallel.threads()).isEqualTo(before);
  }
}
