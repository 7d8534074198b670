package dev.cortado.training.classify;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.cortado.autograd.Autograd;
import dev.cortado.nn.ActivationLayer;
import dev.cortado.nn.Linear;
import dev.cortado.nn.Sequential;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Activation;
import dev.cortado.training.Batch;
import dev.cortado.training.Trainer;
import dev.cortado.training.optim.Optimizer;
import dev.cortado.training.optim.UpdateRule;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A long training needs no more memory than a short one. */
class MemoryTest {
  private static final long TOLERANCE = 2 << 20;

  @Test
  void theHeapStaysFlatOverHundredsOfSteps() {
    var model = Small.network(3);
    model.train();
    var optimizer = new Optimizer(UpdateRule.Adam.decoupled(0), model.parameters(), 1e-3);
    var trainer = new Trainer(model::apply, optimizer, 0, RandomKey.of(1));
    var key = RandomKey.of(2);
    var pixels = new float[4 * 3 * Small.SIDE * Small.SIDE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (key.word(i) & 0xFFFF) / 65536f;
    }
    var images = Tensor.of(pixels, 4, 3, Small.SIDE, Small.SIDE).channelsLast();
    var batch = new Batch(images, Tensor.of(new long[] {0, 1, 2, 0}, 4));

    steps(trainer, batch, 100);
    long after100 = liveBytes();
    long early = allocatedBy(() -> steps(trainer, batch, 100));
    long late = allocatedBy(() -> steps(trainer, batch, 100));
    long after300 = liveBytes();

    assertThat(optimizer.steps()).isEqualTo(300);
    // Kept graphs or arrays would add at least this network's 700 kB of results 200 times.
    assertThat(after300 - after100).isLessThan(TOLERANCE);
    // Loops that are compiled meanwhile allocate less; nothing may make steps allocate more.
    assertThat(late).as("bytes in 100 steps").isLessThan(early + early / 10 + TOLERANCE);
  }

  /** The step's arrays come from the steps before, so it allocates less than it computes. */
  @Test
  void stepsRecycleTheirArrays() {
    var x = Tensor.normal(RandomKey.of(1), 256, 256);
    var model = new Sequential(new Linear(256, 256), new ActivationLayer(new Activation.Silu()));
    model.initialize(RandomKey.of(3));
    model.train();
    var optimizer = new Optimizer(UpdateRule.Adam.decoupled(0), model.parameters(), 1e-3);
    Runnable step =
        () -> {
          try (var scope = Scope.open()) {
            optimizer.step(Autograd.backward(model.apply(x).square().mean()));
          }
        };
    // Interpreted vectors are objects: how soon the loops are compiled depends on the machine, and
    // the special ones are compiled in the background.
    long array = 4L * 256 * 256;
    // Forward and backward make ten such arrays. What describes the work is small objects, which
    // fill a cache line each where the JVM aligns them so.
    long limit = 2 * array;
    long perStep = Long.MAX_VALUE;
    for (int round = 0; round < 400 && perStep > limit; round++) {
      perStep = allocatedBy(() -> IntStream.range(0, 20).forEach(i -> step.run())) / 20;
    }
    assertThat(perStep).as("bytes allocated by a step").isLessThan(limit);
  }

  /** Counts all threads. */
  private static long allocatedBy(Runnable body) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getTotalThreadAllocatedBytes();
    body.run();
    return threads.getTotalThreadAllocatedBytes() - before;
  }

  private static void steps(Trainer trainer, Batch batch, int count) {
    trainer.train(Collections.nCopies(count, batch).iterator(), 0, (images, loss) -> {});
  }

  /** The least of a second: loops that come up to speed in the background hold scratch. */
  private static long liveBytes() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 10; i++) {
      System.gc();
      var runtime = Runtime.getRuntime();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
      LockSupport.parkNanos(100_000_000);
    }
    return least;
  }
}
