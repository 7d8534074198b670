package dev.cortado.vision.weights;

import dev.cortado.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * A state under Cortado's names.
 *
 * @param naming whose names it had
 * @param tensors the tensors by their names in Cortado, unmodifiable
 * @param dropped names that were left out because no classifier needs them
 */
public record NamedState(
    Naming naming, SequencedMap<String, Tensor> tensors, List<String> dropped) {
  /** Copies map and list. */
  public NamedState {
    tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
    dropped = List.copyOf(dropped);
  }
}
