package dev.cortado.simd;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.IndexOp;

/** Lists where truth values are true. No branch depends on them: it would be guessed wrong. */
final class NonZeroSimd {
  private NonZeroSimd() {}

  static Tensor run(IndexOp.NonZero op, Tensor x) {
    int rank = x.rank();
    int wanted = op.count();
    var result = Tensor.empty(Shape.of(wanted, rank), DType.I64, op.name());
    long[] out = result.host().longs();
    int found = 0;
    if (x.elements() > 0 && wanted > 0) {
      byte[] truths = x.contiguous().host().bytes();
      int offset = x.contiguous().layout().offset();
      int size = rank == 0 ? 1 : x.dim(rank - 1);
      int lines = x.elements() / size;
      int[] columns = new int[size + 1];
      for (int line = 0; line < lines && found < wanted; line++) {
        int count = places(truths, offset + line * size, size, columns);
        count = Math.min(count, wanted - found);
        write(x, line, columns, count, out, found * rank);
        found += count;
      }
    }
    if (found < wanted) {
      throw new CortadoException(
          op.name() + ": only " + found + " elements are not 0, expected " + wanted);
    }
    return result;
  }

  /** Writes the places of the true ones, and returns how many there are. */
  private static int places(byte[] truths, int at, int n, int[] places) {
    int found = 0;
    for (int i = 0; i < n; i++) {
      places[found] = i;
      found += truths[at + i] != 0 ? 1 : 0;
    }
    return found;
  }

  private static void write(Tensor x, int line, int[] columns, int count, long[] out, int at) {
    int rank = x.rank();
    for (int i = 0; i < count && rank > 0; i++) {
      out[at + i * rank + rank - 1] = columns[i];
    }
    int rest = line;
    for (int axis = rank - 2; axis >= 0; axis--) {
      int place = rest % x.dim(axis);
      rest /= x.dim(axis);
      for (int i = 0; i < count; i++) {
        out[at + i * rank + axis] = place;
      }
    }
  }
}
