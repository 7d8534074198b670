package dev.cortado.examples.command;

import dev.cortado.training.run.EpochFigures;
import dev.cortado.training.run.RunDirectory;
import dev.cortado.training.run.RunRecord;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is said at the end of a training. */
final class TrainReport {
  private static final int SHOWN = 5;
  private static final int GUESSES = 3;

  /** By test accuracy; of equal ones the smaller loss is better, as for best.safetensors. */
  private static final Comparator<EpochFigures> BEST =
      Comparator.comparingDouble(EpochFigures::testAccuracy)
          .thenComparing(Comparator.comparingDouble(EpochFigures::testLoss).reversed());

  private TrainReport() {}

  static void print(PrintStream out, RunRecord record, RunDirectory folder) {
    out.printf(
        Locale.ROOT,
        "%nTest accuracy %.4f (%d of %d) after %.1f s%n",
        record.testAccuracy(),
        record.testCorrect(),
        record.testImages(),
        record.seconds());
    var last = record.testAccuracy();
    record.epochs().stream()
        .max(BEST)
        .filter(best -> last != null && last < best.testAccuracy())
        .ifPresent(
            best ->
                out.printf(
                    Locale.ROOT,
                    "Best was epoch %d with %.4f: best.safetensors, which predict takes (this test"
                        + " has chosen it, which flatters it a little)%n",
                    best.epoch(),
                    best.testAccuracy()));
    if (!record.skipped().isEmpty()) {
      out.printf("%d photos could not be read and were left out:%n", record.skipped().size());
      record.skipped().stream()
          .limit(SHOWN)
          .forEach(skipped -> out.printf("  %s: %s%n", skipped.name(), skipped.reason()));
    }
    out.printf(
        "Results in %s: run.json, best.safetensors, last.safetensors, curves.png%n"
            + "(TensorBoard reads the folder, too: tensorboard --logdir %1$s)%n",
        folder.path());
  }

  /** Tells a few predictions, spread evenly over those on the sheet. */
  static void print(PrintStream out, List<Predictions.Guess> guesses, @Nullable Path sheet) {
    if (guesses.isEmpty()) {
      return;
    }
    out.printf("%nPredictions%s:%n", sheet == null ? "" : ", more of them in " + sheet);
    int shown = Math.min(GUESSES, guesses.size());
    for (int i = 0; i < shown; i++) {
      out.println("  " + guesses.get((2 * i + 1) * guesses.size() / (2 * shown)));
    }
  }
}
