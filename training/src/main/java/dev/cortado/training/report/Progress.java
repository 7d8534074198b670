package dev.cortado.training.report;

/**
 * How far something has come.
 *
 * @param label what it is: {@code "epoch 3/10 train"}
 * @param done how many are done
 * @param total how many there are
 * @param steadySeconds how long as many take at the pace that was kept once it was going: less than
 *     the time that has passed by what is slow only in the beginning. 0 while nothing can be said
 * @param note something to say after the figures, such as {@code "loss 0.412"}; may be empty
 * @param unit what is counted, such as {@code "images"}
 */
public record Progress(
    String label, long done, long total, double steadySeconds, String note, String unit) {
  /** Counts images. */
  public Progress(String label, long done, long total, double steadySeconds, String note) {
    this(label, done, total, steadySeconds, note, "images");
  }

  /** The share that is done, 0 to 1; 1 if there was nothing to do. */
  public double share() {
    return total <= 0 ? 1 : Math.clamp((double) done / total, 0, 1);
  }

  /** How many in a second, without the slow beginning; 0 before anything can be said. */
  public double rate() {
    return steadySeconds > 0 ? done / steadySeconds : 0;
  }

  /** The time left at that rate, in seconds; NaN before anything can be said. */
  public double secondsLeft() {
    return rate() > 0 ? Math.max(0, total - done) / rate() : Double.NaN;
  }
}
