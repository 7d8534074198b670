package dev.cortado.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;

/**
 * The innermost loop of convolutions and their gradients: a register tile as {@link Tile}, whose
 * left operand is read where it lies, also where its rows overlap, as the windows of a convolution
 * do. The left operand is a chain of <em>runs</em> of k:
 *
 * <pre>
 *   c[r·ldc + j] = Σs Σk a[at + runs[first + s] + k·step + r·row] · b[(s·length + k)·nr + j]
 * </pre>
 *
 * <p>where {@code nr} is {@link Size#width}.
 *
 * <p>Forward, row {@code r} is the window of pixel {@code r}, and a run of k is a row of the
 * kernel. In the weight gradient row {@code r} is a position of the kernel, and k are the pixels of
 * a row. The distances {@code row} and {@code step} are constants of the code: then one address
 * serves all rows and one check all k.
 */
@FunctionalInterface
interface WindowLoop {
  /**
   * Computes one tile.
   *
   * @param length k per run
   * @param runs where the runs begin
   * @param first index of the first run
   * @param count how many runs; with 0 nothing happens
   * @param a left operand, from {@code aAt}
   * @param b right operand from {@code bAt}: a packed panel of {@link Size#width} columns
   * @param c the result, from {@code cAt}, its rows {@code ldc} apart
   */
  void run(
      int length,
      int[] runs,
      int first,
      int count,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      int ldc);

  /** What a loop does with what the result holds. */
  enum Into {
    /** It is overwritten. */
    WRITE,

    /**
     * The sums begin with it. (Where it is in the first-level cache this is as fast as {@link
     * #ADD}, for which C2 keeps some sums of some tiles in memory.)
     */
    CONTINUE,

    /** The sums are added to it: it is fetched from farther away while they are computed. */
    ADD
  }

  /**
   * What distinguishes loops.
   *
   * @param rows rows of the tile
   * @param vectors vectors per row
   * @param overlap lanes by which the last vector begins earlier, so that it ends where the result
   *     does: the vector before it has them, too, and both write the same. (A mask would do
   *     without, but where masks are handed to a method, C2 may make objects of all vectors.)
   * @param row distance of the rows in the left operand
   * @param step distance of the k in the left operand
   * @param into what becomes of what the result holds
   */
  record Size(int rows, int vectors, int overlap, int row, int step, Into into) {
    /** Returns the column at which a vector begins. */
    int column(int vector) {
      return vector * Lanes.COUNT - (vector == vectors - 1 ? overlap : 0);
    }

    /** Returns the columns of the tile. */
    int width() {
      return vectors * Lanes.COUNT - overlap;
    }
  }

  /** Returns what brings a loop to full speed. */
  static WarmUp warmUp(WindowLoop loop, Size size) {
    int length = 16;
    int nr = size.width();
    int b = size.rows * size.row + length * size.step;
    int c = b + length * nr;
    int[] runs = {0};
    var calls =
        new WarmUp.Loop() {
          @Override
          public void work(float[] scratch) {
            run(scratch, length, 1);
          }

          @Override
          public void nothing(float[] scratch) {
            run(scratch, 0, 0);
          }

          @Override
          public void little(float[] scratch) {
            run(scratch, length, 1);
          }

          private void run(float[] x, int k, int count) {
            loop.run(k, runs, 0, count, x, 0, x, b, x, c, nr);
          }
        };
    return new WarmUp(calls, length * size.rows * (size.vectors + 1), c + size.rows * nr);
  }

  /** Returns a new loop. */
  static WindowLoop compile(Size size) {
    var floats = CD_float.arrayType();
    var ints = CD_int.arrayType();
    var type =
        MethodTypeDesc.of(
            CD_void,
            new ClassDesc[] {
              CD_int, ints, CD_int, CD_int, floats, CD_int, floats, CD_int, floats, CD_int, CD_int
            });
    return VectorCode.compile(WindowLoop.class, type, code -> body(size, code));
  }

  private static void body(Size size, VectorCode code) {
    // Slots of the parameters, in their order.
    int length = 1;
    int runs = 2;
    int first = 3;
    int count = 4;
    int a = 5;
    int aAt = 6;
    int b = 7;
    int bAt = 8;
    int c = 9;
    int cAt = 10;
    int ldc = 11;
    code.returnIfZero(count);
    int[][] sums = begin(size, code, c, cAt, ldc);
    int nr = size.width();
    code.loop(
        count,
        1,
        run -> {
          int from = code.element(runs, first, run, aAt);
          code.loop(
              length,
              1,
              k ->
                  multiplyAdd(
                      size,
                      code,
                      a,
                      code.place(from, k, size.step),
                      b,
                      code.place(bAt, k, nr),
                      sums));
          code.add(bAt, nr, length);
        });
    finish(size, code, sums, c, cAt, ldc);
  }

  /** Returns the sums before the first k. */
  private static int[][] begin(Size size, VectorCode code, int c, int cAt, int ldc) {
    int zero = code.zero();
    int at = code.copy(cAt);
    int[][] sums = new int[size.rows][size.vectors];
    for (int[] row : sums) {
      Arrays.setAll(
          row,
          v ->
              size.into == Into.CONTINUE
                  ? code.load(c, at, size.column(v))
                  : code.copyVector(zero));
      code.add(at, ldc);
    }
    return sums;
  }

  /** Emits what is done for one k. */
  private static void multiplyAdd(
      Size size, VectorCode code, int a, int ak, int b, int bk, int[][] sums) {
    // All numbers of a before the first vector, or C2 checks each one's index.
    int[] x = new int[size.rows];
    Arrays.setAll(x, r -> code.scalar(a, ak, r * size.row));
    int[] y = new int[size.vectors];
    Arrays.setAll(y, v -> code.load(b, bk, size.column(v)));
    for (int r = 0; r < size.rows; r++) {
      int xs = code.broadcast(x[r]);
      for (int v = 0; v < size.vectors; v++) {
        code.multiplyAdd(xs, y[v], sums[r][v]);
      }
    }
  }

  private static void finish(Size size, VectorCode code, int[][] sums, int c, int cAt, int ldc) {
    for (int[] row : sums) {
      if (size.into == Into.ADD) {
        // All of them before any is written: they may overlap.
        int[] there = new int[size.vectors];
        Arrays.setAll(there, v -> code.load(c, cAt, size.column(v)));
        for (int v = 0; v < size.vectors; v++) {
          code.addTo(row[v], there[v]);
        }
      }
      for (int v = 0; v < size.vectors; v++) {
        code.store(row[v], c, cAt, size.column(v));
      }
      code.add(cAt, ldc);
    }
  }
}
