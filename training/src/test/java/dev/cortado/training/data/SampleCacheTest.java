package dev.cortado.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SampleCacheTest {

  @Property
  void neverTakesMoreThanItsLimitAndNeverChangesAValue(
      @ForAll @IntRange(max = 500) int limit, @ForAll @IntRange(min = 1, max = 40) int size) {
    var cache = new SampleCache<byte[]>(30, limit, b -> b.length);
    for (int epoch = 0; epoch < 2; epoch++) {
      for (int i = 0; i < 30; i++) {
        assertThat(cache.get(i, index -> filled(size, index))).isEqualTo(filled(size, i));
      }
    }
    int kept = Math.min(30, limit / size);
    assertThat(cache.usedBytes()).isEqualTo((long) kept * size);
    assertThat(cache.hits()).isEqualTo(kept);
    assertThat(cache.misses()).isEqualTo(60 - kept);
  }

  private static byte[] filled(int size, int index) {
    var bytes = new byte[size];
    java.util.Arrays.fill(bytes, (byte) index);
    return bytes;
  }

  @Test
  void aFailedReadIsNotKept() {
    var cache = new SampleCache<byte[]>(1, 100, b -> b.length);
    assertThatThrownBy(
            () ->
                cache.get(
                    0,
                    _ -> {
                      throw new CortadoException("no image");
                    }))
        .hasMessage("no image");
    assertThat(cache.get(0, _ -> new byte[] {7})).containsExactly(7);
  }

  @Test
  void twoThreadsThatDecodeTheSameSampleShareOneValue() throws Exception {
    var cache = new SampleCache<byte[]>(1, 100, b -> b.length);
    var both = new CyclicBarrier(2);
    try (var pool = Executors.newFixedThreadPool(2)) {
      var first = pool.submit(() -> cache.get(0, _ -> decode(both)));
      var second = pool.submit(() -> cache.get(0, _ -> decode(both)));
      assertThat(first.get()).isSameAs(second.get());
    }
    assertThat(cache.usedBytes()).isEqualTo(10);
  }

  private static byte[] decode(CyclicBarrier both) {
    try {
      both.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return new byte[10];
  }

  @Test
  void refusesImpossibleLimits() {
    assertThatThrownBy(() -> new SampleCache<byte[]>(1, -1, b -> b.length))
        .isInstanceOf(CortadoException.class);
    assertThatThrownBy(() -> SampleCache.<byte[]>ofHeapShare(1, 1.5, b -> b.length))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("1.5");
    assertThat(SampleCache.<byte[]>ofHeapShare(1, 0.1, b -> b.length).usedBytes()).isZero();
  }
}
