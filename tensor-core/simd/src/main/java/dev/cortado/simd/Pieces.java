package dev.cortado.simd;

import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Walk;

/** A walk over tensors row by row, long rows in pieces, spread over the cores. */
final class Pieces {
  /** Elements of a piece. */
  static final int LENGTH = 1024;

  private Pieces() {}

  /** What is done with each piece. */
  interface Body {
    /**
     * Does one piece.
     *
     * @param at where it begins in each tensor
     * @param count its elements
     */
    void accept(int[] at, int count);
  }

  /** Calls {@code body} for pieces that cover everything once. */
  static void forEach(Walk walk, int tensors, Body body) {
    int n = walk.length();
    int pieces = Math.ceilDiv(n, LENGTH);
    // Rows along this axis follow each other evenly: most need no divisions.
    int axis = Math.max(0, walk.rank() - 2);
    int together = walk.rank() > 1 ? walk.size(axis) : 1;
    Parallel.ranges(
        walk.rows() * pieces,
        Math.max(1, FormulaGrid.CHUNK / Math.min(n, LENGTH)),
        (from, to) -> {
          int[] at = new int[tensors];
          for (int piece = from; piece < to; piece++) {
            if (pieces == 1 && piece > from && piece % together != 0) {
              for (int k = 0; k < tensors; k++) {
                at[k] += walk.stride(axis, k);
              }
              body.accept(at, n);
              continue;
            }
            walk.offsets(piece / pieces, at);
            int column = piece % pieces * LENGTH;
            for (int k = 0; k < tensors; k++) {
              at[k] += column * walk.innerStride(k);
            }
            body.accept(at, Math.min(LENGTH, n - column));
          }
        });
  }
}
