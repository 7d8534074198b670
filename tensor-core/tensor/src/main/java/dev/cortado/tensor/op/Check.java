package dev.cortado.tensor.op;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Shape;
import java.util.List;

/** Builds the messages of ops that got inputs they do not accept. */
final class Check {
  private Check() {}

  /** Throws unless the number of inputs is {@code count}. */
  static void count(Op op, List<TensorSpec> inputs, int count) {
    if (inputs.size() != count) {
      throw new CortadoException(
          op.name() + " takes " + count + " inputs, got " + inputs.size() + ": " + inputs);
    }
  }

  /** Throws unless all inputs are of one type, F32 or F64. */
  static void floating(Op op, List<TensorSpec> inputs) {
    var type = inputs.getFirst().dtype();
    boolean one = inputs.stream().allMatch(input -> input.dtype() == type);
    that(
        one && type.isFloating() && type.isComputable(),
        op,
        inputs,
        "expected tensors of one floating type, F32 or F64");
  }

  /** Throws unless {@code shape} has an axis {@code axis}, counted from 0. */
  static void axis(Op op, List<TensorSpec> inputs, Shape shape, int axis) {
    that(
        axis >= 0 && axis < shape.rank(),
        op,
        inputs,
        "axis " + axis + " does not exist in shape " + shape);
  }

  /** Returns {@code size} as the new size of an axis; throws if no tensor has one so large. */
  static int size(Op op, List<TensorSpec> inputs, int axis, long size) {
    that(
        size <= Integer.MAX_VALUE,
        op,
        inputs,
        "axis " + axis + " of the result would have " + size + " elements, more than 2^31 - 1");
    return (int) size;
  }

  /** Throws with the op's name and inputs unless {@code condition} holds. */
  static void that(boolean condition, Op op, List<TensorSpec> inputs, String expectation) {
    if (!condition) {
      throw new CortadoException(op.name() + ": got " + inputs + "; " + expectation);
    }
  }
}
