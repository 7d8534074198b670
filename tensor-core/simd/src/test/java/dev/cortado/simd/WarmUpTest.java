package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How loops are waited for, shown with loops whose speed is a matter of choice. */
@Timeout(60)
class WarmUpTest {
  private static final long MUCH = 1L << 40;

  /** A loop that takes far too long until it has been called often enough. */
  private static final class Fake implements WarmUp.Loop {
    private final int slowCalls;
    private int calls;
    private int works;

    Fake(int slowCalls) {
      this.slowCalls = slowCalls;
    }

    @Override
    public void work(float[] scratch) {
      works++;
      if (calls < slowCalls) {
        long end = System.nanoTime() + 5_000_000;
        while (System.nanoTime() < end) {
          LockSupport.parkNanos(1_000_000);
        }
      }
    }

    @Override
    public void nothing(float[] scratch) {
      calls++;
    }

    /** A warm-up that a fast call cannot fail: 50 ms. */
    WarmUp warmUp() {
      return new WarmUp(this, 500, 1);
    }
  }

  private static Fake hopeless() {
    return new Fake(Integer.MAX_VALUE);
  }

  @Test
  void callsALoopUntilItIsFast() {
    var loop = new Fake(20_000);
    var warmUp = loop.warmUp();
    warmUp.before(MUCH);
    assertThat(warmUp.isOver()).isTrue();
    assertThat(loop.calls).isGreaterThanOrEqualTo(20_000);
  }

  @Test
  void leavesALoopAloneThatHasLittleToDo() {
    var loop = new Fake(20_000);
    loop.warmUp().before(1);
    assertThat(loop.calls + loop.works).isZero();
  }

  @Test
  void doesNotWaitTwiceForAHopelessLoop() {
    var loop = hopeless();
    var warmUp = loop.warmUp();
    warmUp.before(MUCH);
    int works = loop.works;
    warmUp.before(MUCH);
    assertThat(warmUp.isOver()).isTrue();
    assertThat(loop.works).isEqualTo(works).isPositive();
  }

  @Test
  void warmsUpLoopsAfterManyHopelessOnes() {
    for (int i = 0; i < 6; i++) {
      hopeless().warmUp().before(MUCH);
    }
    var loop = new Fake(20_000);
    loop.warmUp().before(MUCH);
    assertThat(loop.calls).isGreaterThanOrEqualTo(20_000);
  }

  @Test
  void warmsUpALoopBesideAHopelessOne() {
    var loop = new Fake(20_000);
    var both = List.of(hopeless().warmUp(), loop.warmUp());
    WarmUp.before(MUCH, both);
    assertThat(both).allMatch(WarmUp::isOver);
    assertThat(loop.calls).isGreaterThanOrEqualTo(20_000);
  }

  @Test
  void keepsTheInterruptFlagAndPausesNonetheless() {
    var loop = hopeless();
    var warmUp = loop.warmUp();
    Thread.currentThread().interrupt();
    warmUp.before(MUCH);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(warmUp.isOver()).isTrue();
  }

  @Test
  void givesALoopZerosToWorkOn() {
    var sums = new float[2];
    var loop =
        new WarmUp.Loop() {
          @Override
          public void work(float[] scratch) {
            sums[0]++;
            sums[1] += Math.abs(scratch[0]);
            LockSupport.parkNanos(1_000_000);
          }

          @Override
          public void nothing(float[] scratch) {
            scratch[0] = 1;
          }
        };
    new WarmUp(loop, 1, 1).before(MUCH);
    assertThat(sums[0]).isGreaterThan(1);
    assertThat(sums[1]).isZero();
  }
}
