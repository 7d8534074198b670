package dev.cortado.testkit;

import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.formula.UnaryFunction;
import dev.cortado.tensor.op.AttentionOp;
import dev.cortado.tensor.op.Cast;
import dev.cortado.tensor.op.ConvolutionOp;
import dev.cortado.tensor.op.CustomOp;
import dev.cortado.tensor.op.Elementwise;
import dev.cortado.tensor.op.Epilogue;
import dev.cortado.tensor.op.Fused;
import dev.cortado.tensor.op.IndexOp;
import dev.cortado.tensor.op.MatMul;
import dev.cortado.tensor.op.NormalizationOp;
import dev.cortado.tensor.op.Op;
import dev.cortado.tensor.op.PoolingOp;
import dev.cortado.tensor.op.RandomOp;
import dev.cortado.tensor.op.Recurrence;
import dev.cortado.tensor.op.ReductionOp;
import dev.cortado.tensor.op.Sort;
import dev.cortado.tensor.op.SpatialOp;
import dev.cortado.tensor.op.ViewOp;
import java.util.Arrays;
import java.util.List;

/**
 * By how much a result may differ from the truth. It belongs to the op and follows from what the op
 * computes: sums are off relative to the sum of their terms' absolute values, formulas by what
 * {@link RoundingErrors} says, what only moves or chooses elements not at all.
 */
final class Tolerance {
  /** |x|; 0 for what is not finite. */
  private static final Formula FINITE_SIZE =
      Formula.select(
          Formula.unary(UnaryFunction.ABS, Formula.input(0))
              .atMost(Formula.constant(Double.MAX_VALUE)),
          Formula.unary(UnaryFunction.ABS, Formula.input(0)),
          Formula.constant(0));

  /** As many terms may be added up in one number of single precision. */
  private static final int IN_A_ROW = 2048;

  private final List<Tensor> inputs;
  private final List<Tensor> results;
  private final Precision precision;

  private Tolerance(List<Tensor> inputs, List<Tensor> results, Precision precision) {
    this.inputs = inputs;
    this.results = results;
    this.precision = precision;
  }

  /**
   * Returns for each result and each of its elements, in row-major order, how far off it may be. An
   * infinite tolerance allows anything.
   *
   * @param inputs in F64
   * @param results the truth, in F64
   * @param precision that of the backend's result
   */
  static double[][] of(Op op, List<Tensor> inputs, List<Tensor> results, Precision precision) {
    return new Tolerance(inputs, results, precision).of(op);
  }

  /**
   * Returns whether NaN and infinities must come out exactly where the definition puts them. Where
   * they went through a mean or a variance, any of them may stand for any other.
   */
  static boolean tellsSpecialsApart(Op op) {
    return !(op instanceof NormalizationOp || op instanceof AttentionOp);
  }

  private double[][] of(Op op) {
    return switch (op) {
      case Elementwise e -> elementwise(e);
      case ReductionOp.SumOf s -> sumOf(s);
      case MatMul m -> {
        var product = new MatMul(Epilogue.NONE);
        yield epilogue(m.epilogue(), product, inputs.get(0).dim(-1));
      }
      case ConvolutionOp.Conv2d c -> {
        var product = new ConvolutionOp.Conv2d(c.window(), c.groups(), Epilogue.NONE);
        yield epilogue(c.epilogue(), product, inputs.get(1).elements() / channels(inputs.get(1)));
      }
      case ConvolutionOp.Conv2dInputGradient c ->
          linear(op, inputs.get(1).elements() / (double) c.input().dim(1) * c.groups());
      case ConvolutionOp.Conv2dWeightGradient c ->
          linear(op, inputs.get(0).elements() / channels(inputs.get(0).t()));
      case PoolingOp.AvgPool2d p -> linear(op, p.kernelH() * p.kernelW());
      case PoolingOp.AvgPool2dGradient p -> linear(op, p.kernelH() * p.kernelW());
      case PoolingOp.MaxPool2dGradient p -> linear(op, 16);
      case SpatialOp.Resample r -> {
        var absolute =
            new SpatialOp.Resample(r.rows().weighted(Math::abs), r.columns().weighted(Math::abs));
        yield linear(absolute, r.rows().most() + r.columns().most());
      }
      case SpatialOp.Fold f -> linear(op, f.kernelH() * f.kernelW());
      case AttentionOp a -> AttentionSpecs.tolerance(a, inputs, results, precision);
      case NormalizationOp n -> new NormalizationTolerance(inputs, results, precision).of(n);
      case IndexOp.IndexAdd a -> linear(op, inputs.get(1).elements());
      case IndexOp.ScatterAdd s -> linear(op, 1.0 + inputs.get(1).elements());
      case Recurrence r -> linear(op, 2.0 * inputs.getFirst().dim(r.axis()));
      case IndexOp.OneHot o -> exact();
      case IndexOp.Cat c -> exact();
      case IndexOp.ZeroPad p -> exact();
      case IndexOp.IndexSelect s -> exact();
      case IndexOp.Gather g -> exact();
      case IndexOp.Scatter s -> exact();
      case IndexOp.NonZero n -> exact();
      case Sort s -> exact();
      case ReductionOp.Extremum e -> exact();
      case ReductionOp.ArgMax a -> exact();
      case ReductionOp.ArgMin a -> exact();
      case PoolingOp.MaxPool2d p -> exact();
      case PoolingOp.AdaptiveMaxPool2d p -> exact();
      case SpatialOp.Unfold u -> exact();
      case ViewOp v -> exact();
      case RandomOp r -> exact();
      case Cast c -> exact();
      case CustomOp c -> exact();
    };
  }

