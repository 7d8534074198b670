package dev.cortado.testkit;

import static dev.cortado.testkit.GoldenElementwise.get;
import static dev.cortado.testkit.GoldenElementwise.one;
import static dev.cortado.testkit.GoldenElementwise.x;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.op.Arithmetic;
import dev.cortado.tensor.op.Loss;
import dev.cortado.testkit.Golden.Attributes;
import dev.cortado.testkit.GoldenOps.GoldenOp;
import java.util.Map;

/** The golden losses, with softmax. */
final class GoldenLosses {
  private GoldenLosses() {}

  static void register(Map<String, GoldenOp> ops) {
    one(ops, "softmax", (a, in) -> x(in).softmax(a.integer("dim", 0)));
    one(ops, "log_softmax", (a, in) -> x(in).logSoftmax(a.integer("dim", 0)));
    one(ops, "cross_entropy", GoldenLosses::crossEntropy);
    one(ops, "nll_loss", GoldenLosses::nll);
    one(
        ops,
        "mse_loss",
        (a, in) -> reduce(a, x(in).apply(new Loss.SquaredError(), get(in, "target"))));
    one(ops, "bce_with_logits", GoldenLosses::bceWithLogits);
    one(ops, "smooth_l1_loss", GoldenLosses::smoothL1);
  }

  private static Tensor reduce(Attributes attributes, Tensor losses) {
    return switch (attributes.text("reduction", "mean")) {
      case "none" -> losses;
      case "sum" -> losses.sum();
      default -> losses.mean();
    };
  }

  private static Tensor smoothL1(Attributes attributes, Map<String, Tensor> in) {
    var op = new Loss.SmoothL1(attributes.number("beta", 1));
    return reduce(attributes, x(in).apply(op, get(in, "target")));
  }

  private static Tensor bceWithLogits(Attributes attributes, Map<String, Tensor> in) {
    var target = get(in, "target");
    var losses =
        in.containsKey("pos_weight")
            ? x(in).apply(new Loss.BceWithLogits(true), target, get(in, "pos_weight"))
            : x(in).apply(new Loss.BceWithLogits(false), target);
    return reduce(attributes, losses);
  }

  /** Classes last: [N…, K]. */
  private static Tensor classesLast(Tensor x) {
    if (x.rank() == 1) {
      return x.unsqueeze(0);
    }
    int[] order = new int[x.rank()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i == 0 ? 0 : i == order.length - 1 ? 1 : i + 1;
    }
    return x.permute(order);
  }

  private static Tensor nll(Attributes attributes, Map<String, Tensor> in) {
    return byLabel(attributes, in, classesLast(x(in)));
  }

  private static Tensor crossEntropy(Attributes attributes, Map<String, Tensor> in) {
    var logarithms = classesLast(x(in)).logSoftmax(-1);
    if (get(in, "target").dtype() == DType.I64) {
      return byLabel(attributes, in, logarithms);
    }
    double smoothing = attributes.number("label_smoothing", 0);
    int classes = logarithms.dim(-1);
    var targets = get(in, "target").mul(1 - smoothing).add(smoothing / classes);
    var losses = logarithms.mul(targets).mul(weights(in, classes)).sum(-1).mul(-1);
    return reduce(attributes, losses);
  }

  private static Tensor weights(Map<String, Tensor> in, int classes) {
    return in.containsKey("weight") ? get(in, "weight") : Tensor.ones(classes);
  }

  /** −Σ weight · target · logarithm; the mean is over the weights of the labels that count. */
  private static Tensor byLabel(Attributes attributes, Map<String, Tensor> in, Tensor logarithms) {
    int classes = logarithms.dim(-1);
    var labels = get(in, "target");
    boolean single = labels.rank() == 0;
    labels = single ? labels.unsqueeze(0) : labels;
    var ignore = Tensor.full(Shape.SCALAR, DType.I64, attributes.integer("ignore_index", -100));
    var ignored = labels.apply(new Arithmetic.Binary(BinaryFunction.EQUAL), ignore);
    var zero = Tensor.full(Shape.SCALAR, DType.I64, 0);
    var oneHot = ignored.apply(new Arithmetic.Where(), zero, labels).oneHot(classes);
    var counts = ignored.to(DType.F32).mul(-1).add(1);
    var weights = weights(in, classes);
    double smoothing = attributes.number("label_smoothing", 0);
    var targets = oneHot.mul(1 - smoothing).add(smoothing / classes);
    var losses = logarithms.mul(targets).mul(weights).sum(-1).mul(-1).mul(counts);
    return switch (attributes.text("reduction", "mean")) {
      case "none" -> single ? losses.squeeze(0) : losses;
      case "sum" -> losses.sum();
      default -> losses.sum().div(oneHot.mul(weights).sum(-1).mul(counts).sum());
    };
  }
}
