package dev.cortado.examples.gradcheck;

import dev.cortado.autograd.GradCheck;
import dev.cortado.tensor.Backends;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.RandomKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Runs checks of derivatives.
 *
 * @param seed decides the cases
 * @param cases how many each
 * @param secondOrder whether the gradients of the gradients are checked, too
 */
public record Checks(long seed, int cases, boolean secondOrder) {
  private static final int SIZES = 4;

  /**
   * What was found of one thing.
   *
   * @param derivatives how many were compared
   * @param worst the largest relative error
   * @param failure what is wrong; empty if nothing is
   */
  public record Row(
      String name, int cases, long derivatives, double worst, Optional<String> failure) {
    /** Returns whether all agree. */
    public boolean passed() {
      return failure.isEmpty();
    }
  }

  /**
   * Returns those of {@code all} that {@code names} ask for; all, if there are no names.
   *
   * @throws CortadoException if there is none of a name; the message tells the nearest and all
   */
  public static List<Checkable> select(List<Checkable> all, List<String> names) {
    if (names.isEmpty()) {
      return all;
    }
    var chosen = new LinkedHashSet<Checkable>();
    for (var name : names) {
      var found = called(all, name, Checkable::name);
      if (found.isEmpty()) {
        found = called(all, name, Checkable::kind);
      }
      if (found.isEmpty()) {
        throw new CortadoException(unknown(all, name));
      }
      chosen.addAll(found);
    }
    return List.copyOf(chosen);
  }

  private static List<Checkable> called(
      List<Checkable> all, String name, Function<Checkable, String> by) {
    var wanted = Checkable.bare(name);
    return all.stream().filter(c -> Checkable.bare(by.apply(c)).equals(wanted)).toList();
  }

  private static String unknown(List<Checkable> all, String name) {
    var names = new LinkedHashSet<String>();
    all.forEach(c -> names.add(c.name()));
    var wanted = Checkable.bare(name);
    // More than half of the letters changed is another word, not a slip.
    var nearest =
        names.stream()
            .filter(n -> 2 * distance(wanted, Checkable.bare(n)) <= wanted.length())
            .min(Comparator.comparingInt(n -> distance(wanted, Checkable.bare(n))))
            .map(n -> "; did you mean '" + n + "'?")
            .orElse(".");
    return "there is no '%s' to check%s Known are %s"
        .formatted(name, nearest, String.join(", ", names));
  }

  /** Levenshtein's distance: letters to insert, remove or replace. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    java.util.Arrays.setAll(row, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  /** Checks one thing, in double precision, on the backend that defines what is correct. */
  public Row run(Checkable checkable, Runnable afterCase) {
    return Backends.with(
        Backends.reference(),
        () -> {
          var key = RandomKey.of(seed).split(checkable.name());
          long derivatives = 0;
          double worst = 0;
          for (int i = 0; i < cases; i++) {
            try {
              var reports = checkable.check().run(key.word(i), 1 + i % SIZES, secondOrder);
              for (var report : reports) {
                derivatives += report.compared();
                worst = Math.max(worst, report.worst());
              }
              var wrong = reports.stream().filter(r -> !r.passed()).findFirst();
              if (wrong.isPresent()) {
                return row(
                    checkable, i + 1, derivatives, worst, wrong.map(GradCheck.Report::toString));
              }
            } catch (RuntimeException e) {
              var message = e instanceof CortadoException ? e.getMessage() : e.toString();
              return row(checkable, i + 1, derivatives, Double.NaN, Optional.of("" + message));
            }
            afterCase.run();
          }
          return row(checkable, cases, derivatives, worst, Optional.empty());
        });
  }

  private static Row row(
      Checkable checkable, int cases, long derivatives, double worst, Optional<String> failure) {
    return new Row(checkable.name(), cases, derivatives, worst, failure);
  }

  /** Returns the rows of several. */
  public List<Row> runAll(List<Checkable> checkables, Runnable afterCase) {
    var rows = new ArrayList<Row>();
    for (var checkable : checkables) {
      rows.add(run(checkable, afterCase));
    }
    return rows;
  }
}
