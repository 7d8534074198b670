package dev.cortado.tensor.reference;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Program;
import dev.cortado.tensor.op.Elementwise;
import dev.cortado.tensor.op.TensorSpec;
import dev.cortado.tensor.op.ViewOp;
import java.util.Arrays;
import java.util.List;

/** Evaluates formulas, element by element. */
final class ElementwiseReference {
  private ElementwiseReference() {}

  /**
   * Returns the values of all results: longs where the inputs and the results are whole, else
   * doubles.
   */
  static Object[] run(Elementwise op, List<Tensor> inputs, TensorSpec result) {
    var type = common(inputs);
    boolean whole = !inputs.isEmpty() && !type.isFloating() && !result.dtype().isFloating();
    return whole ? longs(op, inputs, result.shape(), type) : doubles(op, inputs, result.shape());
  }

  /** Returns the type that the inputs take part in. */
  static DType common(List<Tensor> inputs) {
    return inputs.stream()
        .map(Tensor::dtype)
        .filter(type -> type != DType.BOOL)
        .findFirst()
        .orElse(DType.BOOL);
  }

  /** Returns the values of all formulas of floating inputs. */
  static double[][] doubles(Elementwise op, List<Tensor> inputs, Shape shape) {
    double[][] in = new double[inputs.size()][];
    Arrays.setAll(in, k -> Values.doubles(inputs.get(k), shape));
    return doubles(op, in, shape.elements());
  }

  /** Returns the values of all formulas at {@code count} elements. */
  static double[][] doubles(Elementwise op, double[][] in, int count) {
    var program = Program.of(op.formulas());
    double[][] out = new double[program.outputs().size()][count];
    double[] arguments = new double[in.length];
    double[] registers = new double[program.code().size()];
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < in.length; k++) {
        arguments[k] = in[k][i];
      }
      program.run(arguments, registers);
      for (int k = 0; k < out.length; k++) {
        out[k][i] = registers[program.outputs().get(k)];
      }
    }
    return out;
  }

  /** Returns the values of all formulas of inputs of an integer type or BOOL. */
  static long[][] longs(Elementwise op, List<Tensor> inputs, Shape shape, DType type) {
    var program = Program.of(op.formulas());
    long[][] in = new long[inputs.size()][];
    Arrays.setAll(in, k -> Values.longs(inputs.get(k), shape));
    long[][] out = new long[program.outputs().size()][shape.elements()];
    long[] arguments = new long[in.length];
    long[] registers = new long[program.code().size()];
    double[] constants = program.constants();
    for (int i = 0; i < shape.elements(); i++) {
      for (int k = 0; k < in.length; k++) {
        arguments[k] = in[k][i];
      }
      WholeNumbers.run(program, constants, arguments, registers, type);
      for (int k = 0; k < out.length; k++) {
        out[k][i] = registers[program.outputs().get(k)];
      }
    }
    return out;
  }

  /** Returns the values of a tensor of shape {@code from} broadcast to shape {@code to}. */
  static double[] expand(double[] values, Shape from, Shape to) {
    if (from.equals(to)) {
      return values;
    }
    var layout = new ViewOp.Expand(to).resultLayout(from, Layout.contiguous(from));
    int[] places = Values.places(to, layout);
    double[] result = new double[places.length];
    Arrays.setAll(result, i -> values[places[i]]);
    return result;
  }
}
