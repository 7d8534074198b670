package dev.cortado.testkit;

import static dev.cortado.testkit.GoldenElementwise.one;
import static dev.cortado.testkit.GoldenElementwise.x;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.UnaryFunction;
import dev.cortado.tensor.op.Arithmetic;
import dev.cortado.tensor.op.ReductionOp;
import dev.cortado.testkit.Golden.Attributes;
import dev.cortado.testkit.GoldenOps.GoldenOp;
import java.util.Map;

/** The golden ops that combine elements along axes. */
final class GoldenReductions {
  private GoldenReductions() {}

  static void register(Map<String, GoldenOp> ops) {
    one(ops, "sum", (a, in) -> x(in).sum(keep(a), axes(a)));
    one(ops, "mean", (a, in) -> x(in).mean(keep(a), axes(a)));
    one(ops, "var", (a, in) -> variance(a, x(in)));
    one(ops, "std", (a, in) -> variance(a, x(in)).sqrt());
    one(ops, "amax", (a, in) -> x(in).max(keep(a), axes(a)));
    one(ops, "all", (a, in) -> x(in).min(keep(a), axes(a)));
    one(ops, "argmax", (a, in) -> argMax(a, x(in)));
    one(ops, "argmin", (a, in) -> argMax(a, x(in).mul(-1)));
    one(ops, "logsumexp", (a, in) -> logSumExp(a, x(in)));
    one(ops, "norm", (a, in) -> norm(a, x(in)));
    ops.put("max", (a, in) -> extremum(a, x(in), 1));
    ops.put("min", (a, in) -> extremum(a, x(in), -1));
  }

  private static int[] axes(Attributes attributes) {
    return attributes.integers("dim");
  }

  private static boolean keep(Attributes attributes) {
    return attributes.flag("keepdim", false);
  }

  private static Tensor variance(Attributes attributes, Tensor x) {
    var distance = x.sub(x.mean(true, axes(attributes)));
    var sum = distance.square().sum(keep(attributes), axes(attributes));
    double count = (double) x.elements() / Math.max(1, sum.elements());
    return sum.div(count - attributes.integer("correction", 1));
  }

  private static Tensor argMax(Attributes attributes, Tensor x) {
    return attributes.has("dim")
        ? x.apply(
            new ReductionOp.ArgMax(x.shape().axis(attributes.integer("dim", 0)), keep(attributes)))
        : x.reshape(-1).argmax(0);
  }

  private static Tensor logSumExp(Attributes attributes, Tensor x) {
    var largest = x.detach().max(true, axes(attributes));
    var sum = x.sub(largest).exp().sum(keep(attributes), axes(attributes));
    return sum.log().add(largest.reshape(sum.shape().toArray()));
  }

  private static Tensor norm(Attributes attributes, Tensor x) {
    return attributes.integer("ord", 2) == 1
        ? x.apply(new Arithmetic.Unary(UnaryFunction.ABS)).sum(keep(attributes), axes(attributes))
        : x.square().sum(keep(attributes), axes(attributes)).sqrt();
  }

  /**
   * Along one axis the first of equal extremes is meant, by its place; without one, all share the
   * gradient.
   */
  private static Map<String, Tensor> extremum(Attributes attributes, Tensor x, int sign) {
    if (!attributes.has("dim")) {
      return Map.of("y", sign > 0 ? x.max(false) : x.min(false));
    }
    int axis = x.shape().axis(attributes.integer("dim", 0));
    var signed = sign > 0 ? x : x.mul(-1);
    var place = signed.apply(new ReductionOp.ArgMax(axis, false));
    int[] order = new int[x.rank()];
    // oneHot put the classes last: move them to where the axis was.
    for (int i = 0; i < order.length; i++) {
      order[i] = i < axis ? i : i == axis ? x.rank() - 1 : i - 1;
    }
    var mask = place.oneHot(x.dim(axis)).to(DType.BOOL).permute(order);
    var zero = Tensor.full(dev.cortado.tensor.Shape.SCALAR, x.dtype(), 0);
    var y = mask.apply(new Arithmetic.Where(), x, zero).sum(keep(attributes), axis);
    return Map.of("y", y, "indices", signed.apply(new ReductionOp.ArgMax(axis, keep(attributes))));
  }
}
