package dev.cortado.autograd;

import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.IndexOp.ZeroPad;
import dev.cortado.tensor.op.Recurrence;
import org.jspecify.annotations.Nullable;

/** The rule of {@code yᵢ = aᵢ · yᵢ₋₁ + bᵢ}. */
final class ScanRules {
  private ScanRules() {}

  static Rule of(Recurrence op) {
    return Rule.of(
        wanted -> Saves.NOTHING.input(0).and(wanted.wants(0), Saves.NOTHING.output(0)),
        at -> gradients(op, at));
  }

  /** What reaches b is {@code sᵢ = gᵢ + aᵢ₊₁ · sᵢ₊₁}; what reaches a is {@code sᵢ · yᵢ₋₁}. */
  private static @Nullable Tensor[] gradients(Recurrence op, Backward at) {
    var g = at.gradient(0);
    if (g.elements() == 0) {
      return new Tensor[] {g, g};
    }
    var next = shifted(at.input(0), op.axis(), !op.reverse());
    var s = next.apply(new Recurrence(op.axis(), !op.reverse()), g);
    var a = at.wants(0) ? s.mul(shifted(at.output(0), op.axis(), op.reverse())) : null;
    return new Tensor[] {a, s};
  }

  /** Returns x moved by one place along the axis, to the front or to the back; 0 moves in. */
  private static Tensor shifted(Tensor x, int axis, boolean front) {
    int rest = x.dim(axis) - 1;
    return front
        ? x.narrow(axis, 1, rest).apply(new ZeroPad(axis, 0, 1))
        : x.narrow(axis, 0, rest).apply(new ZeroPad(axis, 1, 0));
  }
}
