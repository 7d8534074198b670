package dev.cortado.training.report;

/**
 * How far something has come.
 *
 * @param label what it is: {@code "epoch 3/10 train"}
 * @param done how many are done
 * @param total how many there are
 * @param seconds how long that took, or would have without what is slow only in the beginning
 * @param note something to say after the figures, such as {@code "loss 0.412"}; may be empty
 * @param unit what is counted, such as {@code "images"}
 */
public record Progress(
    String label, long done, long total, double seconds, String note, String unit) {
  /** Counts images. */
  public Progress(String label, long done, long total, double seconds, String note) {
    this(label, done, total, seconds, note, "images");
  }

  /** The share that is done, 0 to 1; 1 if there was nothing to do. */
  public double share() {
    return total <= 0 ? 1 : Math.clamp((double) done / total, 0, 1);
  }

  /** How many in a second so far; 0 before anything can be said. */
  public double rate() {
    return seconds > 0 ? done / seconds : 0;
  }

  /** The time left at the rate so far, in seconds; NaN before anything can be said. */
  public double secondsLeft() {
    return rate() > 0 ? Math.max(0, total - done) / rate() : Double.NaN;
  }
}
