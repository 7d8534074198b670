package dev.cortado.autograd;

import dev.cortado.tensor.op.ViewOp;

/** The rules of views: the gradient is looked at the way back. */
final class ViewRules {
  private ViewRules() {}

  static Rule of(ViewOp op) {
    return switch (op) {
      case ViewOp.Permute p -> Rule.unary(Saves.NOTHING, at -> at.gradient(0).apply(p.inverse()));
      case ViewOp.Reshape r ->
          Rule.unary(Saves.NOTHING, at -> Broadcasting.reshaped(at.gradient(0), at.inputShape(0)));
      // What was repeated is summed.
      case ViewOp.Expand e ->
          Rule.unary(Saves.NOTHING, at -> Broadcasting.sumTo(at.gradient(0), at.inputShape(0)));
      case ViewOp.Narrow n -> new PartRule(n.axis(), n.start());
      case ViewOp.Contiguous c -> Rule.unary(Saves.NOTHING, at -> at.gradient(0));
    };
  }
}
