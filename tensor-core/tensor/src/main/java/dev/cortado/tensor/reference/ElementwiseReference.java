package dev.cortado.tensor.reference;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.formula.Program;
import dev.cortado.tensor.op.Elementwise;
import dev.cortado.tensor.op.TensorSpec;
import java.util.Arrays;

/** Evaluates formulas, element by element. */
final class ElementwiseReference {
  private ElementwiseReference() {}

  static double[][] run(Elementwise op, double[][] in, TensorSpec[] specs, Shape shape) {
    var program = Program.of(op.formulas());
    double[][] expanded = new double[in.length][];
    Arrays.setAll(expanded, k -> expand(in[k], specs[k].shape(), shape));
    double[][] out = new double[program.outputs().size()][shape.elements()];
    double[] arguments = new double[in.length];
    double[] registers = new double[program.code().size()];
    for (int i = 0; i < shape.elements(); i++) {
      for (int k = 0; k < in.length; k++) {
        arguments[k] = expanded[k][i];
      }
      program.run(arguments, registers);
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
    double[] result = new double[to.elements()];
    int shift = to.rank() - from.rank();
    for (int i = 0; i < result.length; i++) {
      int rest = i;
      int at = 0;
      int stride = 1;
      for (int axis = to.rank() - 1; axis >= 0; axis--) {
        int index = rest % to.dim(axis);
        rest /= to.dim(axis);
        if (axis >= shift) {
          at += (from.dim(axis - shift) == 1 ? 0 : index) * stride;
          stride *= from.dim(axis - shift);
        }
      }
      result[i] = values[at];
    }
    return result;
  }
}
