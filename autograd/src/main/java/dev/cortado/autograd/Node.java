package dev.cortado.autograd;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Op;
import dev.cortado.tensor.op.TensorSpec;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One application of an op that was recorded: where its inputs came from, and what its rule needs
 * of them. Nodes are numbered as they are made, so every node has a larger number than those it
 * depends on.
 */
final class Node implements Origin {
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final long number = NUMBERS.incrementAndGet();
  private final Op op;
  private final Rule rule;
  private final TensorSpec[] inputSpecs;
  private final TensorSpec[] outputSpecs;
  private @Nullable Recorded @Nullable [] edges;
  private final @Nullable Tensor[] savedInputs;
  private final @Nullable Tensor[] savedOutputs;
  private final int[] versions;
  private final @Nullable String place;

  Node(Op op, Rule rule, @Nullable Recorded[] edges, List<Tensor> inputs, List<Tensor> outputs) {
    this.op = op;
    this.rule = rule;
    this.edges = edges;
    int n = inputs.size();
    inputSpecs = new TensorSpec[n];
    outputSpecs = new TensorSpec[outputs.size()];
    savedInputs = new Tensor[n];
    savedOutputs = new Tensor[outputs.size()];
    versions = new int[n + outputs.size()];
    var context = Context.current();
    place = context.detecting ? context.place() : null;
    var saves = rule.saves(i -> edges[i] != null);
    for (int i = 0; i < n; i++) {
      var input = inputs.get(i);
      inputSpecs[i] = input.spec();
      if (saves.hasInput(i)) {
        savedInputs[i] = input;
        versions[i] = input.storage().version();
      }
    }
    for (int i = 0; i < outputs.size(); i++) {
      var output = outputs.get(i);
      outputSpecs[i] = output.spec();
      if (saves.hasOutput(i)) {
        savedOutputs[i] = output;
        versions[n + i] = output.storage().version();
      }
    }
  }

  long number() {
    return number;
  }

  /** Returns the number of the node that was made last, in any thread. */
  static long latest() {
    return NUMBERS.get();
  }

  /** Returns the layer that applied the op; null if nobody looks for anomalies, or it was none. */
  @Nullable String place() {
    return place;
  }

  Op op() {
    return op;
  }

  Rule rule() {
    return rule;
  }

  int inputs() {
    return inputSpecs.length;
  }

  int outputs() {
    return outputSpecs.length;
  }

  TensorSpec inputSpec(int index) {
    return inputSpecs[index];
  }

  TensorSpec outputSpec(int index) {
    return outputSpecs[index];
  }

  /**
   * Returns where the inputs came from; null for those that are not tracked.
   *
   * @throws CortadoException if backward has already run through here
   */
  @Nullable Recorded[] edges() {
    var result = edges;
    if (result == null) {
      throw new CortadoException(
          "backward has already run through "
              + op.name()
              + " and let go of what it had saved: add the losses up and run backward once, or"
              + " use Autograd.gradients with createGraph");
    }
    return result;
  }

  /** Returns input number {@code index} as it was when the op was applied, with its trace. */
  Tensor savedInput(int index) {
    return checked(savedInputs[index], index, "input " + index);
  }

  /** Returns output number {@code index} as it was when the op made it, with its trace. */
  Tensor savedOutput(int index) {
    var saved = checked(savedOutputs[index], inputSpecs.length + index, "result " + index);
    return saved.dtype().isFloating() ? saved.withTrace(new Recorded(this, index)) : saved;
  }

  /** Lets go of everything that is only needed once. */
  void release() {
    edges = null;
    java.util.Arrays.fill(savedInputs, null);
    java.util.Arrays.fill(savedOutputs, null);
    if (rule instanceof Checkpoint checkpoint) {
      checkpoint.release();
    }
  }

  private Tensor checked(@Nullable Tensor saved, int slot, String what) {
    if (saved == null) {
      throw new IllegalStateException(op.name() + "'s rule reads its " + what + " unannounced");
    }
    if (saved.storage().version() != versions[slot]) {
      throw new CortadoException(
          "the gradient of "
              + op.name()
              + " needs its "
              + what
              + ", "
              + saved.spec()
              + maker(slot)
              + ", but "
              + saved.storage().writer()
              + " has overwritten it since: run backward before the update, or give the op a copy");
    }
    return saved;
  }

  private String maker(int slot) {
    var edge = edges != null && slot < inputSpecs.length ? edges[slot] : null;
    return edge != null && edge.origin() instanceof Node made ? " made by " + made.op.name() : "";
  }

  @Override
  public String toString() {
    return op.name() + " #" + number;
  }
}
