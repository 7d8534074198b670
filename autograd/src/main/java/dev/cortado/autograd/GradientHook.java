package dev.cortado.autograd;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.CustomOp;
import dev.cortado.tensor.op.TensorSpec;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** y = x, whose gradient is whatever {@code hook} makes of the incoming one. */
record GradientHook(UnaryOperator<Tensor> hook) implements CustomOp {
  /** Returns {@code x} with the hook on the way back. */
  static Tensor on(Tensor x, UnaryOperator<Tensor> hook) {
    var edge = Recorded.of(x);
    var context = Context.current();
    if (edge == null || context.isPaused()) {
      return x; // no gradient will come by
    }
    var edges = new Recorded[] {edge};
    if (context.capture != null) {
      context.capture.note(List.of(x), edges);
    }
    var op = new GradientHook(hook);
    var node = new Node(op, Rules.of(op), edges, List.of(x), List.of(x));
    return x.withTrace(new Recorded(node, 0));
  }

  /** Asks the hook. */
  Tensor replaced(Tensor gradient) {
    var result = hook.apply(gradient);
    if (!result.spec().equals(gradient.spec())) {
      throw new CortadoException(
          "a gradient hook returned " + result.spec() + " for a gradient of " + gradient.spec());
    }
    return result;
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    return inputs;
  }

  @Override
  public List<Tensor> compute(List<Tensor> inputs) {
    return inputs;
  }

  @Override
  public List<@Nullable Tensor> gradient(
      List<Tensor> inputs, List<Tensor> outputs, List<Tensor> gradients) {
    return List.of(replaced(gradients.getFirst()));
  }
}
