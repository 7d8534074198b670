package dev.cortado.autograd;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.TensorSpec;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a rule sees while backward stands at a node. */
final class Backward implements Wanted {
  private final Node node;
  private final @Nullable Recorded[] edges;
  private final @Nullable Tensor[] gradients;
  private final @Nullable Set<Origin> needed;
  private final boolean createGraph;

  /**
   * @param needed the origins whose gradients are of use; null for all
   * @param createGraph whether the rule's own ops are to be recorded
   */
  Backward(
      Node node, @Nullable Tensor[] gradients, @Nullable Set<Origin> needed, boolean createGraph) {
    this.node = node;
    this.edges = node.edges();
    this.gradients = gradients;
    this.needed = needed;
    this.createGraph = createGraph;
  }

  @Override
  public boolean wants(int input) {
    var edge = edges[input];
    return edge != null && (needed == null || needed.contains(edge.origin()));
  }

  /** Returns the number of the op's inputs. */
  int inputs() {
    return node.inputs();
  }

  /** Returns the number of the op's results. */
  int outputs() {
    return node.outputs();
  }

  /** Returns an input that the rule saved. */
  Tensor input(int index) {
    var saved = node.savedInput(index);
    return createGraph ? saved : saved.detach();
  }

  /** Returns a result that the rule saved. */
  Tensor output(int index) {
    var saved = node.savedOutput(index);
    return createGraph ? saved : saved.detach();
  }

  /** Returns the type and shape of an input, saved or not. */
  TensorSpec inputSpec(int index) {
    return node.inputSpec(index);
  }

  /** Returns the shape of an input, saved or not. */
  Shape inputShape(int index) {
    return node.inputSpec(index).shape();
  }

  /** Returns the type and shape of a result, saved or not. */
  TensorSpec outputSpec(int index) {
    return node.outputSpec(index);
  }

  /** Returns the incoming gradients, one per result; null where there is none. */
  @Nullable Tensor[] gradients() {
    return gradients;
  }

  /** Returns whether a gradient comes in for result number {@code output}. */
  boolean hasGradient(int output) {
    return gradients[output] != null;
  }

  /** Returns the incoming gradient of result number {@code output}: zeros if there is none. */
  Tensor gradient(int output) {
    var gradient = gradients[output];
    return gradient != null ? gradient : zeros(node.outputSpec(output));
  }

  /** Returns zeros of the given shape, all of them one element in memory. */
  static Tensor zeros(TensorSpec spec) {
    return Tensor.full(Shape.SCALAR, spec.dtype(), 0).expand(spec.shape().toArray());
  }
}
