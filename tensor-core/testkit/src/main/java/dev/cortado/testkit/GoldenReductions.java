package dev.cortado.testkit;

import static dev.cortado.testkit.GoldenElementwise.one;
import static dev.cortado.testkit.GoldenElementwise.x;

import dev.cortado.tensor.Tensor;
import dev.cortado.testkit.Golden.Attributes;
import dev.cortado.testkit.GoldenOps.GoldenOp;
import java.util.Map;

/** The golden ops that combine elements along axes. */
final class GoldenReductions {
  private GoldenReductions() {}

  static void register(Map<String, GoldenOp> ops) {
    one(ops, "sum", (a, in) -> x(in).sum(keep(a), axes(a)));
    one(ops, "mean", (a, in) -> x(in).mean(keep(a), axes(a)));
    one(ops, "var", (a, in) -> x(in).variance(correction(a), keep(a), axes(a)));
    one(ops, "std", (a, in) -> x(in).std(correction(a), keep(a), axes(a)));
    one(ops, "amax", (a, in) -> x(in).max(keep(a), axes(a)));
    one(ops, "all", (a, in) -> x(in).all(keep(a), axes(a)));
    one(ops, "prod", (a, in) -> x(in).prod(keep(a), axes(a)));
    one(ops, "cumsum", (a, in) -> x(in).cumsum(a.integer("dim", 0)));
    one(ops, "argmax", (a, in) -> flat(a, x(in)).argmax(a.integer("dim", 0), keep(a)));
    one(ops, "argmin", (a, in) -> flat(a, x(in)).argmin(a.integer("dim", 0), keep(a)));
    one(ops, "logsumexp", (a, in) -> x(in).logSumExp(keep(a), axes(a)));
    one(ops, "norm", (a, in) -> x(in).norm(a.number("ord", 2), keep(a), axes(a)));
    ops.put("max", (a, in) -> extremum(a, x(in), true));
    ops.put("min", (a, in) -> extremum(a, x(in), false));
  }

  private static int correction(Attributes attributes) {
    return attributes.integer("correction", 1);
  }

  /** Without an axis, all elements in row-major order are meant. */
  private static Tensor flat(Attributes attributes, Tensor x) {
    return attributes.has("dim") ? x : x.reshape(-1);
  }

  private static int[] axes(Attributes attributes) {
    return attributes.integers("dim");
  }

  private static boolean keep(Attributes attributes) {
    return attributes.flag("keepdim", false);
  }

  /**
   * Along one axis the first of equal extremes is meant, by its place; without one, all share the
   * gradient.
   */
  private static Map<String, Tensor> extremum(Attributes attributes, Tensor x, boolean largest) {
    if (!attributes.has("dim")) {
      return Map.of("y", largest ? x.max(false) : x.min(false));
    }
    int axis = attributes.integer("dim", 0);
    var found =
        largest ? x.maxWithIndex(axis, keep(attributes)) : x.minWithIndex(axis, keep(attributes));
    return GoldenPlacements.named(found);
  }
}
