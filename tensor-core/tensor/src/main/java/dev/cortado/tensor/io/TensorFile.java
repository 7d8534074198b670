package dev.cortado.tensor.io;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What a tensor file holds: tensors by name, in the order in which the file lists them, and free
 * text about them.
 *
 * @param name the file's name, for messages
 * @param tensors the tensors by name, unmodifiable
 * @param metadata the file's own remarks, for example {@code format: pt}; unmodifiable, often empty
 */
public record TensorFile(
    String name, SequencedMap<String, Tensor> tensors, Map<String, String> metadata) {
  /** Copies both maps. */
  public TensorFile {
    tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /**
   * Returns the tensor called {@code tensor}.
   *
   * @throws CortadoException naming file and tensor, and some of what is there, if it is not
   */
  public Tensor tensor(String tensor) {
    var found = tensors.get(tensor);
    if (found == null) {
      var some = tensors.keySet().stream().limit(5).map(Quoted::of).toList();
      throw new CortadoException(
          name
              + " has no tensor "
              + Quoted.of(tensor)
              + "; it holds "
              + (tensors.isEmpty() ? "none" : String.join(", ", some))
              + (tensors.size() > 5 ? ", … (" + tensors.size() + " in all)" : ""));
    }
    return found;
  }

  /** Returns this file with every F16 and BF16 tensor widened to F32, which loses nothing. */
  public TensorFile widened() {
    var wide = new LinkedHashMap<String, Tensor>();
    tensors.forEach((key, tensor) -> wide.put(key, HalfPrecision.widen(tensor)));
    return new TensorFile(name, wide, metadata);
  }
}
