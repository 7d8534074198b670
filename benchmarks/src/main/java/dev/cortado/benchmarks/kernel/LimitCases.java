package dev.cortado.benchmarks.kernel;

import dev.cortado.simd.FmaPeak;
import dev.cortado.tensor.Parallel;
import java.util.List;

/** What the hardware can do: the hundred per cent of all other rows. */
final class LimitCases {
  static final KernelCase PEAK = peak();
  static final KernelCase COPY = copy();

  private static final int ROUNDS = 20_000;
  private static final int CHUNKS = 64;

  /** Floats of the copy: far more than caches of the cores hold. */
  private static final int COPIED = 1 << 24;

  private static final int CHUNK = 1 << 17;

  private LimitCases() {}

  static List<KernelCase> all() {
    return List.of(PEAK, COPY);
  }

  private static KernelCase peak() {
    return KernelCase.flops(
        "limit: multiply-add",
        "registers",
        (double) CHUNKS * FmaPeak.flops(ROUNDS),
        () -> {
          float[] results = new float[CHUNKS];
          return () -> Parallel.run(CHUNKS, chunk -> results[chunk] = FmaPeak.run(ROUNDS));
        });
  }

  private static KernelCase copy() {
    return KernelCase.floats(
        "limit: copy",
        "2 x 64 MiB",
        2.0 * COPIED,
        () -> {
          float[] from = new float[COPIED];
          float[] to = new float[COPIED];
          return () -> Parallel.ranges(COPIED, CHUNK, (i, end) -> copy(from, to, i, end));
        });
  }

  /**
   * A loop, as every kernel is one: {@code System.arraycopy} may write past the caches, which Java
   * code cannot.
   */
  @SuppressWarnings("ManualArrayCopy")
  private static void copy(float[] from, float[] to, int begin, int end) {
    for (int i = begin; i < end; i++) {
      to[i] = from[i];
    }
  }
}
