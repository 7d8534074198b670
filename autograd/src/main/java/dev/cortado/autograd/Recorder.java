package dev.cortado.autograd;

import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Op;
import dev.cortado.tensor.spi.Tracer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tracer that has an op computed and writes down what its gradient will need. */
final class Recorder implements Tracer {
  static final Recorder INSTANCE = new Recorder();

  private Recorder() {}

  @Override
  public List<Tensor> apply(Op op, List<Tensor> inputs) {
    var context = Context.current();
    if (context.isPaused()) {
      return Ops.compute(op, inputs);
    }
    @Nullable Recorded[] edges = new Recorded[inputs.size()];
    for (int i = 0; i < edges.length; i++) {
      edges[i] = Recorded.of(inputs.get(i));
    }
    if (context.capture != null) {
      context.capture.note(inputs, edges);
    }
    var parts = Epilogues.split(op, i -> edges[i] != null);
    if (parts != null) {
      return parts.apply(inputs);
    }
    var outputs = Ops.compute(op, inputs);
    for (var output : outputs) {
      if (output.dtype().isFloating()) {
        return traced(new Node(op, Rules.of(op), edges, inputs, outputs), outputs);
      }
    }
    return outputs;
  }

  private static List<Tensor> traced(Node node, List<Tensor> outputs) {
    if (outputs.size() == 1) {
      return List.of(outputs.getFirst().withTrace(new Recorded(node, 0)));
    }
    var results = new ArrayList<Tensor>(outputs.size());
    for (int i = 0; i < outputs.size(); i++) {
      var output = outputs.get(i);
      results.add(output.dtype().isFloating() ? output.withTrace(new Recorded(node, i)) : output);
    }
    return results;
  }
}
