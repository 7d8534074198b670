package dev.cortado.benchmarks.kernel;

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
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One kernel on one shape: a row of the table of {@code cortado bench kernels}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class KernelBenchmark {
  /** Kernel and shape, as the table shows them. */
  @Param({"sgemm NN 1024x1024x1024", "add 8x96x112x112"})
  public String kernel = "";

  /** Threads that compute. */
  @Param({"1", "2"})
  public int threads = 1;

  private Runnable run = () -> {};
  private int before = 1;

  /** Makes the inputs. */
  @Setup
  public void setUp() {
    before = Parallel.threads();
    run = Cases.named(kernel).prepare().get();
    Parallel.setThreads(threads);
  }

  /** Gives the cores back, for the next row in the same process. */
  @TearDown
  public void tearDown() {
    Parallel.setThreads(before);
    run = () -> {};
  }

  /** Computes once. */
  @Benchmark
  public void run() {
    run.run();
  }
}
