package dev.cortado.simd;

import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.Walk;
import dev.cortado.tensor.op.IndexOp;

/**
 * Elements of a table that an index names one by one along an axis. The walk goes over, in this
 * order: whatever gives the order, the index, the table's lines, and what is read or written beside
 * the table.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Places(
    IndexOp op, long[] index, int indexStep, int lineStep, int otherStep, int size, int stride) {

  Places(IndexOp op, Tensor index, Tensor table, int axis, Walk walk) {
    this(
        op,
        index.host().longs(),
        walk.innerStride(1),
        walk.innerStride(2),
        walk.innerStride(3),
        table.dim(axis),
        table.layout().stride(axis));
  }

  /** Writes where in the table the elements of a row's piece lie. */
  private void find(int[] at, int first, int n, int[] places) {
    int from = at[1] + first * indexStep;
    int line = at[2] + first * lineStep;
    for (int i = 0; i < n; i++) {
      places[i] = line + IndexOp.checked(op, index[from], size) * stride;
      from += indexStep;
      line += lineStep;
    }
  }

  /** What is done with the elements at some places of a table. */
  private interface Body {
    void accept(int[] places, int other, int n);
  }

  private void forEach(int[] at, int count, Body body) {
    int[] places = Workspace.current().ints(Pieces.LENGTH);
    for (int i = 0; i < count; i += Pieces.LENGTH) {
      int n = Math.min(Pieces.LENGTH, count - i);
      find(at, i, n, places);
      body.accept(places, at[3] + i * otherStep, n);
    }
  }

  /** Copies {@code count} elements of the table to neighbours. */
  void gather(Object table, Object to, int[] at, int count) {
    forEach(at, count, (places, other, n) -> Picks.pick(table, 0, 0, places, 0, 1, to, other, n));
  }

  /** Writes {@code count} elements into the table, or adds them to what is there. */
  void scatter(Object from, Object table, int[] at, int count, boolean adds) {
    forEach(at, count, (places, other, n) -> put(from, table, places, other, n, adds));
  }

  private void put(Object from, Object table, int[] places, int at, int n, boolean adds) {
    if (table instanceof float[] b) {
      float[] a = (float[]) from;
      for (int i = 0; i < n; i++) {
        b[places[i]] = adds ? b[places[i]] + a[at + i * otherStep] : a[at + i * otherStep];
      }
    } else {
      long[] a = (long[]) from;
      long[] b = (long[]) table;
      for (int i = 0; i < n; i++) {
        b[places[i]] = adds ? b[places[i]] + a[at + i * otherStep] : a[at + i * otherStep];
      }
    }
  }
}
