package dev.cortado.simd;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * A register tile: the innermost loop of every matrix product. (Convolutions have their own, {@link
 * WindowLoop}.) It computes a block of the result of {@code mr} rows by {@code nr} columns whose
 * sums stay in vector registers for the whole loop over {@code k}:
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
 * accumulators, 32 carry 28.
 *
 * <p>{@code b} is always a <em>packed panel</em>: {@code nr} floats of k = 0, then {@code nr}
 * floats of k = 1, and so on (see {@link Panels}). For {@code a} there are two ways, a method each.
 * {@link TileCompiler} writes the subclasses.
 */
abstract class Tile {
  /**
   * Floats between rows of {@code a} that were copied one by one: a pass over k, and a gap so that
   * the rows do not compete for the same places of the first-level cache. Short rows lie closer.
   */
  static final int ROW_STRIDE = Math.min(192, GemmPlan.KC) + 16;

  /** The same for long rows. */
  static final int LONG_STRIDE = GemmPlan.KC + 16;

  /** Returns the distance of copied rows of {@code kc} floats. */
  static int rowStride(int kc) {
    return kc <= ROW_STRIDE - 16 ? ROW_STRIDE : LONG_STRIDE;
  }

  /**
   * Floats between what is touched of a panel for one k and for the next: with 16 lanes a quarter
   * of a cache line, so that the touches of eight tiles go through a panel.
   */
  static final int STEP = Math.min(4, Lanes.COUNT);

  /**
   * What distinguishes tiles.
   *
   * @param rows rows of the tile
   * @param vectors vectors per row
   * @param tail lanes of the last vector that belong to the result; the others are not written
   * @param rowStride floats between the rows of A in {@link #spaced}
   * @param add whether to add to what the result holds
   * @param ahead whether to touch what comes next while k runs
   */
  record Size(int rows, int vectors, int tail, int rowStride, boolean add, boolean ahead) {
    /** Columns of the packed panel. */
    int nr() {
      return vectors * Lanes.COUNT;
    }

    /** Returns what of it is compiled. */
    Code code() {
      return new Code(rows, vectors, tail < Lanes.COUNT, rowStride, add, ahead);
    }
  }

  /**
   * What distinguishes the code of tiles. There should be few: compiling one takes some hundredths
   * of a second. (As a branch, {@code add} made that three times as long, and the tile slower:
   * where two ways to compute a vector meet, C2 has a hard time.)
   *
   * @param masked whether the last vector is written in part
   */
  record Code(int rows, int vectors, boolean masked, int rowStride, boolean add, boolean ahead) {
    /** Floats between what is touched for one k and for the next. */
    int step() {
      return inPlace() ? rows : STEP;
    }

    /** Whether {@link #spaced} reads rows that nobody copied. */
    private boolean inPlace() {
      return rowStride != ROW_STRIDE && rowStride != LONG_STRIDE;
    }
  }

  /** The ways to read A. */
  enum Way {
    PACKED,
    SPACED
  }

  /** Lanes of the last vector that belong to the result. For the generated code. */
  final int tail;

  Tile(Size size) {
    this.tail = size.tail;
  }

  /** Makes tiles of one code. */
  static final class Maker {
    private final Function<Size, Tile> constructor;
    private final Map<Way, WarmUp> warmUps = new EnumMap<>(Way.class);

    Maker(Code code, Function<Size, Tile> constructor) {
      this.constructor = constructor;
      for (var way : Way.values()) {
        warmUps.put(way, warmUp(code, way));
      }
    }

    Tile make(Size size) {
      return constructor.apply(size);
    }

    /** Returns what brings a method to full speed. */
    WarmUp warmUp(Way way) {
      return Objects.requireNonNull(warmUps.get(way));
    }

    private WarmUp warmUp(Code code, Way way) {
      int ks = 16;
      int tail = code.masked ? 1 : Lanes.COUNT;
      var size = new Size(code.rows, code.vectors, tail, code.rowStride, code.add, code.ahead);
      var tile = make(size);
      int left = Math.max(ks * size.rows, size.rows * size.rowStride);
      var loop =
          new WarmUp.Loop() {
            @Override
            public void work(float[] scratch) {
              run(scratch, ks);
            }

            @Override
            public void nothing(float[] scratch) {
              run(scratch, -1);
            }

            @Override
            public void little(float[] scratch) {
              run(scratch, 0);
            }

            private void run(float[] x, int k) {
              int ldc = size.nr();
              int c = left + ks * ldc;
              switch (way) {
                case PACKED -> tile.packed(k, x, 0, x, left, x, c, ldc, x, 0);
                case SPACED -> tile.spaced(k, x, 0, x, left, x, c, ldc, x, 0);
              }
            }
          };
      int operations = ks * size.rows * (size.vectors + 1);
      return new WarmUp(loop, operations, left + (ks + size.rows) * size.nr());
    }
  }

  /**
   * Computes one tile whose rows are packed k by k: {@code c[r][j] (+)= Σk a[k·mr + r] · b[k·nr +
   * j]}.
   *
   * @param kc how many k; nothing happens if it is negative
   * @param a packed rows, from {@code ao}
   * @param b packed columns, from {@code bo}
   * @param c the result, from {@code co}, its rows {@code ldc} apart
   * @param next what the tile touches if it is made for that, from {@code nextAt}: {@code kc} times
   *     {@link Code#step} floats
   * @return nothing of use; it keeps the touches from being optimised away
   */
  abstract int packed(
      int kc,
      float[] a,
      int ao,
      float[] b,
      int bo,
      float[] c,
      int co,
      int ldc,
      float[] next,
      int nextAt);

  /**
   * Computes one tile whose rows lie {@link Size#rowStride} apart: {@code c[r][j] (+)= Σk
   * a[r·rowStride + k] · b[k·nr + j]}. The distance is a constant of the tile, so that it needs one
   * address for all rows and not a register for each.
   *
   * @param kc how many k, at most {@link Size#rowStride}
   * @return nothing of use, see {@link #packed}
   */
  abstract int spaced(
      int kc,
      float[] a,
      int ao,
      float[] b,
      int bo,
      float[] c,
      int co,
      int ldc,
      float[] next,
      int nextAt);
}
