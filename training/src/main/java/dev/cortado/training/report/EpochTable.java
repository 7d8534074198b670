package dev.cortado.training.report;

import dev.cortado.training.run.EpochFigures;
import java.util.Locale;

/**
 * The epochs of a run as a table, one row each; the columns stay aligned without knowing later
 * rows.
 *
 * <pre>
 * epoch   train loss   train acc   test loss   test acc   images/s   seconds         lr
 *  1/10       0.9312      62.7 %      0.6120     85.3 %        148       2.1    1.0e-03
 * </pre>
 */
public final class EpochTable {
  private static final String HEADER =
      "%7s%13s%12s%12s%11s%11s%10s%11s"
          .formatted(
              "epoch",
              "train loss",
              "train acc",
              "test loss",
              "test acc",
              "images/s",
              "seconds",
              "lr");

  private final int epochs;

  /** A table for this many epochs. */
  public EpochTable(int epochs) {
    this.epochs = epochs;
  }

  /** The columns' names, to be printed once. */
  public String header() {
    return HEADER;
  }

  /** The row of one epoch. */
  public String row(EpochFigures figures) {
    return "%7s%13s%12s%12s%11s%11s%10s%11s"
        .formatted(
            figures.epoch() + "/" + epochs,
            number("%.4f", figures.trainLoss()),
            percent(figures.trainAccuracy()),
            number("%.4f", figures.testLoss()),
            percent(figures.testAccuracy()),
            number(figures.imagesPerSecond() < 100 ? "%.1f" : "%.0f", figures.imagesPerSecond()),
            number("%.1f", figures.seconds()),
            number("%.1e", figures.learningRate()));
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "-" : number("%.1f %%", 100 * share);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
