package dev.cortado.autograd;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.IndexOp;
import dev.cortado.tensor.op.IndexOp.Gather;
import dev.cortado.tensor.op.IndexOp.IndexAdd;
import dev.cortado.tensor.op.IndexOp.IndexSelect;
import dev.cortado.tensor.op.IndexOp.Scatter;
import dev.cortado.tensor.op.IndexOp.ScatterAdd;
import dev.cortado.tensor.op.Sort;
import dev.cortado.tensor.op.TensorSpec;
import java.util.Arrays;
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
      case Gather g ->
          Rule.of(
              Saves.NOTHING.input(1),
              at -> first(scattered(g.axis(), at.inputSpec(0), at.input(1), at.gradient(0))));
      case Scatter s -> Rule.of(Saves.NOTHING.input(1), at -> scatter(s, at));
      // y = x + what is scattered.
      case ScatterAdd s ->
          Rule.of(
              wanted -> Saves.NOTHING.and(wanted.wants(2), Saves.NOTHING.input(1)),
              at -> {
                var g = at.gradient(0);
                var source = at.wants(2) ? g.apply(new Gather(s.axis()), at.input(1)) : null;
                return new Tensor[] {g, null, source};
              });
      case IndexOp.NonZero n -> Rule.zero();
    };
  }

  /** Sorting takes elements from their places: the gradient goes back there. */
  static Rule sort(Sort op) {
    return Rule.of(
        Saves.NOTHING.output(1),
        at -> new Tensor[] {scattered(op.axis(), at.inputSpec(0), at.output(1), at.gradient(0))});
  }

  private static Tensor scattered(int axis, TensorSpec x, Tensor index, Tensor gradient) {
    return Backward.zeros(x).apply(new ScatterAdd(axis), index, gradient);
  }

  /**
   * y is x where nothing was written, and the last source written to a place elsewhere: x gets no
   * gradient where it was overwritten, a source none where a later one overwrote it.
   */
  private static @Nullable Tensor[] scatter(Scatter op, Backward at) {
    var g = at.gradient(0);
    var index = at.input(1);
    var nothing = Backward.zeros(new TensorSpec(index.shape(), g.dtype()));
    @Nullable Tensor[] results = new Tensor[3];
    if (at.wants(0)) {
      results[0] = g.apply(op, index, nothing);
    }
    if (at.wants(2)) {
      results[2] =
          lasting(op, index, g.shape()).where(g.apply(new Gather(op.axis()), index), nothing);
    }
    return results;
  }

  /** Returns which sources stayed: each writes its number, then looks whose number is there. */
  private static Tensor lasting(Scatter op, Tensor index, Shape shape) {
    long[] all = new long[index.elements()];
    Arrays.setAll(all, i -> i);
    var numbers = Tensor.of(all, index.shape().toArray());
    var none = Tensor.full(Shape.SCALAR, DType.I64, -1).expand(shape.toArray());
    return none.apply(op, index, numbers).apply(new Gather(op.axis()), index).equalTo(numbers);
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
