package dev.cortado.training.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Counts, for every pair of classes, how many images of the one (row) were taken for the other
 * (column). Not thread-safe.
 */
public final class ConfusionMatrix {
  private static final int NAME_WIDTH = 24;

  private final List<String> classes;
  private final long[][] counts;

  /** An empty matrix of these classes. */
  public ConfusionMatrix(List<String> classes) {
    this.classes = List.copyOf(classes);
    counts = new long[classes.size()][classes.size()];
  }

  /** Adds one image. */
  public void add(int predicted, int actual) {
    counts[check(actual)][check(predicted)]++;
  }

  /** Adds a batch: the predicted and the actual class of each image. */
  public void add(int[] predicted, int[] actual) {
    if (predicted.length != actual.length) {
      throw new IllegalArgumentException(
          "%d predictions for %d labels".formatted(predicted.length, actual.length));
    }
    for (int i = 0; i < actual.length; i++) {
      add(predicted[i], actual[i]);
    }
  }

  /** How many images of class {@code actual} were taken for {@code predicted}. */
  public long count(int actual, int predicted) {
    return counts[check(actual)][check(predicted)];
  }

  /** All images of a class. */
  public long images(int actual) {
    long sum = 0;
    for (long count : counts[check(actual)]) {
      sum += count;
    }
    return sum;
  }

  /** The share of a class's images that were recognised, 0 to 1; NaN for a class without images. */
  public double recall(int actual) {
    long images = images(actual);
    return images == 0 ? Double.NaN : (double) counts[actual][actual] / images;
  }

  /** The share of images taken for a class that belong to it, 0 to 1; NaN if none was. */
  public double precision(int predicted) {
    check(predicted);
    long taken = 0;
    for (long[] row : counts) {
      taken += row[predicted];
    }
    return taken == 0 ? Double.NaN : (double) counts[predicted][predicted] / taken;
  }

  /** The share of all images on the diagonal, 0 to 1; NaN before the first image. */
  public double accuracy() {
    long right = 0;
    long all = 0;
    for (int i = 0; i < counts.length; i++) {
      right += counts[i][i];
      all += images(i);
    }
    return all == 0 ? Double.NaN : (double) right / all;
  }

  /** The matrix as a table: actual classes down, predicted ones across, recall at the end. */
  public String toText() {
    var rows = new ArrayList<List<String>>();
    var head = new ArrayList<>(List.of("actual \\ predicted"));
    classes.forEach(name -> head.add(shorten(name)));
    head.add("recall");
    rows.add(head);
    for (int actual = 0; actual < counts.length; actual++) {
      var row = new ArrayList<>(List.of(shorten(classes.get(actual))));
      for (long count : counts[actual]) {
        row.add(count == 0 ? "." : Long.toString(count));
      }
      double recall = recall(actual);
      row.add(Double.isNaN(recall) ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * recall));
      rows.add(row);
    }
    return align(rows);
  }

  private static String align(List<? extends List<String>> rows) {
    var text = new StringBuilder();
    for (var row : rows) {
      for (int column = 0; column < row.size(); column++) {
        int c = column;
        int width = rows.stream().mapToInt(r -> r.get(c).length()).max().orElse(0);
        var cell = row.get(column);
        var padding = " ".repeat(width - cell.length());
        text.append(column == 0 ? cell + padding : "  " + padding + cell);
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String shorten(String name) {
    return name.length() <= NAME_WIDTH ? name : name.substring(0, NAME_WIDTH - 1) + "…";
  }

  private int check(int label) {
    if (label < 0 || label >= classes.size()) {
      throw new IllegalArgumentException(
          "class %d is not among the %d classes".formatted(label, classes.size()));
    }
    return label;
  }
}
