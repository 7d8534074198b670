package dev.cortado.examples.command;

import dev.cortado.training.report.ProgressBar;
import java.io.PrintStream;

/**
 * Tells somebody at a terminal what they are waiting for, in a line that disappears as soon as
 * there is something to say. Into a file or a pipe it writes nothing.
 */
final class Waiting implements AutoCloseable {
  private static final int WIDTH = 79;

  private final PrintStream out;
  private final boolean shown;
  private int drawn;

  Waiting(PrintStream out, boolean shown) {
    this.out = out;
    this.shown = shown;
  }

  /** On standard error, if there is a terminal. */
  static Waiting onTerminal() {
    return new Waiting(System.err, ProgressBar.detectMode() == ProgressBar.Mode.TERMINAL);
  }

  /** Shows what is being done, in place of what was shown before. */
  void on(String what) {
    close();
    if (shown) {
      var line = what.length() > WIDTH ? what.substring(0, WIDTH - 3) + "..." : what;
      out.print(line);
      out.flush();
      drawn = line.length();
    }
  }

  /** Wipes the line off. */
  @Override
  public void close() {
    if (drawn > 0) {
      out.print("\r" + " ".repeat(drawn) + "\r");
      out.flush();
      drawn = 0;
    }
  }
}
