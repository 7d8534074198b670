package dev.cortado.autograd;

import static dev.cortado.tensor.formula.Formula.exp;
import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.AttentionOp;
import dev.cortado.tensor.op.AttentionOp.Attention;
import dev.cortado.tensor.op.AttentionOp.AttentionGradient;
import dev.cortado.tensor.op.Fused;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of attention. */
final class AttentionRules {
  private AttentionRules() {}

  static Rule of(AttentionOp op) {
    return switch (op) {
      case Attention a ->
          Rule.of(
              Saves.NOTHING.input(0).input(1).input(2).output(0).output(1), at -> attention(a, at));
      case AttentionGradient a ->
          Rule.of(
              Saves.NOTHING.input(0).input(1).input(2).input(3).input(4).input(5),
              at -> gradient(a, at));
    };
  }

  /**
   * d = Σ g·y − (the logarithm's gradient), along the rows; the rest is {@link AttentionGradient}.
   */
  private static @Nullable Tensor[] attention(Attention op, Backward at) {
    var g = at.gradient(0);
    var d = g.mul(at.output(0)).sum(true, -1);
    if (at.hasGradient(1)) {
      d = d.sub(at.gradient(1));
    }
    var inputs = List.of(g, at.input(0), at.input(1), at.input(2), at.output(1), d);
    return Ops.applyAll(new AttentionGradient(op.scale()), inputs).toArray(Tensor[]::new);
  }

  /**
   * With p = e^z, z = s·q·kᵀ − logarithm, w = g·vᵀ − d, t = s·p·w the results are t·k, tᵀ·q, pᵀ·g;
   * their gradients a, b, c come in.
   *
   * <pre>
   * h = a·kᵀ + q·bᵀ                  (by t)
   * u = s·h·p                        (by w)
   * r = p·(g·cᵀ + s·h·w)             (by z)
   * by g: p·c + u·v     by q: t·b + s·r·k     by k: tᵀ·a + s·rᵀ·q     by v: uᵀ·g
   * by the logarithm: −Σ r           by d: −Σ u                       (along the rows)
   * </pre>
   */
  private static @Nullable Tensor[] gradient(AttentionGradient op, Backward at) {
    double s = op.scale();
    var g = at.input(0);
    var q = at.input(1);
    var k = at.input(2);
    var v = at.input(3);
    var a = at.gradient(0);
    var b = at.gradient(1);
    var c = at.gradient(2);
    var weights = Fused.of(2, exp(input(0).times(s).minus(input(1))));
    var p = q.matmul(k.t()).apply(weights, at.input(4));
    var w = g.matmul(v.t()).sub(at.input(5));
    var t = p.mul(w).mul(s);
    var h = a.matmul(k.t()).add(q.matmul(b.t()));
    var u = h.mul(p).mul(s);
    var r = p.mul(g.matmul(c.t()).add(h.mul(w).mul(s)));
    return new Tensor[] {
      p.matmul(c).add(u.matmul(v)),
      t.matmul(b).add(r.matmul(k).mul(s)),
      t.t().matmul(a).add(r.t().matmul(q).mul(s)),
      u.t().matmul(g),
      r.sum(true, -1).neg(),
      u.sum(true, -1).neg()
    };
  }
}
