package dev.cortado.testkit;

import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.formula.UnaryFunction;
import dev.cortado.tensor.op.Activation;
import dev.cortado.tensor.op.Arithmetic;
import dev.cortado.tensor.op.Cast;
import dev.cortado.tensor.op.Elementwise;
import dev.cortado.tensor.op.Fused;
import java.util.ArrayList;
import java.util.List;

/** Specs of elementwise ops: activations, arithmetic, any formula. */
final class ElementwiseSpecs {
  private ElementwiseSpecs() {}

  static List<OpSpec> all() {
    var all = new ArrayList<OpSpec>();
    for (var function : UnaryFunction.values()) {
      all.add(unary(function));
    }
    for (var function : BinaryFunction.values()) {
      all.add(binary(function));
      all.add(withNumber(function));
      all.add(numberWith(function));
    }
    all.add(activation(new Activation.Identity()));
    all.add(activation(new Activation.Relu(), 0));
    all.add(activation(new Activation.Relu6(), 0, 6));
    all.add(activation(new Activation.Silu()));
    all.add(activation(new Activation.Gelu()));
    all.add(activation(new Activation.LeakyRelu(0.2), 0));
    all.add(activation(new Activation.Hardswish(), -3, 3));
    all.add(activation(new Activation.GeluTanh()));
    all.add(activation(new Activation.Hardsigmoid(), -3, 3));
    all.add(activation(new Activation.Hardtanh(-1, 1.5), -1, 1.5));
    all.add(activation(new Activation.Softplus(1.5, 6), 4).named("softplus with a threshold"));
    all.add(activation(new Activation.LogSigmoid()));
    all.add(activation(new Activation.Mish()));
    all.add(activation(new Activation.Elu(1.3), 0));
    all.add(activation(new Activation.Celu(0.7), 0));
    all.add(activation(new Activation.Selu(), 0));
    all.add(OpSpec.of(Arithmetic.Affine.class, ElementwiseSpecs::affine).named("affine"));
    all.add(
        OpSpec.of(
            Arithmetic.Clamp.class,
            d ->
                OpCase.of(
                    new Arithmetic.Clamp(-1, 1.5), d.awayFrom(d.shape(0, 4), -3, 3, -1, 1.5))));
    all.add(
        OpSpec.of(
            Arithmetic.Truncate.class,
            d ->
                OpCase.of(
                    new Arithmetic.Truncate(),
                    d.awayFrom(d.shape(0, 4), -2.9, 2.9, -2, -1, 0, 1, 2))));
    all.add(OpSpec.of(Arithmetic.Where.class, ElementwiseSpecs::where));
    all.add(OpSpec.of(Fused.class, ElementwiseSpecs::fused));
    all.add(OpSpec.of(Cast.class, d -> OpCase.of(new Cast(d.type()), d.tensor(d.shape(0, 4)))));
    all.add(OpSpec.flat(Cast.class, ElementwiseSpecs::cast).named("to any type"));
    return all;
  }

  private static OpSpec unary(UnaryFunction function) {
    return OpSpec.of(
        Arithmetic.Unary.class,
        d -> OpCase.of(new Arithmetic.Unary(function), argument(function, d, d.shape(0, 4))));
  }

  private static Tensor argument(UnaryFunction function, Draw d, Shape shape) {
    return switch (function) {
      case LOG, SQRT -> d.tensor(shape, 0.3, 4);
      case ABS, SIGN -> d.awayFrom(shape, -2, 2, 0);
      case FLOOR, CEIL -> d.awayFrom(shape, -2, 2, -2, -1, 0, 1, 2);
      case ROUND -> d.awayFrom(shape, -2, 2, -1.5, -0.5, 0.5, 1.5);
      case NEGATE, EXP, EXPM1, TANH, SIGMOID, SOFTPLUS, ERF, SIN, COS -> d.tensor(shape);
    };
  }

  private static OpSpec binary(BinaryFunction function) {
    return new OpSpec(
        function.method(),
        Arithmetic.Binary.class,
        !function.isComparison(),
        d -> {
          var shapes = d.broadcasting(2);
          return OpCase.of(
              new Arithmetic.Binary(function),
              left(function, d, shapes.get(0)),
              right(function, d, shapes.get(1)));
        });
  }

