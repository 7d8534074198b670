package dev.cortado.benchmarks;

import dev.cortado.examples.Main;
import java.io.IOException;

/**
 * Runs the benchmarks: {@code java -jar benchmarks/target/benchmarks.jar [JMH options] [PATTERN]};
 * or, if the first argument is {@code bench}, the command line's tables of them.
 *
 * <p>JMH's forks inherit the flags of the JVM that runs this class, so they need not be repeated.
 */
public final class BenchmarkMain {
  private BenchmarkMain() {}

  /** Runs JMH, or the command {@code bench}, with these arguments. */
  public static void main(String[] args) throws IOException {
    if (args.length > 0 && args[0].equals("bench")) {
      Main.main(args);
    } else {
      org.openjdk.jmh.Main.main(args);
    }
  }
}
