package dev.cortado.simd;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.formula.Program;
import dev.cortado.tensor.op.Arithmetic;
import dev.cortado.tensor.op.Cast;
import dev.cortado.tensor.op.Elementwise;
import dev.cortado.tensor.op.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Elementwise formulas: one pass over memory by a compiled loop. */
final class ElementwiseSimd {
  private ElementwiseSimd() {}

  /**
   * Returns the results, or null if the formula or the types need the reference. Loops know F32
   * only: truth values among the inputs, and those that come out, are converted.
   */
  static @Nullable List<Tensor> run(Elementwise op, List<Tensor> inputs, List<TensorSpec> results) {
    return run(op.name(), Program.of(comparable(op).formulas()), inputs, results);
  }

  /** Returns the results of a program, or null; see {@link #run(Elementwise, List, List)}. */
  static @Nullable List<Tensor> run(
      String origin, Program program, List<Tensor> inputs, List<TensorSpec> results) {
    var type = results.getFirst().dtype();
    // Beside F32 there can only be BOOL; truth values alone follow the rules of whole numbers.
    boolean floating = inputs.isEmpty() || inputs.stream().anyMatch(x -> x.dtype() == DType.F32);
    boolean stored = type == DType.F32 || (type == DType.BOOL && isExact(program));
    if (!floating || !stored || !FormulaRun.supports(program)) {
      return null;
    }
    var floats = inputs.stream().map(x -> x.dtype() == DType.BOOL ? to(DType.F32, x) : x).toList();
    Shape shape = results.getFirst().shape();
    var layout = resultLayout(floats, shape);
    var outputs = new ArrayList<Tensor>(results.size());
    for (var spec : results) {
      outputs.add(Aligned.empty(spec.shape(), layout, origin));
    }
    into(program, floats, outputs);
    return type == DType.F32 ? outputs : outputs.stream().map(y -> to(type, y)).toList();
  }

  /**
   * Returns the op; a comparison with a number that is no F32 with its neighbour that is, from
   * which every F32 is on the same side.
   */
  private static Elementwise comparable(Elementwise op) {
    return switch (op) {
      case Arithmetic.WithNumber(var f, double c) when f.isComparison() ->
          new Arithmetic.WithNumber(f, comparable(f, c, f == BinaryFunction.LESS));
      case Arithmetic.NumberWith(var f, double c) when f.isComparison() ->
          new Arithmetic.NumberWith(f, comparable(f, c, f == BinaryFunction.LESS_OR_EQUAL));
      default -> op;
    };
  }

  private static double comparable(BinaryFunction function, double number, boolean up) {
    float near = (float) number;
    if (near == number) {
      return number;
    }
    if (function == BinaryFunction.EQUAL) {
      return Double.NaN; // which nothing equals either
    }
    if (up) {
      return near < number ? Math.nextUp(near) : near;
    }
    return near > number ? Math.nextDown(near) : near;
  }

  /** Returns whether all constants are F32. */
  private static boolean isExact(Program program) {
    return Arrays.stream(program.constants()).allMatch(c -> Double.compare((float) c, c) == 0);
  }

  private static Tensor to(DType type, Tensor x) {
    var spec = new TensorSpec(x.shape(), type);
    return Objects.requireNonNull(CastSimd.run(new Cast(type), x, spec));
  }

  /** Returns whether a loop can be compiled for the formula, and all inputs are F32. */
  static boolean supports(Program program, List<Tensor> inputs) {
    for (var input : inputs) {
      if (input.dtype() != DType.F32) {
        return false;
      }
    }
    return FormulaRun.supports(program);
  }

  /** Computes the formulas into {@code outputs}, F32 tensors of one layout. */
  static void into(Program program, List<Tensor> inputs, List<Tensor> outputs) {
    if (outputs.getFirst().elements() == 0) {
      return;
    }
    var grid = FormulaGrid.of(inputs, outputs);
    grid.forEachBlock(FormulaRun.of(program, grid.streams(), FormulaShape.Sink.STORE));
  }

  /** Results lie in memory like the first input that has their shape. */
  static Layout resultLayout(List<Tensor> inputs, Shape shape) {
    for (var input : inputs) {
      if (input.shape().equals(shape)) {
        return input.layout().denseLike(shape);
      }
    }
    // A product of broadcasts: images stay channels-last if any part of them is.
    for (var input : inputs) {
      if (shape.rank() == 4
          && input.rank() == 4
          && input.dim(1) > 1
          && input.layout().stride(1) == 1) {
        return Layout.channelsLast(shape);
      }
    }
    return Layout.contiguous(shape);
  }
}
