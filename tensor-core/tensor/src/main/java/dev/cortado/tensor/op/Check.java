package dev.cortado.tensor.op;

import dev.cortado.tensor.CortadoException;
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

  /** Throws with the op's name and inputs unless {@code condition} holds. */
  static void that(boolean condition, Op op, List<TensorSpec> inputs, String expectation) {
    if (!condition) {
      throw new CortadoException(op.name() + ": got " + inputs + "; " + expectation);
    }
  }
}
