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
    if (indexStep == 1) {
      // Without a branch for each: the sign says whether any number is negative or too large.
      long outside = 0;
      for (int i = 0; i < n; i++) {
        long number = index[from + i];
        outside |= number | (size - 1 - number);
        places[i] = line + i * lineStep + (int) number * stride;
      }
      if (outside >= 0) {
        return;
      }
    }
    for (int i = 0; i < n; i++) {
      int number = IndexOp.checked(op, index[from + i * indexStep], size);
      places[i] = line + i * lineStep + number * stride;
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
      for (int i = 0; i < n && adds; i++) {
        b[places[i]] += a[at + i * otherStep];
      }
      for (int i = 0; i < n && !adds; i++) {
        b[places[i]] = a[at + i * otherStep];
      }
    } else {
      long[] a = (long[]) from;
      long[] b = (long[]) table;
      for (int i = 0; i < n && adds; i++) {
        b[places[i]] += a[at + i * otherStep];
      }
      for (int i = 0; i < n && !adds; i++) {
        b[places[i]] = a[at + i * otherStep];
      }
    }
  }
}
