package dev.cortado.nn;

import dev.cortado.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A model as a table: its layers with output shape, parameters, trainable parameters and
 * multiply-adds. Made without computing a number, so the largest model takes no time and no memory.
 *
 * @param model what the model is called
 * @param input the shape of the input
 * @param rows the model itself, then all layers below it, parents first
 */
public record Summary(String model, Shape input, List<Row> rows) {

  /**
   * One layer. Numbers include everything below it.
   *
   * @param path dotted name; empty for the model itself
   * @param kind what the layer is
   * @param depth 0 for the model itself
   * @param output the shape of its output, or null if it was not used
   * @param parameters the number of elements of its parameters
   * @param trainable how many of these are trained
   * @param multiplyAdds multiplications with addition in convolutions and matrix products
   */
  public record Row(
      String path,
      String kind,
      int depth,
      @Nullable Shape output,
      long parameters,
      long trainable,
      long multiplyAdds) {
    /** Returns the last part of the path. */
    public String name() {
      return path.substring(path.lastIndexOf('.') + 1);
    }
  }

  /** Copies the list. */
  public Summary {
    rows = List.copyOf(rows);
  }

  /**
   * Returns the summary of a model in evaluation for a batch of the given shape.
   *
   * @param inputShape for example 1, 3, 224, 224
   */
  public static Summary of(Layer model, int... inputShape) {
    return SummaryRun.run(model, Shape.of(inputShape));
  }

  /** Returns the number of elements of all parameters. */
  public long parameters() {
    return rows.getFirst().parameters();
  }

  /** Returns how many of these are trained. */
  public long trainable() {
    return rows.getFirst().trainable();
  }

  /** Returns the multiply-adds of the whole batch. */
  public long multiplyAdds() {
    return rows.getFirst().multiplyAdds();
  }

  /** Returns the table with all layers. */
  @Override
  public String toString() {
    return table(Integer.MAX_VALUE);
  }

  /**
   * Returns the table with the layers down to {@code depth} below the model, and the totals under
   * it.
   */
  public String table(int depth) {
    var lines = new ArrayList<List<String>>();
    lines.add(List.of("layer", "output", "parameters", "trainable", "multiply-adds"));
    rows.stream().filter(row -> row.depth() <= depth).forEach(row -> lines.add(cells(row)));
    int[] widths = new int[5];
    for (var line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    var text = new StringBuilder();
    var title = format(lines.removeFirst(), widths);
    text.append(title).append('\n').append("-".repeat(title.length())).append('\n');
    lines.forEach(line -> text.append(format(line, widths)).append('\n'));
    return text.append('\n').append(totals()).toString();
  }

  private List<String> cells(Row row) {
    var name = row.depth() == 0 ? model : "  ".repeat(row.depth()) + row.name() + ": " + row.kind();
    return List.of(
        name,
        row.output() == null ? "-" : row.output().toString(),
        row.parameters() == 0 ? "-" : number(row.parameters()),
        row.parameters() == 0 ? "-" : number(row.trainable()),
        row.multiplyAdds() == 0 ? "-" : number(row.multiplyAdds()));
  }

  private static String format(List<String> cells, int[] widths) {
    var line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      int gap = widths[i] - cells.get(i).length();
      // Names and shapes start at the left of their column, numbers end at its right.
      boolean left = i < 2;
      line.append(i == 0 ? "" : "  ")
          .append(left ? cells.get(i) + " ".repeat(gap) : " ".repeat(gap) + cells.get(i));
    }
    return line.toString();
  }

  private String totals() {
    return String.format(
        Locale.ROOT,
        """
        input                 %s
        parameters            %,d (%.1f MB as F32)
        trainable parameters  %,d
        frozen parameters     %,d
        multiply-adds         %,d (%.3f G)\
        """,
        input,
        parameters(),
        parameters() * 4 / 1e6,
        trainable(),
        parameters() - trainable(),
        multiplyAdds(),
        multiplyAdds() / 1e9);
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
