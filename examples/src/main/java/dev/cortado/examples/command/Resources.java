package dev.cortado.examples.command;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Parallel;
import picocli.CommandLine.Option;

/** Options of every command that computes. */
final class Resources {
  private static final int MOST_THREADS = 1024;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads for arithmetic (default: all cores). Results do not depend on it.")
  private Integer threads = Parallel.threads();

  /** Makes the options take effect. */
  void apply() {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new CortadoException(
          "--threads must be between 1 and %d, got %d".formatted(MOST_THREADS, threads));
    }
    Parallel.setThreads(threads);
  }
}
