package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.Parallel;
import org.junit.jupiter.api.Test;

/** Neither threads nor recycling nor the JIT compiler may change a bit. */
class SameBitsTest {
  private static final String MODULE = "--add-modules=jdk.incubator.vector";

  @Test
  void whateverTheNumberOfThreads() {
    long expected = StepProgram.digest(4);
    for (int threads = 1; threads <= 3; threads++) {
      Parallel.withThreads(threads, () -> assertThat(StepProgram.digest(4)).isEqualTo(expected));
    }
  }

  @Test
  void interpretedAndCompiled() {
    long expected = StepProgram.digest(4);
    for (int i = 0; i < 150; i++) {
      assertThat(StepProgram.digest(4)).as("run %d", i).isEqualTo(expected);
    }
    assertThat(fork("-Xint")).isEqualTo(expected);
    assertThat(fork("-XX:TieredStopAtLevel=1")).isEqualTo(expected);
  }

  @Test
  void withRecyclingAndWithout() {
    assertThat(fork("-Dcortado.pool=off")).isEqualTo(StepProgram.digest(4));
  }

  /** The forked JVM has the lanes of this one. */
  private static long fork(String flag) {
    String lanes = "-Dcortado.simd.bits=" + Lanes.F32.vectorBitSize();
    return Long.parseLong(Fork.run(StepProgram.class, MODULE, lanes, flag));
  }
}
