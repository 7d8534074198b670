package dev.cortado.simd;

import dev.cortado.tensor.Copy;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.IndexOp;
import dev.cortado.tensor.op.TensorSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Placing elements is copying into parts of the result. */
final class IndexSimd {
  private IndexSimd() {}

  /** Returns the result, or null if the reference has to do it. */
  static @Nullable Tensor run(IndexOp op, List<Tensor> inputs, TensorSpec spec) {
    return switch (op) {
      case IndexOp.Cat cat -> cat(cat, inputs, spec);
      case IndexOp.ZeroPad pad -> pad(pad, inputs.getFirst(), spec);
      case IndexOp.IndexSelect select -> select(select, inputs, spec);
      case IndexOp.OneHot hot -> null;
      case IndexOp.IndexAdd add -> null;
      case IndexOp.Gather gather -> null;
      case IndexOp.Scatter scatter -> null;
      case IndexOp.ScatterAdd add -> null;
      case IndexOp.NonZero nonZero -> null;
    };
  }

  private static Tensor cat(IndexOp.Cat op, List<Tensor> inputs, TensorSpec spec) {
    var result = Tensor.empty(spec.shape(), spec.dtype(), like(inputs.getFirst(), spec), op.name());
    int at = 0;
    for (var input : inputs) {
      int size = input.dim(op.axis());
      Copy.into(input, result.narrow(op.axis(), at, size));
      at += size;
    }
    return result;
  }

  private static @Nullable Tensor pad(IndexOp.ZeroPad op, Tensor x, TensorSpec spec) {
    if (spec.dtype() != DType.F32) {
      return null;
    }
    var result = Tensor.empty(spec.shape(), spec.dtype(), like(x, spec), op.name());
    java.util.Arrays.fill(result.host().floats(), 0);
    Copy.into(x, result.narrow(op.axis(), op.before(), x.dim(op.axis())));
    return result;
  }

  private static Tensor select(IndexOp.IndexSelect op, List<Tensor> inputs, TensorSpec spec) {
    var x = inputs.getFirst();
    long[] indices = inputs.get(1).toLongs();
    var result = Tensor.empty(spec.shape(), spec.dtype(), like(x, spec), op.name());
    for (int i = 0; i < indices.length; i++) {
      int from = IndexOp.checked(op, indices[i], x.dim(op.axis()));
      Copy.into(x.detach().narrow(op.axis(), from, 1), result.narrow(op.axis(), i, 1));
    }
    return result;
  }

  private static Layout like(Tensor x, TensorSpec spec) {
    return x.layout().denseLike(spec.shape());
  }
}
