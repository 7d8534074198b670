package dev.cortado.vision.weights;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Hugging Face keeps query, key and value apart; torchvision stacks them, in this order, along the
 * first dimension of one tensor.
 */
final class HuggingFaceAttention {
  /** What the name of a joined tensor has in the place of {@code query.} and the others. */
  static final String JOINED = "attention.attention.qkv.";

  private static final String QUERY = "attention.attention.query.";

  private HuggingFaceAttention() {}

  /** Returns the tensors with each query, key and value joined, at the place of the query. */
  static SequencedMap<String, Tensor> joined(String file, SequencedMap<String, Tensor> tensors) {
    var rest = new LinkedHashMap<>(tensors);
    var result = new LinkedHashMap<String, Tensor>();
    for (var name : tensors.keySet()) {
      if (!name.contains(QUERY)) {
        continue;
      }
      var parts = new ArrayList<Tensor>();
      for (var part : List.of("query", "key", "value")) {
        var partName = name.replace("query", part);
        var tensor = rest.remove(partName);
        if (tensor == null) {
          throw new CortadoException(file + " has " + name + " but no " + partName);
        }
        parts.add(tensor);
      }
      result.put(name.replace(QUERY, JOINED), Tensor.cat(0, parts));
    }
    rest.putAll(result);
    return rest;
  }
}
