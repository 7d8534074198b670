package dev.cortado.examples.command;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Parallel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures the kernels of the fast backend against the hardware's limits. */
@Command(
    name = "kernels",
    sortOptions = false,
    description = {
      "Measures the kernels against what the hardware can do.",
      "",
      "Each row is a kernel on a shape: how fast it is, and how many per cent that is of the"
          + " hardware's limit, which is measured first: the peak of multiply-adds for what"
          + " computes, the bandwidth of a copy for what moves memory. All rows take about a"
          + " quarter of an hour, with --quick three minutes. Run nothing else meanwhile.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  cortado bench kernels --quick",
      "  cortado bench kernels 'sgemm|conv' --threads 1 --json before.json",
      "  cortado bench kernels 'sgemm|conv' --threads 1 --compare before.json"
    })
public final class BenchKernelsCommand implements Runnable {
  @Parameters(
      arity = "0..1",
      paramLabel = "PATTERN",
      defaultValue = "",
      description = "Only rows that contain this, a regular expression.")
  private String pattern = "";

  @Option(
      names = "--threads",
      paramLabel = "N",
      split = ",",
      description = "Thread counts to measure with (default: 1 and all cores).")
  private @Nullable List<Integer> threads;

  @Option(
      names = "--quick",
      description = "Short measurements in one process, instead of one process for each row.")
  private boolean quick;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the figures as JSON too; '-' prints them, and the table on stderr.")
  private @Nullable Path json;

  @Option(
      names = "--compare",
      paramLabel = "FILE",
      description = "Show how much faster each row is than in a file that --json wrote.")
  private @Nullable Path compare;

  /** Creates the command; picocli fills it. */
  public BenchKernelsCommand() {}

  @Override
  public void run() {
    var request = new KernelBenchmarks.Request(pattern, threadCounts(), quick, json, compare);
    if (json != null && Files.isDirectory(json)) {
      throw new CortadoException("--json " + json + " cannot be written: it is a folder");
    }
    ServiceLoader.load(KernelBenchmarks.class)
        .findFirst()
        .orElseThrow(
            () ->
                new CortadoException(
                    "the benchmarks are in a jar of their own: ./cortado bench kernels, in a"
                        + " checkout, or java -jar benchmarks.jar bench kernels"))
        .run(request);
  }

  private List<Integer> threadCounts() {
    int cores = Parallel.threads();
    if (threads == null) {
      return Stream.of(1, cores).distinct().toList();
    }
    for (int count : threads) {
      if (count < 1) {
        throw new CortadoException("--threads must be at least 1, got " + count);
      }
    }
    return threads.stream().distinct().toList();
  }
}