  private static double channels(Tensor x) {
    return Math.max(1, x.dim(0));
  }

  private double[][] exact() {
    return results.stream().map(y -> new double[y.elements()]).toArray(double[][]::new);
  }

  /**
   * A sum of products: its tolerance is relative to the same sum over absolute values. What is not
   * finite adds no rounding.
   */
  private double[][] linear(Op op, double terms) {
    double[] size = Ops.apply(op, absolute(inputs)).toDoubles();
    return new double[][] {Arrays.stream(size).map(s -> precision.sum(s, terms)).toArray()};
  }

  private static Tensor[] absolute(List<Tensor> tensors) {
    return tensors.stream()
        .map(x -> x.dtype().isFloating() ? x.apply(Fused.of(1, FINITE_SIZE)) : x)
        .toArray(Tensor[]::new);
  }

  private double[][] epilogue(Epilogue epilogue, Op product, double terms) {
    var factors = inputs.subList(0, 2);
    var y = Ops.applyAll(product, factors).getFirst();
    double[] size = Ops.apply(product, absolute(factors)).toDoubles();
    double[][] off = new double[epilogue.extras() + 1][size.length];
    off[0] = Arrays.stream(size).map(s -> precision.sum(s, terms)).toArray();
    double[][] values = new double[epilogue.extras() + 1][];
    values[0] = y.toDoubles();
    for (int k = 1; k < values.length; k++) {
      values[k] = expanded(inputs.get(k + 1), y.shape());
    }
    return formulas(List.of(epilogue.formula()), values, off)[1];
  }

  private double[][] elementwise(Elementwise op) {
    var shape = results.getFirst().shape();
    double[][] values = new double[inputs.size()][];
    Arrays.setAll(values, k -> expanded(inputs.get(k), shape));
    return formulas(op.formulas(), values, new double[values.length][shape.elements()])[1];
  }

  private double[][] sumOf(ReductionOp.SumOf op) {
    Shape shape = Shape.SCALAR;
    for (var input : inputs) {
      shape = Shape.broadcast(op.name(), shape, input.shape());
    }
    double[][] values = new double[inputs.size()][];
    for (int k = 0; k < values.length; k++) {
      values[k] = expanded(inputs.get(k), shape);
    }
    double[][][] terms = formulas(op.terms(), values, new double[values.length][shape.elements()]);
    double[][] allowed = new double[op.terms().size()][];
    double count = op.axes().count(shape);
    for (int k = 0; k < allowed.length; k++) {
      double[] size = Arrays.stream(terms[0][k]).map(Math::abs).toArray();
      double[] sizes = sum(size, shape, op);
      double[] offs = sum(terms[1][k], shape, op);
      allowed[k] = new double[sizes.length];
      // Equal terms are rounded in the same direction over and over: errors of the terms in a row
      // add up, a quarter of a unit each.
      double drift = precision.unit() * Math.min(count, IN_A_ROW) / 4;
      Arrays.setAll(allowed[k], i -> offs[i] + precision.sum(sizes[i], count) + sizes[i] * drift);
    }
    return allowed;
  }

  private static double[] sum(double[] values, Shape shape, ReductionOp.SumOf op) {
    var sum = new ReductionOp.SumOf(List.of(Formula.input(0)), 1, op.axes(), op.keepDim());
    return Ops.apply(sum, Tensor.of(values, shape.toArray())).toDoubles();
  }

  static double[] expanded(Tensor x, Shape shape) {
    return x.expand(shape.toArray()).toDoubles();
  }

  /** Returns the values of the formulas, and by how much each may be off. */
  private double[][][] formulas(List<Formula> formulas, double[][] inputs, double[][] off) {
    int count = results.getFirst().elements();
    count = inputs.length == 0 ? count : inputs[0].length;
    double[][] values = new double[formulas.size()][count];
    double[][] errors = new double[formulas.size()][count];
    var rounding = new RoundingErrors(formulas, precision);
    double[] at = new double[inputs.length];
    double[] offAt = new double[inputs.length];
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < at.length; k++) {
        at[k] = inputs[k][i];
        offAt[k] = off[k][i];
      }
      rounding.at(at, offAt);
      for (int k = 0; k < values.length; k++) {
        values[k][i] = rounding.value(k);
        errors[k][i] = rounding.error(k);
      }
    }
    return new double[][][] {values, errors};
  }
}
