package dev.cortado.autograd;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.CustomOp;
import dev.cortado.tensor.op.TensorSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One walk from losses back to where they came from. Nodes are visited in the reverse order of
 * their making, so that when a node's turn comes all of its gradient has arrived; and without
 * recursion, so that a graph may be of any depth.
 *
 * <p>Inside a {@link Scope}, each rule runs in a scope of its own: its temporaries are recycled as
 * soon as it is done, and so is the gradient it consumed.
 */
final class BackwardPass {
  private final Context context = Context.current();
  private final boolean createGraph;
  private final boolean release;
  private final @Nullable Recycler recycler;
  private final Map<Origin, Slot[]> slots = new HashMap<>();
  private final PriorityQueue<Node> waiting =
      new PriorityQueue<>(Comparator.comparingLong(Node::number).reversed());

  /** The origins that lead to a target; null if every leaf is one. */
  private @Nullable Set<Origin> needed;

  /** The tensors whose gradients are asked for, and what was found. */
  private final Map<Recorded, @Nullable Tensor> targets = new HashMap<>();

  /**
   * @param createGraph whether the rules' own ops are to be recorded
   * @param release whether nodes may let go of what they saved
   */
  BackwardPass(boolean createGraph, boolean release) {
    this.createGraph = createGraph;
    this.release = release;
    var step = createGraph ? null : Scope.current();
    this.recycler = step == null ? null : new Recycler(step);
  }

  /** Restricts the walk to what lies between {@code outputs} and {@code inputs}. */
  void restrict(Collection<Recorded> outputs, Collection<Recorded> inputs) {
    inputs.forEach(input -> targets.put(input, null));
    var origins = new HashSet<Origin>();
    inputs.forEach(input -> origins.add(input.origin()));
    needed = origins;
    spread(origins, outputs, 0);
  }

  /** Adds to {@code origins} the nodes newer than {@code start} that lead to one of them. */
  private static void spread(Set<Origin> origins, Collection<Recorded> outputs, long start) {
    for (var node : reachable(outputs, start)) {
      for (var edge : node.edges()) {
        if (edge != null && origins.contains(edge.origin())) {
          origins.add(node);
        }
      }
    }
  }

  /**
   * Returns the nodes newer than {@code start} that {@code outputs} depend on, the oldest first.
   */
  private static List<Node> reachable(Collection<Recorded> outputs, long start) {
    Set<Node> seen = new HashSet<>();
    var stack = new ArrayDeque<Node>();
    outputs.forEach(output -> push(output, start, seen, stack));
    while (!stack.isEmpty()) {
      for (var edge : stack.pop().edges()) {
        if (edge != null) {
          push(edge, start, seen, stack);
        }
      }
    }
    var nodes = new ArrayList<>(seen);
    nodes.sort(Comparator.comparingLong(Node::number));
    return nodes;
  }

  private static void push(Recorded at, long start, Set<Node> seen, ArrayDeque<Node> stack) {
    if (at.origin() instanceof Node node && node.number() > start && seen.add(node)) {
      stack.push(node);
    }
  }

  /** Lets {@code gradient} arrive at an output. */
  void seed(Recorded output, Tensor gradient) {
    slot(output, gradient.spec()).add(gradient);
  }

  /** Walks. Afterwards {@link #leaves} or {@link #found} tell the result. */
  void run() {
    boolean before = context.backward;
    context.backward = true;
    try {
      if (createGraph) {
        walk(0);
      } else {
        context.paused(
            () -> {
              walk(0);
              return true;
            });
      }
    } finally {
      context.backward = before;
    }
  }

  /** Visits all nodes with numbers above {@code start} that a gradient arrives at. */
  private void walk(long start) {
    if (recycler != null) {
      recycler.leaveHeld(); // the seeds are not ours
    }
    while (!waiting.isEmpty() && waiting.element().number() > start) {
      var node = waiting.remove();
      var arrived = slots.remove(node);
      if (arrived == null) {
        throw new IllegalStateException("nothing has arrived at " + node);
      }
      if (node.rule() instanceof Checkpoint checkpoint) {
        walkThrough(node, checkpoint, arrived);
      } else if (recycler == null) {
        visit(node, arrived);
      } else if (node.op() instanceof CustomOp) {
        visit(node, arrived);
        recycler.leaveHeld();
      } else {
        try (var own = Scope.open()) {
          visit(node, arrived);
          recycler.keepHeld(own);
        }
      }
      for (var slot : arrived) {
        slot.drop();
      }
      if (release) {
        node.release();
      }
    }
  }

  /** Computes a checkpoint's block again and goes on into it. */
  private void walkThrough(Node node, Checkpoint checkpoint, Slot[] arrived) {
    if (recycler == null) {
      enter(node, checkpoint, arrived);
      return;
    }
    try (var block = Scope.open()) {
      recycler.enter(block);
      enter(node, checkpoint, arrived);
      recycler.leave(block);
    }
  }

