package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which of two loops does the work, shown with loops whose speed is a matter of choice. */
@Timeout(60)
class TiersTest {
  private static final String COMMON = "common";
  private static final String SPECIAL = "special";

  private final AtomicInteger made = new AtomicInteger();

  /** A loop that is fast after that many calls. */
  private static WarmUp warmUp(int slowCalls) {
    var calls = new AtomicInteger();
    var loop =
        new WarmUp.Loop() {
          @Override
          public void work(float[] scratch) {
            if (calls.get() < slowCalls) {
              LockSupport.parkNanos(5_000_000);
            }
          }

          @Override
          public void nothing(float[] scratch) {
            calls.incrementAndGet();
          }
        };
    return new WarmUp(loop, 500, 1);
  }

  private Tiers<String> tiers(WarmUp special) {
    return new Tiers<>(
        COMMON,
        warmUp(0),
        () -> {
          made.incrementAndGet();
          return new Tiers.Special<>(SPECIAL, List.of(special));
        });
  }

  private static void await(Tiers<String> tiers, String loop) {
    while (!tiers.get(1).equals(loop)) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void littleWorkIsDoneByTheCommonLoop() {
    var tiers = tiers(warmUp(0));
    for (int i = 0; i < 10; i++) {
      assertThat(tiers.get(Tiers.WORTH / 10)).isEqualTo(COMMON);
    }
    assertThat(made).hasValue(0);
  }

  @Test
  void muchWorkIsDoneByTheSpecialLoopOnceThatIsFast() {
    var warmUp = warmUp(20_000);
    var tiers = tiers(warmUp);
    assertThat(tiers.get(2 * Tiers.WORTH)).isEqualTo(COMMON);
    await(tiers, SPECIAL);
    assertThat(warmUp.isOver()).isTrue();
    assertThat(made).hasValue(1);
  }

  @Test
  void severalLoopsComeUpToSpeedBesideASlowOne() {
    var hopeless = tiers(warmUp(Integer.MAX_VALUE));
    hopeless.get(2 * Tiers.WORTH);
    for (int i = 0; i < 5; i++) {
      var tiers = tiers(warmUp(20_000));
      tiers.get(2 * Tiers.WORTH);
      await(tiers, SPECIAL);
    }
    assertThat(hopeless.get(1)).isEqualTo(COMMON);
  }

  @Test
  void aLoopThatCannotBeWrittenIsDoneWithout() {
    var broken =
        new Tiers<>(
            COMMON,
            warmUp(0),
            () -> {
              made.incrementAndGet();
              throw new IllegalStateException("cannot compile, as this test wants it");
            });
    broken.get(2 * Tiers.WORTH);
    var next = tiers(warmUp(0));
    next.get(2 * Tiers.WORTH);
    await(next, SPECIAL);
    assertThat(made).hasValue(2);
    assertThat(broken.get(2 * Tiers.WORTH)).isEqualTo(COMMON);
    assertThat(made).hasValue(2);
  }

  @Test
  void testsMayChoose() {
    var tiers = tiers(warmUp(20_000));
    Tiers.with(Tiers.Mode.SPECIAL, () -> assertThat(tiers.get(2 * Tiers.WORTH)).isEqualTo(SPECIAL));
    Tiers.with(Tiers.Mode.COMMON, () -> assertThat(tiers.get(2 * Tiers.WORTH)).isEqualTo(COMMON));
    assertThat(made).hasValue(1);
  }
}
