package dev.cortado.training.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import dev.cortado.vision.model.Models;
import org.junit.jupiter.api.Test;

class StepMemoryTest {
  private static final long MIB = 1 << 20;

  /**
   * Measured with batches of 8, AdamW and the parallel collector: two steps of EfficientNet-B0 run
   * in a heap of 1,050 MiB and not in one of 990, those of the small transformer in 521 and not in
   * 500. A part of these heaps is not for large arrays: what lives at once is less.
   */
  @Test
  void estimatesWhatWasMeasured() {
    var b0 = StepMemory.ofTraining(Models.define("efficientnet_b0", 3));
    assertThat(b0.bytes(8)).isBetween(600 * MIB, 1300 * MIB);
    var vit = StepMemory.ofTraining(Models.define("vit_tiny_patch16_224", 3));
    assertThat(vit.bytes(8)).isBetween(350 * MIB, 700 * MIB);
  }

  @Test
  void frozenFeaturesNeedLess() {
    var whole = Models.define("efficientnet_b0", 3);
    var head = Models.define("efficientnet_b0", 3);
    head.freeze("features");
    assertThat(StepMemory.ofTraining(head).bytes(8))
        .isLessThan(StepMemory.ofTraining(whole).bytes(8) * 2 / 3);
  }

  @Test
  void largestBatchIsTheLastThatFits() {
    var memory = new StepMemory(100, 7);
    assertThat(memory.largestBatch(121)).isEqualTo(3);
    assertThat(memory.largestBatch(120)).isEqualTo(2);
    assertThat(memory.largestBatch(50)).isZero();
    assertThat(memory.bytes(3)).isEqualTo(121);
  }

  @Test
  void saysHowMuchIsNeededAndWhichBatchFits() {
    var memory = new StepMemory(0, Runtime.getRuntime().maxMemory() / 16);
    assertThatThrownBy(() -> memory.require("a step of x", 20, "--batch-size %d"))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("a step of x with 20 images needs")
        .hasMessageContaining("-Xmx")
        .hasMessageMatching("(?s).*or use --batch-size ([1-9]|1[0-5])");
  }

  @Test
  void refusesSizesThatTheModelDoesNotTake() {
    var vit = Models.define("vit_tiny_patch16_224", 3);
    assertThatThrownBy(() -> StepMemory.ofPrediction(vit, 100, 100))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("224");
  }
}
