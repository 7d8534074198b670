package dev.cortado.autograd;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Op;
import dev.cortado.tensor.op.TensorSpec;
import dev.cortado.tensor.op.ViewOp;
import dev.cortado.tensor.spi.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the op where NaN or infinity began. Looks at the result of every op while a body runs, and
 * at every gradient that a rule returns.
 *
 * <p>An infinity that comes in from outside, such as that of an attention mask, is meant; NaN never
 * is.
 */
final class Anomalies implements Tracer {
  private final Context context;

  private Anomalies(Context context) {
    this.context = context;
  }

  static <T> T detect(Supplier<T> body) {
    var context = Context.current();
    boolean before = context.detecting;
    context.detecting = true;
    try {
      return Ops.observed(new Anomalies(context), body);
    } finally {
      context.detecting = before;
    }
  }

  @Override
  public List<Tensor> apply(Op op, List<Tensor> inputs) {
    var results = Ops.applyTraced(op, inputs);
    if (!context.backward && !(op instanceof ViewOp)) {
      for (int k = 0; k < results.size(); k++) {
        var found = NonFinite.in(results.get(k));
        if (found != null) {
          judge(op, inputs, results, k, found);
        }
      }
    }
    return results;
  }

  private void judge(Op op, List<Tensor> inputs, List<Tensor> results, int k, NonFinite found) {
    var where = where(context.place());
    for (int i = 0; i < inputs.size(); i++) {
      var before = NonFinite.in(inputs.get(i));
      if (before != null && before.isNan()) {
        throw new CortadoException(
            "input %d of %s, %s, holds %s before any op has run on it; inputs are %s%s"
                .formatted(i, op.name(), inputs.get(i).spec(), before, specs(inputs), where));
      }
      if (before != null && !found.isNan()) {
        return; // an infinity goes on
      }
    }
    throw new CortadoException(
        "%s made %s in its result%s %s, from inputs %s%s"
            .formatted(
                op.name(),
                found,
                results.size() == 1 ? "" : " " + k,
                results.get(k).spec(),
                specs(inputs),
                where));
  }

  /** Looks at the gradient by input number {@code input} that the rule of {@code node} found. */
  static void checkGradient(Node node, int input, Tensor gradient, @Nullable Tensor[] incoming) {
    var found = NonFinite.in(gradient);
    if (found == null) {
      return;
    }
    var inputs = new ArrayList<TensorSpec>();
    for (int i = 0; i < node.inputs(); i++) {
      inputs.add(node.inputSpec(i));
    }
    var came = "the gradient that came in is finite";
    for (var before : incoming) {
      var bad = before == null ? null : NonFinite.in(before);
      if (bad != null) {
        came = "what came in holds %s already".formatted(bad);
      }
    }
    throw new CortadoException(
        "the gradient of %s by its input %d, %s, holds %s (%s); inputs were %s%s"
            .formatted(
                node.op().name(),
                input,
                gradient.spec(),
                found,
                came,
                inputs,
                where(node.place())));
  }

  private static List<TensorSpec> specs(List<Tensor> tensors) {
    return Ops.specs(tensors);
  }

  private static String where(@Nullable String place) {
    return place == null ? "" : ", in layer " + place;
  }
}
