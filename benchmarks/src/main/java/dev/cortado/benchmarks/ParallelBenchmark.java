package dev.cortado.benchmarks;

import dev.cortado.tensor.Parallel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to spread work over the cores: the time of {@link Parallel#run} when a chunk does
 * next to nothing. Chunks have to be so large that this does not matter.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ParallelBenchmark {
  /** How many chunks one call spreads. */
  @Param({"1", "2", "16", "256"})
  public int chunks;

  private float[] results = new float[256 * 16];

  /** The same without {@link Parallel}: what the chunks themselves cost. */
  @Benchmark
  public float[] loop() {
    for (int chunk = 0; chunk < chunks; chunk++) {
      results[chunk * 16] = chunk;
    }
    return results;
  }

  /** Each chunk writes one number, 64 bytes from the next. */
  @Benchmark
  public float[] run() {
    Parallel.run(chunks, chunk -> results[chunk * 16] = chunk);
    return results;
  }
}
