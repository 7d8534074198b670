package dev.cortado.nn;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cortado.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model as a table: its layers with the shapes of input and output, parameters, trainable
 * parameters and multiply-adds, and how much memory a training step takes. Made without computing a
 * number, so the largest model takes no time and no memory.
 *
 * @param model what the model is called
 * @param input the shape of the input
 * @param rows the model itself, then all layers below it, parents first
 * @param memory what a training step with this input takes
 */
public record Summary(String model, Shape input, List<Row> rows, TrainingMemory memory) {

  /**
   * One layer. Numbers include everything below it.
   *
   * @param path dotted name; empty for the model itself
   * @param kind what the layer is
   * @param depth 0 for the model itself
   * @param input the shape of its input, or null if it was not used
   * @param output the shape of its output, or null if it was not used
   * @param parameters the number of elements of its parameters
   * @param trainable how many of these are trained
   * @param multiplyAdds multiplications with addition in convolutions and matrix products
   */
  public record Row(
      String path,
      String kind,
      int depth,
      @Nullable Shape input,
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
    lines.add(List.of("layer", "input", "output", "parameters", "trainable", "multiply-adds"));
    rows.stream().filter(row -> row.depth() <= depth).forEach(row -> lines.add(cells(row)));
    int[] widths = new int[6];
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
        shape(row.input()),
        shape(row.output()),
        row.parameters() == 0 ? "-" : number(row.parameters()),
        row.parameters() == 0 ? "-" : number(row.trainable()),
        row.multiplyAdds() == 0 ? "-" : number(row.multiplyAdds()));
  }

  private static String format(List<String> cells, int[] widths) {
    var line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      int gap = widths[i] - cells.get(i).length();
      // Names and shapes start at the left of their column, numbers end at its right.
      boolean left = i < 3;
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
        multiply-adds         %,d (%.3f G)
        training step         about %s: %s\
        """,
        input,
        parameters(),
        parameters() * 4 / 1e6,
        trainable(),
        parameters() - trainable(),
        multiplyAdds(),
        multiplyAdds() / 1e9,
        TrainingMemory.megabytes(memory.total()),
        memory.parts());
  }

  /**
   * Returns the same as JSON: totals, the parts of the memory in bytes, and the layers down to
   * {@code depth} below the model.
   */
  public String toJson(int depth) {
    var json = new LinkedHashMap<String, Object>();
    json.put("model", model);
    json.put("input", input.toArray());
    json.put("parameters", parameters());
    json.put("trainable", trainable());
    json.put("multiply_adds", multiplyAdds());
    json.put("training_step_bytes", memory.toMap());
    json.put(
        "layers", rows.stream().filter(row -> row.depth() <= depth).map(Summary::toMap).toList());
    try {
      return JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build()
          .writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, @Nullable Object> toMap(Row row) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("name", row.path());
    map.put("kind", row.kind());
    map.put("input", row.input() == null ? null : row.input().toArray());
    map.put("output", row.output() == null ? null : row.output().toArray());
    map.put("parameters", row.parameters());
    map.put("trainable", row.trainable());
    map.put("multiply_adds", row.multiplyAdds());
    return map;
  }

  private static String shape(@Nullable Shape shape) {
    return shape == null ? "-" : shape.toString();
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
