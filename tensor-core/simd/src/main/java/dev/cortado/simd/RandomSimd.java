package dev.cortado.simd;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.RandomOp;
import org.jspecify.annotations.Nullable;

/** Random numbers, spread over the cores: number i depends on the key and i alone. */
final class RandomSimd {
  private RandomSimd() {}

  /** Returns the result, or null for types that the reference fills. */
  static @Nullable Tensor run(RandomOp op) {
    boolean truths = op.dtype() == DType.BOOL && op.distribution() instanceof RandomOp.Bernoulli;
    if (op.dtype() != DType.F32 && !truths) {
      return null;
    }
    var result = Tensor.empty(op.shape(), op.dtype(), op.name());
    var loop =
        op.distribution() instanceof RandomOp.Bernoulli b && truths
            ? truths(op.key(), threshold(b), result.host().bytes())
            : floats(op, result.host().floats());
    Parallel.ranges(op.shape().elements(), FormulaGrid.CHUNK, loop);
    return result;
  }

  private static Parallel.RangeBody floats(RandomOp op, float[] out) {
    var key = op.key();
    // Loops of their own, without a branch, for what is drawn most.
    return switch (op.distribution()) {
      case RandomOp.Uniform u ->
          (from, to) -> {
            for (int i = from; i < to; i++) {
              out[i] = (float) key.uniform(i);
            }
          };
      case RandomOp.Bernoulli b -> {
        long threshold = threshold(b);
        yield (from, to) -> {
          for (int i = from; i < to; i++) {
            out[i] = ((key.word(i) >>> 40) - threshold) >>> 63;
          }
        };
      }
      default ->
          (from, to) -> {
            for (int i = from; i < to; i++) {
              out[i] = (float) op.distribution().draw(key, i);
            }
          };
    };
  }

  private static Parallel.RangeBody truths(RandomKey key, long threshold, byte[] out) {
    return (from, to) -> {
      for (int i = from; i < to; i++) {
        out[i] = (byte) (((key.word(i) >>> 40) - threshold) >>> 63);
      }
    };
  }

  /** Returns which multiple of 2⁻²⁴ is the first that a uniform number must not reach. */
  private static long threshold(RandomOp.Bernoulli distribution) {
    return (long) Math.ceil(distribution.probability() * 0x1p24);
  }
}
