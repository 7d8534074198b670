package dev.cortado.benchmarks.kernel;

import dev.cortado.training.report.ProgressBar;
import java.io.PrintStream;
import java.util.Locale;

/**
 * One line that says which row is being measured, in a terminal; it makes room for the row. Nothing
 * elsewhere: there the rows themselves show how far it is.
 */
final class BenchProgress implements AutoCloseable {
  private static final int BAR = 20;
  private static final int WIDTH = 79;

  private final PrintStream out;
  private final boolean terminal = ProgressBar.detectMode() == ProgressBar.Mode.TERMINAL;
  private final int total;
  private final long began = System.nanoTime();
  private int done;

  BenchProgress(PrintStream out, int total) {
    this.out = out;
    this.total = total;
  }

  /** Shows what comes next. */
  void next(String what) {
    if (terminal) {
      out.print("\r" + line(done, total, (System.nanoTime() - began) * 1e-9, what));
      out.flush();
    }
    done++;
  }

  static String line(int done, int total, double seconds, String what) {
    int full = BAR * done / total;
    var left = done == 0 ? "" : ", " + duration(seconds / done * (total - done)) + " left";
    var text =
        "[%s%s] %d/%d%s: %s"
            .formatted("#".repeat(full), ".".repeat(BAR - full), done, total, left, what);
    return text.length() <= WIDTH ? text : text.substring(0, WIDTH);
  }

  private static String duration(double seconds) {
    long whole = Math.round(seconds);
    return String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
  }

  /** Wipes the line. */
  void clear() {
    if (terminal) {
      out.print("\r" + " ".repeat(WIDTH) + "\r");
      out.flush();
    }
  }

  @Override
  public void close() {
    clear();
  }
}
