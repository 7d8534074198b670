package dev.cortado.benchmarks.kernel;

import dev.cortado.benchmarks.kernel.KernelCase.Unit;
import dev.cortado.tensor.CortadoException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures rows with JMH: each in a JVM of its own, or all in this one, which is quicker. The
 * figure is the median of the iterations; of the limits, which are measured before the first row,
 * the best.
 */
final class Measurement {
  private static final TimeValue QUICK_WARMUP = TimeValue.milliseconds(120);
  private static final TimeValue QUICK_ITERATION = TimeValue.milliseconds(60);

  /** Percentile of the times that tells what the hardware can do: the shortest. */
  private static final double BEST = 0;

  /** Percentile of the times that tells what a kernel does. */
  private static final double MEDIAN = 50;

  private final boolean quick;
  private final Map<Integer, Map<Unit, Double>> limits = new HashMap<>();

  Measurement(boolean quick) {
    this.quick = quick;
  }

  /** Measures a limit; rows with as many threads are told in per cent of it. */
  KernelResult limit(KernelCase limit, int threads) {
    double value = rate(limit, threads, BEST);
    limits.computeIfAbsent(threads, t -> new EnumMap<>(Unit.class)).put(limit.unit(), value);
    return result(limit, threads, value);
  }

  /** Measures a row. */
  KernelResult row(KernelCase row, int threads) {
    return result(row, threads, rate(row, threads, MEDIAN));
  }

  private KernelResult result(KernelCase row, int threads, double value) {
    var limit = limits.getOrDefault(threads, Map.of()).get(row.unit());
    if (limit == null) {
      throw new IllegalStateException("the limit of " + row.unit() + " comes first");
    }
    return new KernelResult(
        row.kernel(), row.shape(), threads, value, row.unit().symbol(), 100 * value / limit);
  }

  /** Returns billions of operations or bytes a second: work per nanosecond. */
  private double rate(KernelCase row, int threads, double percentile) {
    var options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(KernelBenchmark.class.getName()) + "\\.run$")
            .param("kernel", row.id())
            .param("threads", Integer.toString(threads))
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true);
    if (quick) {
      options.forks(0);
      options.warmupIterations(3).warmupTime(QUICK_WARMUP);
      options.measurementIterations(5).measurementTime(QUICK_ITERATION);
    }
    try {
      var statistics = new Runner(options.build()).runSingle().getPrimaryResult().getStatistics();
      return row.work() / statistics.getPercentile(percentile);
    } catch (RunnerException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      throw new CortadoException(
          "%s cannot be measured: %s".formatted(row.id(), cause.getMessage()), e);
    }
  }
}
