package dev.cortado.training.metrics;

/**
 * Counts how many images were classified correctly: {@code correct / total}, by image, so that a
 * small last batch weighs what it holds. Not thread-safe.
 */
public final class Accuracy {
  private long correct;
  private long total;

  /** Adds a batch's counts. */
  public void add(long correctImages, long images) {
    if (correctImages < 0 || correctImages > images) {
      throw new IllegalArgumentException(
          "%d correct of %d images is impossible".formatted(correctImages, images));
    }
    correct += correctImages;
    total += images;
  }

  /** Adds a batch: the predicted and the actual class of each image. */
  public void add(int[] predicted, int[] actual) {
    if (predicted.length != actual.length) {
      throw new IllegalArgumentException(
          "%d predictions for %d labels".formatted(predicted.length, actual.length));
    }
    long hits = 0;
    for (int i = 0; i < actual.length; i++) {
      hits += predicted[i] == actual[i] ? 1 : 0;
    }
    add(hits, actual.length);
  }

  /** How many images were classified correctly. */
  public long correct() {
    return correct;
  }

  /** How many images there were. */
  public long total() {
    return total;
  }

  /** The share of correct images, 0 to 1; NaN before the first image. */
  public double value() {
    return total == 0 ? Double.NaN : (double) correct / total;
  }
}
