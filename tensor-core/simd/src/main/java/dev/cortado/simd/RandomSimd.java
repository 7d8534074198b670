package dev.cortado.simd;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.RandomOp;
import org.jspecify.annotations.Nullable;

/** Random numbers, spread over the cores: number i depends on the key and i alone. */
final class RandomSimd {
  private RandomSimd() {}

  /** Returns the result, or null for types that the reference fills. */
  static @Nullable Tensor run(RandomOp op) {
    if (op.dtype() != DType.F32) {
      return null;
    }
    var result = Tensor.empty(op.shape(), DType.F32, op.name());
    float[] out = result.host().floats();
    var key = op.key();
    Parallel.ranges(
        out.length,
        FormulaGrid.CHUNK,
        (from, to) -> {
          // A loop of its own for what is drawn most.
          if (op.distribution() instanceof RandomOp.Uniform) {
            for (int i = from; i < to; i++) {
              out[i] = (float) key.uniform(i);
            }
          } else {
            for (int i = from; i < to; i++) {
              out[i] = (float) op.distribution().draw(key, i);
            }
          }
        });
    return result;
  }
}
