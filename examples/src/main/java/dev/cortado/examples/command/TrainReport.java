package dev.cortado.examples.command;

import dev.cortado.training.run.RunDirectory;
import dev.cortado.training.run.RunRecord;
import java.io.PrintStream;
import java.util.Locale;

/** What is said at the end of a training. */
final class TrainReport {
  private static final int SHOWN = 5;

  private TrainReport() {}

  static void print(PrintStream out, RunRecord record, RunDirectory folder) {
    out.printf(
        Locale.ROOT,
        "%nTest accuracy %.4f (%d of %d) after %.1f s%n",
        record.testAccuracy(),
        record.testCorrect(),
        record.testImages(),
        record.seconds());
    if (!record.skipped().isEmpty()) {
      out.printf("%d photos could not be read and were left out:%n", record.skipped().size());
      record.skipped().stream()
          .limit(SHOWN)
          .forEach(skipped -> out.printf("  %s: %s%n", skipped.name(), skipped.reason()));
    }
    out.printf(
        "Results in %s: run.json, best.safetensors, last.safetensors, curves.png (TensorBoard reads"
            + " the folder, too)%n",
        folder.path());
  }
}
