package dev.cortado.simd;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Program;
import dev.cortado.tensor.op.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Elementwise formulas: one pass over memory by a compiled loop. */
final class ElementwiseSimd {
  private ElementwiseSimd() {}

  /** Returns the results, or null if the formula or the types need the reference. */
  static @Nullable List<Tensor> run(
      String origin, Program program, List<Tensor> inputs, List<TensorSpec> results) {
    if (!supports(program, inputs) || results.getFirst().dtype() != DType.F32) {
      return null;
    }
    Shape shape = results.getFirst().shape();
    var layout = resultLayout(inputs, shape);
    var outputs = new ArrayList<Tensor>(results.size());
    for (var spec : results) {
      outputs.add(Tensor.empty(spec.shape(), DType.F32, layout, origin));
    }
    into(program, inputs, outputs);
    return outputs;
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
