package dev.cortado.autograd;

import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.ConvolutionOp;
import dev.cortado.tensor.op.Epilogue;
import dev.cortado.tensor.op.MatMul;
import dev.cortado.tensor.op.Op;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Products that a formula follows: {@code y = e(p, extras…)} with p the product of the first two
 * inputs. Where no derivative of e that is wanted reads p itself (a bias, a constant scale, a
 * residual), the two stay one op. Otherwise p has to exist, and they are recorded as two.
 */
final class Epilogues {
  private Epilogues() {}

  /** A product and its epilogue as two ops. */
  record Parts(Op product, Epilogue epilogue) {
    List<Tensor> apply(List<Tensor> inputs) {
      var rest = new ArrayList<Tensor>();
      rest.add(Ops.applyTraced(product, inputs.subList(0, 2)).getFirst());
      rest.addAll(inputs.subList(2, inputs.size()));
      return Ops.applyTraced(epilogue.asOp(), rest);
    }
  }

  /** Returns the two parts of {@code op} if its gradients read the product; else null. */
  static @Nullable Parts split(Op op, Wanted wanted) {
    return switch (op) {
      case MatMul m when readsProduct(m.epilogue(), wanted) ->
          new Parts(new MatMul(Epilogue.NONE), m.epilogue());
      case ConvolutionOp.Conv2d c when readsProduct(c.epilogue(), wanted) ->
          new Parts(new ConvolutionOp.Conv2d(c.window(), c.groups(), Epilogue.NONE), c.epilogue());
      default -> null;
    };
  }

  private static boolean readsProduct(Epilogue epilogue, Wanted wanted) {
    return !epilogue.isNone() && rule(epilogue).saves(ofEpilogue(wanted)).hasInput(0);
  }

  private static FormulaRule rule(Epilogue epilogue) {
    return epilogue.equals(Epilogue.BIAS)
        ? BIAS
        : ElementwiseRules.of(List.of(epilogue.formula()), epilogue.extras() + 1);
  }

  private static final FormulaRule BIAS = ElementwiseRules.of(List.of(Epilogue.BIAS.formula()), 2);

  /** Input 0 of the epilogue is the product, input i ≥ 1 is input i + 1 of the op. */
  private static Wanted ofEpilogue(Wanted wanted) {
    return i -> i == 0 ? wanted.wants(0) || wanted.wants(1) : wanted.wants(i + 1);
  }

  /** Returns what an epilogue's gradients keep, as inputs of the op. */
  static Saves saves(Epilogue epilogue, Wanted wanted) {
    var result = Saves.NOTHING;
    if (!epilogue.isNone()) {
      var inner = rule(epilogue).saves(ofEpilogue(wanted));
      for (int i = 1; i <= epilogue.extras(); i++) {
        result = result.and(inner.hasInput(i), Saves.NOTHING.input(i + 1));
      }
    }
    return result;
  }

  /**
   * Fills {@code results} with the gradients by the extras and returns the gradient by the product;
   * null if nothing flows to it.
   */
  static @Nullable Tensor gradients(Epilogue epilogue, Backward at, @Nullable Tensor[] results) {
    if (epilogue.isNone()) {
      return at.gradient(0);
    }
    Shape full = at.outputSpec(0).shape();
    Shape[] shapes = new Shape[epilogue.extras() + 1];
    shapes[0] = full;
    for (int i = 1; i < shapes.length; i++) {
      shapes[i] = at.inputShape(i + 1);
    }
    var inner =
        rule(epilogue)
            .gradients(ofEpilogue(at), i -> at.input(i + 1), shapes, full, at.gradients());
    System.arraycopy(inner, 1, results, 2, epilogue.extras());
    return inner[0];
  }
}
