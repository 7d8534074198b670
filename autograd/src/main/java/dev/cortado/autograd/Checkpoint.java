package dev.cortado.autograd;

import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.CustomOp;
import dev.cortado.tensor.op.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A block that is computed twice: forward keeps only its inputs and results, backward computes it
 * again, recorded this time, and walks through what came out. Chen et al. 2016, "Training Deep Nets
 * with Sublinear Memory Cost".
 *
 * <p>The ops of the second time have their edges where those of the first had them: at the same
 * inputs and parameters. So backward simply goes on into them, and every gradient adds up in the
 * order in which it would have without the checkpoint: the bits are the same.
 */
final class Checkpoint implements Rule {
  /** What threads carry along besides tensors; see {@link Autograd#recomputeWith}. */
  static final List<Supplier<Runnable>> CARRIED = new CopyOnWriteArrayList<>();

  private final UnaryOperator<List<Tensor>> block;
  private final Capture capture;
  private final List<Runnable> carried;

  private Checkpoint(UnaryOperator<List<Tensor>> block, Capture capture, List<Runnable> carried) {
    this.block = block;
    this.capture = capture;
    this.carried = carried;
  }

  /** Computes the block and records it as one node. */
  static List<Tensor> apply(UnaryOperator<List<Tensor>> block, List<Tensor> inputs) {
    var context = Context.current();
    if (context.isPaused()) {
      return block.apply(inputs);
    }
    var carried = bookmark();
    var outer = context.capture;
    var capture = new Capture(Node.latest(), outer);
    context.capture = capture;
    List<Tensor> outputs;
    try {
      outputs = List.copyOf(inScope(block, inputs));
    } finally {
      context.capture = outer;
    }
    if (outputs.stream().noneMatch(Autograd::isTracked)) {
      return outputs;
    }
    var edges = new LinkedHashSet<Recorded>();
    capture.edges().forEach(edges::add);
    @Nullable Recorded[] sources = new Recorded[inputs.size() + edges.size()];
    int used = 0;
    for (var input : inputs) {
      var edge = Recorded.of(input);
      sources[used++] = edge;
      if (edge != null) {
        edges.remove(edge);
      }
    }
    for (var edge : edges) {
      sources[used++] = edge;
    }
    if (outer != null) {
      @Nullable Recorded[] direct = new Recorded[inputs.size()];
      System.arraycopy(sources, 0, direct, 0, direct.length);
      outer.note(inputs, direct);
    }
    var rule = new Checkpoint(block, capture, carried);
    var node = new Node(new Block(), rule, java.util.Arrays.copyOf(sources, used), inputs, outputs);
    var results = new ArrayList<Tensor>();
    for (int k = 0; k < outputs.size(); k++) {
      var output = outputs.get(k);
      results.add(Autograd.isTracked(output) ? output.withTrace(new Recorded(node, k)) : output);
    }
    return results;
  }

  /** What the block makes on the way ends with it, inside a scope at once. */
  private static List<Tensor> inScope(UnaryOperator<List<Tensor>> block, List<Tensor> inputs) {
    if (Scope.current() == null) {
      return block.apply(inputs);
    }
    try (var own = Scope.open()) {
      var outputs = block.apply(inputs);
      outputs.forEach(own::keep);
      return outputs;
    }
  }

  private static List<Runnable> bookmark() {
    return CARRIED.stream().map(Supplier::get).toList();
  }

  /**
   * Returns the results of the block, computed and recorded once more.
   *
   * @throws dev.cortado.tensor.CortadoException if what it reads was overwritten since
   */
  List<Tensor> again(Node node) {
    capture.checkUnchanged();
    var inputs = new ArrayList<Tensor>();
    for (int i = 0; i < node.inputs(); i++) {
      inputs.add(node.savedInput(i));
    }
    var now = bookmark();
    var context = Context.current();
    var before = context.capture;
    var second = new Capture(Node.latest(), before);
    context.capture = second;
    try {
      carried.forEach(Runnable::run);
      var outputs = context.recomputing(() -> block.apply(List.copyOf(inputs)));
      capture.checkSame(second);
      return outputs;
    } finally {
      context.capture = before;
      now.forEach(Runnable::run);
    }
  }

  /** Lets go of what the block reads. */
  void release() {
    capture.clear();
  }

  @Override
  public Saves saves(Wanted wanted) {
    return new Saves(Saves.EVERYTHING.inputs(), 0);
  }

  @Override
  public @Nullable Tensor[] gradients(Backward at) {
    throw new IllegalStateException("backward walks through a checkpoint itself");
  }

  /** Stands for the block in messages. */
  private record Block() implements CustomOp {
    @Override
    public String name() {
      return "checkpoint";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      throw new IllegalStateException("a checkpoint is not applied as an op");
    }

    @Override
    public List<Tensor> compute(List<Tensor> inputs) {
      throw new IllegalStateException("a checkpoint is not applied as an op");
    }

    @Override
    public List<@Nullable Tensor> gradient(
        List<Tensor> inputs, List<Tensor> outputs, List<Tensor> gradients) {
      throw new IllegalStateException("a checkpoint is not applied as an op");
    }
  }
}