  private void enter(Node node, Checkpoint checkpoint, Slot[] arrived) {
    for (int k = 0; k < arrived.length; k++) {
      takeTarget(node, k, arrived[k]);
    }
    if (!leadsOn(node.edges())) {
      return;
    }
    long start = Node.latest();
    var outputs = checkpoint.again(node);
    checkCheckpoint(node, outputs);
    var starts = outputs.stream().map(Recorded::of).toList();
    if (needed != null) {
      spread(needed, starts.stream().filter(s -> s != null).toList(), start);
    }
    for (int k = 0; k < arrived.length; k++) {
      var at = starts.get(k);
      var gradient = arrived[k].sum();
      if (at != null && gradient != null && isNeeded(at)) {
        seed(at, gradient);
      }
    }
    walk(start);
  }

  /** Runs the rule of a node and sends the results on. */
  private void visit(Node node, Slot[] arrived) {
    @Nullable Recorded[] edges = node.edges();
    @Nullable Tensor[] gradients = new Tensor[arrived.length];
    for (int k = 0; k < arrived.length; k++) {
      gradients[k] = arrived[k].sum();
      takeTarget(node, k, arrived[k]);
    }
    if (!leadsOn(edges)) {
      return;
    }
    if (node.rule() instanceof PartRule part && !createGraph) {
      var edge = edges[0];
      if (edge != null && gradients[0] != null) {
        slot(edge, node.inputSpec(0)).add(part, gradients[0]);
      }
      return;
    }
    var at = new Backward(node, gradients, needed, createGraph);
    @Nullable Tensor[] results = node.rule().gradients(at);
    checkCount(node, results.length);
    for (int i = 0; i < results.length; i++) {
      var edge = edges[i];
      var gradient = results[i];
      if (gradient != null && edge != null && at.wants(i)) {
        checkShape(node, i, gradient.shape());
        if (context.detecting) {
          Anomalies.checkGradient(node, i, gradient, gradients);
        }
        slot(edge, node.inputSpec(i)).add(gradient);
      }
    }
    if (recycler != null && node.op() instanceof CustomOp) {
      for (var gradient : gradients) {
        if (gradient != null) {
          recycler.disown(gradient);
        }
      }
    }
  }

  private boolean leadsOn(@Nullable Recorded[] edges) {
    for (var edge : edges) {
      if (edge != null && isNeeded(edge)) {
        return true;
      }
    }
    return false;
  }

  private boolean isNeeded(Recorded edge) {
    return needed == null || needed.contains(edge.origin());
  }

  private Slot slot(Recorded at, TensorSpec spec) {
    var known = slots.get(at.origin());
    if (known == null) {
      known = newSlots(at.origin(), spec);
      slots.put(at.origin(), known);
    }
    return known[at.output()];
  }

  private Slot[] newSlots(Origin origin, TensorSpec spec) {
    return switch (origin) {
      case Leaf leaf -> new Slot[] {new Slot(spec, recycler)};
      case Node node -> {
        waiting.add(node);
        var result = new Slot[node.outputs()];
        for (int k = 0; k < result.length; k++) {
          result[k] = new Slot(node.outputSpec(k), recycler);
        }
        yield result;
      }
    };
  }

  private void takeTarget(Origin origin, int output, Slot slot) {
    if (targets.isEmpty()) {
      return;
    }
    var key = new Recorded(origin, output);
    var sum = slot.sum();
    if (sum != null && targets.containsKey(key)) {
      targets.put(key, sum);
      if (recycler != null) {
        recycler.hold(sum); // for good
      }
    }
  }

  /** Returns the gradients by the leaves. */
  Map<Leaf, Tensor> leaves() {
    var result = new HashMap<Leaf, Tensor>();
    slots.forEach(
        (origin, slot) -> {
          var sum = slot[0].sum();
          if (origin instanceof Leaf leaf && sum != null) {
            result.put(leaf, sum);
          }
        });
    return result;
  }

  /** Returns the gradient by {@code input}, one of the targets; null if it is zero. */
  @Nullable Tensor found(Recorded input) {
    var slot = slots.get(input.origin());
    return slot != null ? slot[input.output()].sum() : targets.get(input);
  }

  private static void checkCount(Node node, int count) {
    if (count != node.inputs()) {
      throw new CortadoException(
          "the gradient of "
              + node.op().name()
              + " returned "
              + count
              + " tensors for "
              + node.inputs()
              + " inputs: it must return one (or null) per input");
    }
  }

  private static void checkCheckpoint(Node node, List<Tensor> outputs) {
    if (outputs.size() != node.outputs()) {
      throw new CortadoException(
          "a checkpoint's block returned "
              + node.outputs()
              + " tensors the first time and "
              + outputs.size()
              + " the second: it must compute the same each time");
    }
    for (int k = 0; k < outputs.size(); k++) {
      if (!outputs.get(k).spec().equals(node.outputSpec(k))) {
        throw new CortadoException(
            "a checkpoint's block returned "
                + node.outputSpec(k)
                + " the first time and "
                + outputs.get(k).spec()
                + " the second: it must compute the same each time");
      }
    }
  }

  private static void checkShape(Node node, int input, Shape shape) {
    if (!shape.equals(node.inputSpec(input).shape())) {
      throw new CortadoException(
          "the gradient of "
              + node.op().name()
              + " by input "
              + input
              + " has shape "
              + shape
              + ", the input has "
              + node.inputSpec(input).shape());
    }
  }
}
