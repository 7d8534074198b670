package dev.cortado.autograd;

import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.IndexOp;
import dev.cortado.tensor.op.IndexOp.IndexAdd;
import dev.cortado.tensor.op.IndexOp.IndexSelect;
import org.jspecify.annotations.Nullable;

/** The rules of ops that place elements: the gradient is taken from the same places. */
final class IndexRules {
  private IndexRules() {}

  static Rule of(IndexOp op) {
    return switch (op) {
      case IndexOp.OneHot o -> Rule.zero();
      case IndexOp.Cat c -> Rule.of(Saves.NOTHING, at -> cat(c, at));
      case IndexOp.ZeroPad p ->
          Rule.unary(
              Saves.NOTHING,
              at -> at.gradient(0).narrow(p.axis(), p.before(), at.inputShape(0).dim(p.axis())));
      // y[i] = x[index[i]]: places named twice get both gradients.
      case IndexSelect s ->
          Rule.of(
              Saves.NOTHING.input(1),
              at -> {
                int size = at.inputShape(0).dim(s.axis());
                var index = at.input(1);
                return first(at.gradient(0).apply(new IndexAdd(s.axis(), size), index));
              });
      case IndexAdd a ->
          Rule.of(
              Saves.NOTHING.input(1),
              at -> first(at.gradient(0).apply(new IndexSelect(a.axis()), at.input(1))));
    };
  }

  private static @Nullable Tensor[] first(Tensor gradient) {
    return new Tensor[] {gradient, null};
  }

  private static @Nullable Tensor[] cat(IndexOp.Cat op, Backward at) {
    @Nullable Tensor[] results = new Tensor[at.inputs()];
    int start = 0;
    for (int i = 0; i < results.length; i++) {
      int size = at.inputShape(i).dim(op.axis());
      if (at.wants(i)) {
        results[i] = at.gradient(0).narrow(op.axis(), start, size);
      }
      start += size;
    }
    return results;
  }
}
