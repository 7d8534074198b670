package dev.cortado.autograd;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Storage;
import dev.cortado.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes down which tracked tensors a checkpointed block reads that it did not make itself: its
 * inputs, parameters, whatever else its code can reach.
 */
final class Capture {
  /** A tensor as the block saw it. */
  private record Seen(Tensor tensor, Storage storage, int version) {}

  private final long start;
  private final @Nullable Capture outer;
  private final Map<Recorded, Seen> seen = new LinkedHashMap<>();

  /**
   * @param start the number of the last node before the block
   * @param outer the checkpoint around this one
   */
  Capture(long start, @Nullable Capture outer) {
    this.start = start;
    this.outer = outer;
  }

  /** Notes the inputs of an op of the block. */
  void note(List<Tensor> inputs, @Nullable Recorded[] edges) {
    for (int i = 0; i < inputs.size(); i++) {
      var edge = edges[i];
      if (edge != null) {
        note(edge, inputs.get(i));
      }
    }
  }

  private void note(Recorded edge, Tensor tensor) {
    if (edge.origin() instanceof Node node && node.number() > start) {
      return; // the block's own
    }
    // The trace of an intermediate tensor would keep its graph; the elements are all we compare.
    var storage = tensor.storage();
    seen.computeIfAbsent(edge, e -> new Seen(tensor.detach(), storage, storage.version()));
    if (outer != null) {
      outer.note(edge, tensor);
    }
  }

  /** Returns where the tensors came from that the block reads. */
  Iterable<Recorded> edges() {
    return seen.keySet();
  }

  /** Forgets everything. */
  void clear() {
    seen.clear();
  }

  /**
   * Refuses a block that reads other tensors the second time: their gradients would go elsewhere.
   *
   * @throws CortadoException if it does
   */
  void checkSame(Capture second) {
    if (!seen.keySet().equals(second.seen.keySet())) {
      throw new CortadoException(
          "a checkpoint's block reads other tracked tensors the second time than the first: a"
              + " parameter was replaced, or the block decides by something that has changed");
    }
  }

  /**
   * Refuses to compute the block again from other numbers than before.
   *
   * @throws CortadoException if one of the tensors was overwritten since
   */
  void checkUnchanged() {
    seen.forEach(
        (edge, before) -> {
          if (before.storage.version() != before.version) {
            throw new CortadoException(
                "the gradient of a checkpoint computes its block again, which reads "
                    + before.tensor.spec()
                    + (edge.origin() instanceof Node made ? " made by " + made.op().name() : "")
                    + ", but "
                    + before.storage.writer()
                    + " has overwritten it since: run backward before the update");
          }
        });
  }
}
