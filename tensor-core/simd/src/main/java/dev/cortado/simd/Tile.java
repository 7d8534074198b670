package dev.cortado.simd;

import jdk.incubator.vector.FloatVector;

/**
 * A register tile: the innermost loop of every matrix product and convolution. It computes a block
 * of the result of {@code mr} rows by {@code nr} columns whose sums stay in vector registers for
 * the whole loop over {@code k}:
 *
 * <pre>
 *            b: one row of nr floats, loaded as vectors
 *           ┌────────────┐
 *   a[0] ×  │ c00   c01  │      per k: nr/lanes vector loads, mr broadcasts, mr·nr/lanes fused multiply-adds
 *   a[1] ×  │ c10   c11  │
 *    …      │  …     …   │
 *           └────────────┘
 * </pre>
 *
 * <p>A tile wants many accumulators (a fused multiply-add takes four cycles and two start in each,
 * so eight must be in flight; and each loaded value should be used often), but no more than there
 * are registers: with one too many C2 spills, which halves the speed. 16 registers carry 8 or 9
 * accumulators, 32 carry 24.
 *
 * <p>{@code b} is always a <em>packed panel</em>: {@code nr} floats of k = 0, then {@code nr}
 * floats of k = 1, and so on (see {@link Panels}). {@code a} is either packed the same way, {@code
 * mr} floats for each k, or read where it lies.
 */
abstract sealed class Tile permits Tile12x2, Tile12x1, Tile4x2, Tile3x3 {
  /** Rows of the tile. */
  final int mr;

  /** Vectors per row of the tile. */
  final int vectors;

  /** Columns of the tile. */
  final int nr;

  Tile(int mr, int vectors) {
    this.mr = mr;
    this.vectors = vectors;
    this.nr = vectors * Lanes.COUNT;
  }

  /**
   * Computes one tile from packed panels: {@code c[r][j] (+)= Σk a[k·mr + r] · b[k·nr + j]}.
   *
   * @param kc how many k
   * @param a packed rows, from {@code ao}
   * @param b packed columns, from {@code bo}
   * @param c the result, from {@code co}, its rows {@code ldc} apart
   * @param add whether to add to what {@code c} holds
   */
  abstract void packed(
      int kc, float[] a, int ao, float[] b, int bo, float[] c, int co, int ldc, boolean add);

  /**
   * Computes one tile whose rows are read in place: row {@code r} is the chain of runs {@code
   * a[rows[firstRow + r] + segments[firstSegment + s] … + len]} for {@code s = 0 … segmentCount-1}.
   * A plain matrix row is one run; the window of a convolution is one run per kernel row.
   *
   * @param b packed columns from {@code bo}: {@code segmentCount·len} k
   */
  abstract void rows(
      int len,
      int[] segments,
      int firstSegment,
      int segmentCount,
      float[] a,
      int[] rows,
      int firstRow,
      float[] b,
      int bo,
      float[] c,
      int co,
      int ldc,
      boolean add);

  /**
   * Moves the first {@code rows × cols} floats of a tile computed into {@code scratch} to {@code
   * c}.
   */
  final void copyOut(float[] scratch, float[] c, int co, int ldc, int rows, int cols, boolean add) {
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < cols; j += Lanes.COUNT) {
        var mask = Lanes.first(cols - j);
        int at = co + r * ldc + j;
        var value = FloatVector.fromArray(Lanes.F32, scratch, r * nr + j);
        if (add) {
          value = value.add(FloatVector.fromArray(Lanes.F32, c, at, mask));
        }
        value.intoArray(c, at, mask);
      }
    }
  }
}
