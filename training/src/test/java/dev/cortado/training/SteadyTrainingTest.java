package dev.cortado.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.cortado.nn.ActivationLayer;
import dev.cortado.nn.AdaptiveAvgPool2d;
import dev.cortado.nn.BatchNorm2d;
import dev.cortado.nn.Conv2d;
import dev.cortado.nn.Dropout;
import dev.cortado.nn.Flatten;
import dev.cortado.nn.Linear;
import dev.cortado.nn.Sequential;
import dev.cortado.tensor.Backends;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import dev.cortado.training.optim.Optimizer;
import dev.cortado.training.optim.UpdateRule;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A training may run for days: memory may not grow with its steps, nor what they allocate. */
class SteadyTrainingTest {
  private static final RandomKey KEY = RandomKey.of(3);
  private static final int IMAGES = 16;
  private static final int SIZE = 24;
  private static final int CHANNELS = 16;

  /** One activation of the first layer; a step makes some ten arrays of this size. */
  private static final long LARGEST = 4L * IMAGES * CHANNELS * SIZE * SIZE;

  private static final long LIMIT = 2 * LARGEST;
  private static final int WINDOW = 100;

  private final Sequential network =
      new Sequential(
          new Conv2d(3, CHANNELS, Conv2d.kernel(3).withPadding(1)),
          new BatchNorm2d(CHANNELS),
          ActivationLayer.silu(),
          new Conv2d(CHANNELS, CHANNELS, Conv2d.kernel(3).withPadding(1)),
          new BatchNorm2d(CHANNELS),
          ActivationLayer.silu(),
          new AdaptiveAvgPool2d(1),
          new Flatten(),
          new Dropout(0.1),
          new Linear(CHANNELS, 3));
  private final Tensor images = Tensor.normal(KEY.split("x"), IMAGES, 3, SIZE, SIZE);
  private final Tensor labels =
      Tensor.of(LongStream.range(0, IMAGES).map(i -> i % 3).toArray(), IMAGES);

  @Test
  void threeHundredStepsLeaveMemoryAndAllocationFlat() {
    assumeTrue(
        Backends.current() != Backends.reference(),
        "skipped: the reference, the only backend here, works on copies in double precision");
    Parallel.withThreads(1, this::check);
  }

  private void check() {
    network.initialize(KEY);
    var optimizer = new Optimizer(UpdateRule.Adam.decoupled(0.01), network.parameters(), 1e-3);
    var trainer = new Trainer(network::apply, optimizer, 0.1, KEY);
    // Interpreted vectors are objects: how soon the loops are compiled depends on the load.
    long before = Long.MAX_VALUE;
    for (int round = 0; round < 20 && before > LIMIT; round++) {
      before = bytesPerStep(trainer, WINDOW / 2);
    }
    assertThat(before).as("bytes allocated by a step, pooled").isLessThan(LIMIT);
    long live = live();
    for (int window = 0; window < 3; window++) {
      assertThat(bytesPerStep(trainer, WINDOW))
          .as("bytes allocated by a step in steps %d to %d", window * WINDOW, (window + 1) * WINDOW)
          .isLessThan(before + before / 4 + LARGEST / 10);
    }
    assertThat(live() - live).as("live bytes gained in 300 steps").isLessThan(2 * LARGEST);
  }

  private long bytesPerStep(Trainer trainer, int steps) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = threads.getCurrentThreadAllocatedBytes();
    var batches = Collections.nCopies(steps, new Batch(images, labels)).iterator();
    double loss = trainer.train(batches, 1, (step, value) -> {}).loss();
    assertThat(loss).isFinite();
    return (threads.getCurrentThreadAllocatedBytes() - allocated) / steps;
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
