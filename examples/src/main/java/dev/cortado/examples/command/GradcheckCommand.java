package dev.cortado.examples.command;

import dev.cortado.examples.gradcheck.Checkable;
import dev.cortado.examples.gradcheck.Checks;
import dev.cortado.examples.gradcheck.Explanation;
import dev.cortado.tensor.CortadoException;
import dev.cortado.training.report.ProgressBar;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares derivatives with differences. */
@Command(
    name = "gradcheck",
    sortOptions = false,
    description = {
      "Checks the derivatives of ops and layers against differences.",
      "",
      "It draws inputs of many shapes, computes the gradient by every element, and moves that"
          + " element a little to see what the function itself says, in double precision. A wrong"
          + " derivative is shown with op, input, index and both values, and the exit code is 1.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  cortado gradcheck",
      "      every op",
      "  cortado gradcheck gelu softmax --second-order",
      "      two of them, and the derivatives of their derivatives",
      "  cortado gradcheck gelu --explain",
      "      also shows the formula and its derivative",
      "  cortado gradcheck --layers",
      "      every layer, by its input and its parameters, in both modes",
      "  cortado gradcheck MultiheadAttention",
      "      one of them",
      "",
      "To see it fail, change a sign in a rule (a class of autograd whose name ends",
      "with Rules) and start it again."
    })
public final class GradcheckCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "OP",
      arity = "0..*",
      description = "What to check, ops or layers; without any: every op.")
  private List<String> names = List.of();

  @Option(
      names = "--layers",
      description =
          "Check layers: all of them, or those that are named, also where an op has"
              + " the same name.")
  private boolean layers;

  @Option(
      names = "--cases",
      paramLabel = "N",
      defaultValue = "20",
      description = "Cases drawn for each (default: ${DEFAULT-VALUE}).")
  private int cases;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "Other seeds draw other cases (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--second-order",
      description = "Check the gradients of the gradients, too: slower.")
  private boolean secondOrder;

  @Option(names = "--explain", description = "Show formulas and their derivatives.")
  private boolean explain;

  /** Creates the command; picocli fills it. */
  public GradcheckCommand() {}

  @Override
  public Integer call() {
    if (cases < 1) {
      throw new CortadoException("--cases must be at least 1, got " + cases);
    }
    var chosen = Checks.select(known(), names);
    if (explain) {
      chosen.forEach(c -> Explanation.of(c.name()).forEach(System.out::println));
      System.out.println();
    }
    var checks = new Checks(seed, cases, secondOrder);
    List<Checks.Row> rows;
    try (var bar =
        new ProgressBar(
            "checking",
            (long) chosen.size() * cases,
            "cases",
            System.out,
            ProgressBar.detectMode())) {
      rows = checks.runAll(chosen, () -> bar.step(1, ""));
    }
    print(rows);
    return rows.stream().allMatch(Checks.Row::passed) ? 0 : 1;
  }

  private List<Checkable> known() {
    if (layers) {
      return Checkable.layers();
    }
    return names.isEmpty() ? Checkable.ops() : Checkable.opsAndLayers();
  }

  private void print(List<Checks.Row> rows) {
    int width = Math.max(5, rows.stream().mapToInt(r -> r.name().length()).max().orElse(0));
    var format = "%-" + width + "s  %5s  %11s  %11s  %s%n";
    System.out.printf(
        format, layers ? "layer" : "op", "cases", "derivatives", "worst error", "verdict");
    for (var row : rows) {
      System.out.printf(
          format,
          row.name(),
          row.cases(),
          String.format(Locale.ROOT, "%,d", row.derivatives()),
          Double.isNaN(row.worst()) ? "-" : String.format(Locale.ROOT, "%.1e", row.worst()),
          row.passed() ? "right" : "WRONG");
    }
    long wrong = rows.stream().filter(r -> !r.passed()).count();
    System.out.printf("%n%d right, %d wrong%n", rows.size() - wrong, wrong);
    if (names.isEmpty() && !layers) {
      System.out.printf("No gradient flows through %s%n", String.join(", ", Checkable.flatOps()));
    }
    for (var row : rows) {
      row.failure()
          .ifPresent(
              failure ->
                  System.out.printf(
                      "%n%s is WRONG: %s%n  again: cortado gradcheck \"%s\" --seed %d --cases"
                          + " %d%s%s%n",
                      row.name(),
                      failure,
                      row.name(),
                      seed,
                      cases,
                      secondOrder ? " --second-order" : "",
                      layers ? " --layers" : ""));
    }
  }
}
