package dev.cortado.benchmarks.kernel;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Prints the rows as they come, so that a long measurement can be read from the start. */
final class KernelTable {
  private final PrintStream out;
  private final int kernelWidth;
  private final int shapeWidth;
  private final List<KernelResult> earlier;

  /**
   * Creates the table.
   *
   * @param earlier what to compare with; empty for nothing
   */
  KernelTable(PrintStream out, List<KernelCase> rows, List<KernelResult> earlier) {
    this.out = out;
    this.earlier = earlier;
    this.kernelWidth = rows.stream().mapToInt(row -> row.kernel().length()).max().orElse(0);
    this.shapeWidth = rows.stream().mapToInt(row -> row.shape().length()).max().orElse(0);
  }

  /** Prints the heading. */
  void head() {
    var line = line("kernel", "shape", "threads", "", "", "of limit");
    out.println(earlier.isEmpty() ? line : line + "   before");
    out.println("-".repeat(line.length() + (earlier.isEmpty() ? 0 : 9)));
  }

  /** Prints a row. */
  void row(KernelResult r) {
    var line =
        line(
            r.kernel(),
            r.shape(),
            Integer.toString(r.threads()),
            number("%.1f", r.value()),
            r.unit(),
            number("%.0f %%", r.percentOfLimit()));
    var before = before(r);
    out.println(line + before.map(b -> number("  %6.2f x", r.value() / b.value())).orElse(""));
    out.flush();
  }

  private Optional<KernelResult> before(KernelResult row) {
    return earlier.stream().filter(row::isRowOf).findFirst();
  }

  private String line(
      String kernel, String shape, String threads, String value, String unit, String percent) {
    return ("%-" + kernelWidth + "s  %-" + shapeWidth + "s  %7s  %8s %-7s  %8s")
        .formatted(kernel, shape, threads, value, unit, percent);
  }

  /** Prints how compiled formulas compare with their controls. */
  void controls(List<KernelCase> cases, List<KernelResult> results) {
    boolean first = true;
    for (var row : cases) {
      for (var r : results) {
        if (row.control() == null || !isResult(r, row.kernel(), row.shape())) {
          continue;
        }
        for (var control : results) {
          if (control.threads() == r.threads() && isResult(control, row.control(), row.shape())) {
            out.print(first ? System.lineSeparator() : "");
            first = false;
            out.printf(
                Locale.ROOT,
                "%s, threads %d: %.2f x \"%s\"%n",
                row.kernel(),
                r.threads(),
                r.value() / control.value(),
                row.control());
          }
        }
      }
    }
  }

  private static boolean isResult(KernelResult result, String kernel, String shape) {
    return result.kernel().equals(kernel) && result.shape().equals(shape);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
