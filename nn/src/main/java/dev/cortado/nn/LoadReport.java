package dev.cortado.nn;

import dev.cortado.tensor.op.TensorSpec;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * What became of the entries of a state that was loaded. All maps are sorted by name.
 *
 * @param loaded the number of entries that were copied
 * @param missing entries of the layer that the state lacks
 * @param unexpected entries of the state that the layer lacks
 * @param mismatched entries whose shape or kind of type differs
 */
public record LoadReport(
    int loaded,
    SortedMap<String, TensorSpec> missing,
    SortedMap<String, TensorSpec> unexpected,
    SortedMap<String, Mismatch> mismatched) {
  private static final int SHOWN = 10;

  /** What the layer has under a name, and what the state has. */
  public record Mismatch(TensorSpec expected, TensorSpec found) {}

  /** Copies the maps. */
  public LoadReport {
    missing = new TreeMap<>(missing);
    unexpected = new TreeMap<>(unexpected);
    mismatched = new TreeMap<>(mismatched);
  }

  /** Returns whether every entry was found and had its place. */
  public boolean isComplete() {
    return missing.isEmpty() && unexpected.isEmpty() && mismatched.isEmpty();
  }

  /** Returns what did not fit in a few lines, the first ten of each kind; empty if all did. */
  public String problems() {
    var text = new StringBuilder();
    list(text, "missing", missing, (name, spec) -> name + " " + spec);
    list(text, "unexpected", unexpected, (name, spec) -> name + " " + spec);
    list(
        text,
        "of another shape or type",
        mismatched,
        (name, m) -> name + " is " + m.found() + ", expected " + m.expected());
    return text.toString();
  }

  private static <V> void list(
      StringBuilder text, String what, Map<String, V> entries, BiFunction<String, V, String> line) {
    if (entries.isEmpty()) {
      return;
    }
    text.append(text.isEmpty() ? "" : "\n").append(entries.size()).append(' ').append(what);
    text.append(':');
    entries.entrySet().stream()
        .limit(SHOWN)
        .forEach(e -> text.append("\n  ").append(line.apply(e.getKey(), e.getValue())));
    if (entries.size() > SHOWN) {
      text.append("\n  ... and ").append(entries.size() - SHOWN).append(" more");
    }
  }
}
