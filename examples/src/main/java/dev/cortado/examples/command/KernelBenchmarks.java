package dev.cortado.examples.command;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What measures kernels. It is in the jar of the benchmarks, not in that of the command line, and
 * found with {@link java.util.ServiceLoader}.
 */
public interface KernelBenchmarks {
  /** The file name that stands for the standard output. */
  String STANDARD_OUTPUT = "-";

  /**
   * What is asked for.
   *
   * @param pattern a regular expression for the rows; empty for all
   * @param threads the thread counts to measure with
   * @param quick whether to measure all in one process, briefly
   * @param json where the figures go as JSON, {@link #STANDARD_OUTPUT} included; or null
   * @param compare an earlier file of that kind to compare with, or null
   */
  record Request(
      String pattern,
      List<Integer> threads,
      boolean quick,
      @Nullable Path json,
      @Nullable Path compare) {
    /** Copies the list. */
    public Request {
      threads = List.copyOf(threads);
    }
  }

  /**
   * Measures and prints a table.
   *
   * @throws dev.cortado.tensor.CortadoException if nothing matches the pattern, or a file cannot be
   *     read or written
   */
  void run(Request request);
}