  private static Tensor left(BinaryFunction function, Draw d, Shape shape) {
    return switch (function) {
      case POWER -> d.tensor(shape, 0.4, 2);
      case MIN, MAX, LESS, LESS_OR_EQUAL, EQUAL -> d.lattice(shape, 0.2, 0);
      case ADD, SUBTRACT, MULTIPLY, DIVIDE -> d.tensor(shape);
      // Quotients stay away from whole numbers, where they jump.
      case FLOOR_DIVIDE, REMAINDER -> d.lattice(shape, 0.5, 0.25);
    };
  }

  private static Tensor right(BinaryFunction function, Draw d, Shape shape) {
    return switch (function) {
      case DIVIDE -> d.tensor(shape, 0.5, 2);
      case MIN, MAX -> d.lattice(shape, 0.2, 0.1); // never ties with the left one
      case LESS, LESS_OR_EQUAL, EQUAL -> d.lattice(shape, 0.2, 0);
      case ADD, SUBTRACT, MULTIPLY, POWER -> d.tensor(shape);
      case FLOOR_DIVIDE, REMAINDER -> d.awayFrom(shape, 1.02, 1.08);
    };
  }

  private static OpSpec withNumber(BinaryFunction function) {
    return new OpSpec(
        function.method() + " with a number",
        Arithmetic.WithNumber.class,
        !function.isComparison(),
        d -> {
          double number = function == BinaryFunction.DIVIDE ? 1.7 : d.of(2.0, -0.7, 0.5, 3.0);
          var x =
              switch (function) {
                case POWER -> d.tensor(d.shape(0, 4), 0.4, 2);
                case FLOOR_DIVIDE, REMAINDER -> d.lattice(d.shape(0, 4), 0.5, 0.25);
                default -> d.awayFrom(d.shape(0, 4), -2, 2, number);
              };
          return OpCase.of(new Arithmetic.WithNumber(function, number), x);
        });
  }

  private static OpSpec numberWith(BinaryFunction function) {
    return new OpSpec(
        "a number with " + new Arithmetic.NumberWith(function, 1).name(),
        Arithmetic.NumberWith.class,
        !function.isComparison(),
        d -> {
          double number = d.of(2.0, 0.5, 1.0, 3.0);
          var x =
              switch (function) {
                case DIVIDE -> d.awayFrom(d.shape(0, 4), 0.4, 2);
                case FLOOR_DIVIDE, REMAINDER -> d.awayFrom(d.shape(0, 4), 1.02, 1.08);
                default -> d.awayFrom(d.shape(0, 4), -2, 2, number);
              };
          return OpCase.of(new Arithmetic.NumberWith(function, number), x);
        });
  }

  private static OpSpec activation(Elementwise op, double... kinks) {
    return OpSpec.of(op.getClass(), d -> OpCase.of(op, d.awayFrom(d.shape(0, 4), -8, 8, kinks)));
  }

  /** Any type to any other, of small numbers and such as are too large for them. */
  private static OpCase cast(Draw d) {
    double size = d.of(3.0, 300.0, 1e5, 1e10, 1e20);
    var from = d.of(DType.values());
    var numbers = d.tensor(d.shape(0, 4), -size, size).to(from);
    return OpCase.of(new Cast(d.of(DType.values())), d.of(Layouts.DISTINCT).of(numbers, d));
  }

  private static OpCase affine(Draw d) {
    var op = new Arithmetic.Affine(d.of(1.0, 0.0, -2.5, 1e-3), d.of(0.0, 1.0, -0.3));
    return OpCase.of(op, d.tensor(d.shape(0, 4)));
  }

  private static OpCase where(Draw d) {
    var shapes = d.broadcasting(3);
    return OpCase.of(
        new Arithmetic.Where(),
        d.truths(shapes.get(0)),
        d.tensor(shapes.get(1)),
        d.tensor(shapes.get(2)));
  }

  /** Several results over several inputs, with shared parts, and an input that nobody reads. */
  private static OpCase fused(Draw d) {
    Formula shared = Formula.sigmoid(input(0).times(input(1)));
    var all =
        List.of(
            shared.times(input(2)),
            shared.plus(Formula.exp(input(1))),
            input(0).times(0.5),
            Formula.tanh(input(2).minus(shared)).times(shared));
    var formulas = new ArrayList<Formula>();
    for (int i = d.between(1, 3); i > 0; i--) {
      formulas.add(all.get(d.between(0, all.size() - 1)));
    }
    var shapes = d.broadcasting(4);
    var inputs = shapes.stream().map(d::tensor).toList();
    return new OpCase(new Fused(formulas, 4), inputs);
  }
}
