package dev.cortado.simd;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Program;
import dev.cortado.tensor.op.Epilogue;
import dev.cortado.tensor.op.MatMul;
import dev.cortado.tensor.op.TensorSpec;
import dev.cortado.tensor.op.ViewOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products: one {@link Gemm} where the leading dimensions can be folded into rows, else one
 * for each matrix.
 */
final class MatMulSimd {
  /** Multiply-adds of a product that is cut itself, though there are others beside it. */
  private static final long LARGE = 1 << 25;

  private MatMulSimd() {}

  /** Returns the result, or null if the types need the reference. */
  static @Nullable Tensor run(MatMul op, List<Tensor> inputs, TensorSpec spec) {
    if (spec.dtype() != DType.F32 || !supports(op.epilogue())) {
      return null;
    }
    var a = inputs.get(0);
    var b = inputs.get(1);
    var extras = inputs.subList(2, inputs.size());
    var result = Aligned.empty(spec.shape(), Layout.contiguous(spec.shape()), op.name());
    if (result.elements() == 0) {
      return result;
    }
    var inCache = tileEpilogue(op.epilogue(), extras, result, spec.shape().dim(-1));
    multiply(a, b, result, inCache);
    if (inCache == null) {
      apply(op.epilogue(), extras, result);
    }
    return result;
  }

  /** Returns whether a loop can be compiled for an epilogue. */
  static boolean supports(Epilogue epilogue) {
    return FormulaRun.supports(Program.of(epilogue.formula()));
  }

  static @Nullable EpilogueSimd tileEpilogue(
      Epilogue epilogue, List<Tensor> extras, Tensor result, int columns) {
    return epilogue.isNone() ? null : EpilogueSimd.of(epilogue, extras, result, columns);
  }

  /** Applies an epilogue that could not run block by block in one pass over the result. */
  static void apply(Epilogue epilogue, List<Tensor> extras, Tensor result) {
    if (epilogue.isNone()) {
      return;
    }
    var inputs = new ArrayList<Tensor>();
    inputs.add(result);
    inputs.addAll(extras);
    ElementwiseSimd.into(Program.of(epilogue.formula()), inputs, List.of(result));
  }

  private static void multiply(Tensor a, Tensor b, Tensor c, @Nullable TileEpilogue epilogue) {
    int m = a.dim(-2);
    int k = a.dim(-1);
    int n = b.dim(-1);
    float[] out = c.host().floats();
    int first = c.layout().offset();
    int batch = c.elements() / (m * n);
    boolean oneRight = b.elements() == k * n && a.elements() == batch * m * k;
    var left =
        oneRight
            ? new ViewOp.Reshape(Shape.of(batch * m, k)).resultLayout(a.shape(), a.layout())
            : null;
    if (left != null) {
      var rows = new MatrixView(a.host().floats(), left.offset(), left.stride(0), left.stride(1));
      var right = matrix(b, b.layout().offset());
      Gemm.multiply(batch * m, n, k, rows, right, out, first, n, false, epilogue);
      return;
    }
    int[] lefts = starts(a, c.shape());
    int[] rights = starts(b, c.shape());
    // Large products are spread over the cores one by one; of small ones each core takes whole
    // ones.
    boolean large = batch == 1 || (long) m * n * k >= LARGE;
    Parallel.run(
        large ? 1 : batch,
        chunk -> {
          int to = large ? batch : chunk + 1;
          for (int i = chunk; i < to; i++) {
            var rowsBefore = i * m;
            TileEpilogue shifted =
                epilogue == null
                    ? null
                    : (array, offset, stride, row, col, rows, cols) ->
                        epilogue.apply(array, offset, stride, rowsBefore + row, col, rows, cols);
            Gemm.multiply(
                m,
                n,
                k,
                matrix(a, lefts[i]),
                matrix(b, rights[i]),
                out,
                first + i * m * n,
                n,
                false,
                shifted);
          }
        });
  }

  private static MatrixView matrix(Tensor x, int offset) {
    int rank = x.rank();
    return new MatrixView(
        x.host().floats(), offset, x.layout().stride(rank - 2), x.layout().stride(rank - 1));
  }

  /** Returns where each matrix of an operand begins, for every matrix of the result. */
  private static int[] starts(Tensor x, Shape result) {
    int[] dims = result.toArray();
    dims[dims.length - 2] = x.dim(-2);
    dims[dims.length - 1] = x.dim(-1);
    var expanded = new ViewOp.Expand(Shape.of(dims)).resultLayout(x.shape(), x.layout());
    int batch = 1;
    for (int i = 0; i < dims.length - 2; i++) {
      batch *= dims[i];
    }
    int[] starts = new int[batch];
    Arrays.setAll(
        starts,
        i -> {
          int at = expanded.offset();
          for (int axis = dims.length - 3, rest = i; axis >= 0; axis--) {
            at += rest % dims[axis] * expanded.stride(axis);
            rest /= dims[axis];
          }
          return at;
        });
    return starts;
  }
}
