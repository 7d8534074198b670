package dev.cortado.training.metrics;

/**
 * The mean over images of a value that batches report as their own mean, such as the loss: {@code Σ
 * mean·count / Σ count}. Averaging the batches' means instead would give images of a small last
 * batch too much weight. Not thread-safe.
 */
public final class RunningMean {
  private double sum;
  private long count;

  /**
   * Adds a batch.
   *
   * @param batchMean the mean over the batch's images
   * @param images how many they are
   */
  public void add(double batchMean, long images) {
    if (images < 0) {
      throw new IllegalArgumentException("a batch cannot have " + images + " images");
    }
    if (images > 0) {
      sum += batchMean * images;
      count += images;
    }
  }

  /** The mean so far; NaN before the first image. */
  public double value() {
    return count == 0 ? Double.NaN : sum / count;
  }

  /** How many images were added. */
  public long count() {
    return count;
  }
}
