package dev.cortado.training.classify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import dev.cortado.training.Batch;
import dev.cortado.training.Trainer;
import dev.cortado.training.optim.Optimizer;
import dev.cortado.training.optim.UpdateRule;
import java.util.Collections;
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
    steps(trainer, batch, 200);
    long after300 = liveBytes();

    assertThat(optimizer.steps()).isEqualTo(300);
    // Kept graphs or arrays would add at least this network's 700 kB of results 200 times.
    assertThat(after300 - after100).isLessThan(TOLERANCE);
  }

  private static void steps(Trainer trainer, Batch batch, int count) {
    trainer.train(Collections.nCopies(count, batch).iterator(), 0, (images, loss) -> {});
  }

  private static long liveBytes() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      var runtime = Runtime.getRuntime();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }
}
