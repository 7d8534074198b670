package dev.cortado.testkit;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.Activation;
import dev.cortado.tensor.op.Fused;
import dev.cortado.testkit.Golden.Attributes;
import dev.cortado.testkit.GoldenOps.GoldenOp;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** The golden ops that treat every element by itself. */
final class GoldenElementwise {
  private GoldenElementwise() {}

  static void register(Map<String, GoldenOp> ops) {
    functions(ops);
    activations(ops);
    arithmetic(ops);
  }

  private static void functions(Map<String, GoldenOp> ops) {
    unary(ops, "exp", Tensor::exp);
    unary(ops, "log", Tensor::log);
    unary(ops, "sqrt", Tensor::sqrt);
    unary(ops, "tanh", Tensor::tanh);
    unary(ops, "sigmoid", Tensor::sigmoid);
    unary(ops, "erf", Tensor::erf);
    unary(ops, "round", Tensor::round);
    unary(ops, "rsqrt", Tensor::rsqrt);
    unary(ops, "reciprocal", Tensor::reciprocal);
  }

  private static void activations(Map<String, GoldenOp> ops) {
    unary(ops, "relu", Tensor::relu);
    unary(ops, "relu6", Tensor::relu6);
    unary(ops, "silu", Tensor::silu);
    unary(ops, "hardswish", Tensor::hardswish);
    unary(ops, "hardsigmoid", Tensor::hardsigmoid);
    unary(ops, "mish", Tensor::mish);
    unary(ops, "logsigmoid", Tensor::logSigmoid);
    one(ops, "elu", (a, in) -> x(in).elu(a.number("alpha", 1)));
    one(
        ops,
        "softplus",
        (a, in) -> {
          var op = new Activation.Softplus(a.number("beta", 1), a.number("threshold", 20));
          return x(in).apply(op);
        });
    one(
        ops,
        "gelu",
        (a, in) -> a.text("approximate", "none").equals("tanh") ? x(in).geluTanh() : x(in).gelu());
    one(ops, "leaky_relu", (a, in) -> x(in).leakyRelu(a.number("negative_slope", 0.01)));
    one(ops, "clamp", (a, in) -> x(in).clamp(a.number("min", 0), a.number("max", 0)));
  }

  private static void arithmetic(Map<String, GoldenOp> ops) {
    one(ops, "add", (a, in) -> a(in).add(scaled(b(in), a)));
    binary(ops, "sub", Tensor::sub);
    binary(ops, "mul", Tensor::mul);
    one(ops, "div", GoldenElementwise::divide);
    binary(ops, "maximum", Tensor::maximum);
    binary(ops, "minimum", Tensor::minimum);
    binary(ops, "pow", Tensor::pow);
    binary(ops, "lt", Tensor::lessThan);
    binary(ops, "eq", Tensor::equalTo);
    one(ops, "pow_scalar", (a, in) -> x(in).pow(a.number("value", 0)));
    one(ops, "scalar_div", (a, in) -> number(a, x(in)).div(x(in)));
    one(ops, "rsub_scalar", (a, in) -> number(a, x(in)).sub(x(in)));
    one(ops, "where", (a, in) -> get(in, "cond").where(a(in), b(in)));
    one(ops, "masked_fill", (a, in) -> x(in).maskedFill(get(in, "mask"), a.number("value", 0)));
    one(ops, "cast", (a, in) -> x(in).to(DType.valueOf(a.text("dtype", ""))));
    one(ops, "normalize_image", GoldenElementwise::normalizeImage);
    one(
        ops,
        "stochastic_depth_row",
        (a, in) -> {
          var keep = get(in, "keep").reshape(-1, 1, 1, 1);
          return x(in).mul(keep.to(x(in).dtype())).div(1 - a.number("p", 0));
        });
  }

  private static Tensor scaled(Tensor b, Attributes attributes) {
    return attributes.has("alpha") ? b.mul(attributes.number("alpha", 1)) : b;
  }

  private static Tensor divide(Attributes attributes, Map<String, Tensor> in) {
    return attributes.text("rounding_mode", "").equals("floor")
        ? a(in).floorDivide(b(in))
        : a(in).div(b(in));
  }

  private static Tensor number(Attributes attributes, Tensor like) {
    return Tensor.full(Shape.SCALAR, like.dtype(), attributes.number("value", 0));
  }

  private static Tensor normalizeImage(Attributes attributes, Map<String, Tensor> in) {
    return x(in)
        .sub(perChannel(attributes.numbers("mean")))
        .div(perChannel(attributes.numbers("std")));
  }

  private static Tensor perChannel(double[] values) {
    return Tensor.of(values, values.length, 1, 1).to(DType.F32);
  }

  static Tensor get(Map<String, Tensor> inputs, String name) {
    return java.util.Objects.requireNonNull(inputs.get(name), name);
  }

  static Tensor x(Map<String, Tensor> inputs) {
    return get(inputs, "x");
  }

  static Tensor a(Map<String, Tensor> inputs) {
    return get(inputs, "a");
  }

  static Tensor b(Map<String, Tensor> inputs) {
    return get(inputs, "b");
  }

  static void one(Map<String, GoldenOp> ops, String name, GoldenOps.OneOutput op) {
    ops.put(name, op.named());
  }

  static void unary(Map<String, GoldenOp> ops, String name, UnaryOperator<Tensor> op) {
    one(ops, name, (attributes, in) -> op.apply(x(in)));
  }

  private static void formula(Map<String, GoldenOp> ops, String name, Formula formula) {
    unary(ops, name, x -> x.apply(Fused.of(1, formula)));
  }

  private static void binary(Map<String, GoldenOp> ops, String name, BinaryOperator<Tensor> op) {
    one(ops, name, (attributes, in) -> op.apply(a(in), b(in)));
  }
}
