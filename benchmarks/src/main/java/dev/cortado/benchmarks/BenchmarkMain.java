package dev.cortado.benchmarks;

import java.io.IOException;

/**
 * Runs the benchmarks: {@code java -jar benchmarks/target/benchmarks.jar [JMH options] [PATTERN]}.
 *
 * <p>JMH's forks inherit the flags of the JVM that runs this class, so they need not be repeated.
 */
public final class BenchmarkMain {
  private BenchmarkMain() {}

  /** Runs JMH with these arguments. */
  public static void main(String[] args) throws IOException {
    org.openjdk.jmh.Main.main(args);
  }
}
