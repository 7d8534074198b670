package dev.cortado.tensor.op;

import java.util.List;

/**
 * A computation as a small immutable record that is applied to tensors. Backends compute it,
 * autograd records and differentiates it, a graph captures it: each is an interpreter that switches
 * over this family.
 */
public sealed interface Op
    permits Elementwise,
        ViewOp,
        ReductionOp,
        MatMul,
        ConvolutionOp,
        PoolingOp,
        SpatialOp,
        NormalizationOp,
        AttentionOp,
        IndexOp,
        Sort,
        Recurrence,
        RandomOp,
        Cast,
        CustomOp {

  /**
   * Returns the name for messages: that of the tensor's method that applies the op, {@code matmul}
   * or {@code oneHot}. Where it is not the record's own name in small letters, the record says so.
   */
  default String name() {
    var record = getClass().getSimpleName();
    return record.isEmpty() // an anonymous class
        ? "op"
        : Character.toLowerCase(record.charAt(0)) + record.substring(1);
  }

  /**
   * Returns the shapes and types of the results for inputs of the given shapes and types: the op's
   * shape rule and its check.
   *
   * @throws dev.cortado.tensor.CortadoException if the op does not accept such inputs; the message
   *     names the op, what it got and what would fit
   */
  List<TensorSpec> infer(List<TensorSpec> inputs);
}
