package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.cortado.tensor.Backends;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Tensor;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class SteadyMemoryTest {
  private static final int SIZE = 256;
  private static final long ARRAY = 4L * SIZE * SIZE;

  /** A step makes six arrays; all but the one it keeps come from the steps before. */
  private static final long LIMIT = 3 * ARRAY;

  @Test
  void threeHundredStepsLeaveMemoryFlat() {
    Backends.with(
        SimdBackend.INSTANCE,
        () -> {
          Parallel.withThreads(1, SteadyMemoryTest::steps);
          return 0;
        });
  }

  private static void steps() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var weights = Tensor.normal(RandomKey.of(1), SIZE, SIZE).mul(0.05);
    var x = Tensor.normal(RandomKey.of(2), SIZE, SIZE);
    // Interpreted vectors allocate: how soon the loops are compiled depends on the machine's load.
    long perStep = Long.MAX_VALUE;
    for (int round = 0; round < 30 && perStep > LIMIT; round++) {
      long allocated = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 100; i++) {
        x = step(x, weights);
      }
      perStep = (threads.getCurrentThreadAllocatedBytes() - allocated) / 100;
    }
    assertThat(perStep).as("bytes allocated by a step").isLessThan(LIMIT);
    long live = live();
    for (int i = 0; i < 300; i++) {
      x = step(x, weights);
    }
    assertThat(live() - live).as("live bytes gained in 300 steps").isLessThan(20 * ARRAY);
    assertThat(x.toFloats()).hasSize(SIZE * SIZE).doesNotContain(Float.NaN);
  }

  private static Tensor step(Tensor x, Tensor weights) {
    try (var scope = Scope.open()) {
      var hidden = x.matmul(weights).silu();
      var mixed = hidden.add(x).mul(0.5).tanh();
      return scope.keep(mixed.sub(mixed.mean(true, -1)));
    }
  }

  private static long live() {
    var memory = ManagementFactory.getMemoryMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      memory.gc();
      least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
