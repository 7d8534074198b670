package dev.cortado.examples.command;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Parallel;
import picocli.CommandLine.Option;

/** Options of every command that computes. */
final class Resources {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads for arithmetic (default: all cores). Has no influence on results.")
  private Integer threads = Parallel.threads();

  /** Makes the options take effect. */
  void apply() {
    if (threads < 1) {
      throw new CortadoException("--threads must be at least 1, got " + threads);
    }
    Parallel.setThreads(threads);
  }
}
