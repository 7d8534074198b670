package dev.cortado.vision.weights;

import java.util.List;
import java.util.Optional;

/**
 * What was loaded into a model.
 *
 * @param file the file's name
 * @param sha256 the file's SHA-256, 64 hex digits
 * @param published the catalogue's entry for exactly this file, if there is one
 * @param naming whose names the file uses
 * @param halfPrecision whether some of its tensors are F16 or BF16; they were widened
 * @param tensors how many tensors were loaded
 * @param headReplaced whether the file's head was left out because it is for another number of
 *     classes; then the model keeps the head it was initialised with
 * @param fileClasses how many classes the file's head is for; 0 if it has none
 * @param notes what the user should know, one sentence each; mostly empty
 */
public record LoadResult(
    String file,
    String sha256,
    Optional<Weights> published,
    Naming naming,
    boolean halfPrecision,
    int tensors,
    boolean headReplaced,
    int fileClasses,
    List<String> notes) {
  /** Copies the notes. */
  public LoadResult {
    notes = List.copyOf(notes);
  }

  /** Returns the result in a line, for a log. */
  public String summary() {
    return "%s: %d tensors, %s names%s%s%s"
        .formatted(
            file,
            tensors,
            naming.title(),
            halfPrecision ? ", half precision" : "",
            published.map(w -> ", " + w.title()).orElse(""),
            headReplaced
                ? "; its head for " + fileClasses + " classes is left out, the model's own is new"
                : "");
  }
}
