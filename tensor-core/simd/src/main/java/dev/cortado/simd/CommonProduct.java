package dev.cortado.simd;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * The {@link WindowLoop} for all sizes, and with it the {@link Tile}: it goes through a tile in
 * blocks of 4 × 2 vectors, whose distances are variables. Each number is the same sum in the same
 * order as in a loop compiled for the size, which takes this one's place later.
 */
final class CommonProduct implements WindowLoop {
  private static final int ROWS = 4;
  private static final int VECTORS = 2;
  private static final int L = Lanes.COUNT;

  /** What brings it to full speed. */
  static final WarmUp WARM_UP = warmUp();

  private final Size size;
  private final int tail;

  /** The loop of a size. */
  CommonProduct(Size size) {
    this(size, Lanes.COUNT);
  }

  /** The same of which only the first {@code tail} lanes of the last vector are written. */
  CommonProduct(Size size, int tail) {
    this.size = size;
    this.tail = tail;
  }

  @Override
  public void run(
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
      int ldc) {
    if (count == 0) {
      return;
    }
    int nr = size.width();
    float[] sums = Workspace.current().floats(Workspace.BLOCK, ROWS * VECTORS * L);
    for (int r = 0; r < size.rows(); r += ROWS) {
      int rows = Math.min(ROWS, size.rows() - r);
      for (int v = 0; v < size.vectors(); v += VECTORS) {
        int from = aAt + r * size.row();
        int col = size.column(v);
        int ahead = v + 1 < size.vectors() ? size.column(v + 1) - col : 0;
        int to = cAt + r * ldc + v * L;
        begin(sums, 0, v, rows, c, to, ldc);
        if (ahead > 0) {
          begin(sums, L, v + 1, rows, c, to + L, ldc);
        }
        block(length, runs, first, count, a, from, rows, b, bAt + col, ahead, nr, sums);
        write(sums, 0, v, rows, c, to, ldc);
        if (ahead > 0) {
          write(sums, L, v + 1, rows, c, to + L, ldc);
        }
      }
    }
  }

  /**
   * Adds to the sums of up to four rows of one or two vectors; {@code ahead} is the distance of the
   * second vector, 0 if there is none. Where there are fewer rows the last ones repeat the first.
   */
  private void block(
      int length,
      int[] runs,
      int first,
      int count,
      float[] a,
      int aAt,
      int rows,
      float[] b,
      int bAt,
      int ahead,
      int nr,
      float[] sums) {
    int row1 = rows > 1 ? size.row() : 0;
    int row2 = rows > 2 ? 2 * size.row() : 0;
    int row3 = rows > 3 ? 3 * size.row() : 0;
    int step = size.step();
    var s00 = FloatVector.fromArray(Lanes.F32, sums, 0);
    var s01 = FloatVector.fromArray(Lanes.F32, sums, L);
    var s10 = FloatVector.fromArray(Lanes.F32, sums, 2 * L);
    var s11 = FloatVector.fromArray(Lanes.F32, sums, 3 * L);
    var s20 = FloatVector.fromArray(Lanes.F32, sums, 4 * L);
    var s21 = FloatVector.fromArray(Lanes.F32, sums, 5 * L);
    var s30 = FloatVector.fromArray(Lanes.F32, sums, 6 * L);
    var s31 = FloatVector.fromArray(Lanes.F32, sums, 7 * L);
    for (int run = 0; run < count; run++) {
      int at = aAt + runs[first + run];
      int bk = bAt + run * length * nr;
      for (int k = 0; k < length; k++) {
        var b0 = FloatVector.fromArray(Lanes.F32, b, bk);
        var b1 = FloatVector.fromArray(Lanes.F32, b, bk + ahead);
        var x = FloatVector.broadcast(Lanes.F32, a[at]);
        s00 = x.fma(b0, s00);
        s01 = x.fma(b1, s01);
        x = FloatVector.broadcast(Lanes.F32, a[at + row1]);
        s10 = x.fma(b0, s10);
        s11 = x.fma(b1, s11);
        x = FloatVector.broadcast(Lanes.F32, a[at + row2]);
        s20 = x.fma(b0, s20);
        s21 = x.fma(b1, s21);
        x = FloatVector.broadcast(Lanes.F32, a[at + row3]);
        s30 = x.fma(b0, s30);
        s31 = x.fma(b1, s31);
        at += step;
        bk += nr;
      }
    }
    s00.intoArray(sums, 0);
    s01.intoArray(sums, L);
    s10.intoArray(sums, 2 * L);
    s11.intoArray(sums, 3 * L);
    s20.intoArray(sums, 4 * L);
    s21.intoArray(sums, 5 * L);
    s30.intoArray(sums, 6 * L);
    s31.intoArray(sums, 7 * L);
  }

  /** Sets the sums of a vector of each row to what they begin with. */
  private void begin(float[] sums, int at, int vector, int rows, float[] c, int to, int ldc) {
    boolean last = vector == size.vectors() - 1;
    int skip = last ? size.overlap() : 0;
    int cols = last ? tail - skip : L;
    for (int r = 0; r < rows; r++) {
      int from = at + r * VECTORS * L;
      Arrays.fill(sums, from, from + L, 0f);
      if (size.into() == Into.CONTINUE) {
        System.arraycopy(c, to + r * ldc, sums, from + skip, cols);
      }
    }
  }

  /**
   * Writes a vector of each row, or adds it. Of one that begins earlier the vector before has
   * written what they have in common.
   */
  private void write(float[] sums, int at, int vector, int rows, float[] c, int to, int ldc) {
    boolean last = vector == size.vectors() - 1;
    int skip = last ? size.overlap() : 0;
    int cols = last ? tail - skip : L;
    for (int r = 0; r < rows; r++) {
      int from = at + r * VECTORS * L + skip;
      int row = to + r * ldc;
      if (size.into() == Into.ADD) {
        for (int j = 0; j < cols; j++) {
          c[row + j] += sums[from + j];
        }
      } else {
        System.arraycopy(sums, from, c, row, cols);
      }
    }
  }

  private static WarmUp warmUp() {
    int length = 16;
    int rows = 2 * ROWS;
    int nr = (VECTORS + 1) * L;
    int b = rows * length;
    int c = b + length * nr;
    var write = new CommonProduct(new Size(rows, VECTORS + 1, 0, length, 1, Into.WRITE));
    var add = new CommonProduct(new Size(rows - 1, VECTORS, 1, length, 1, Into.ADD));
    int[] runs = {0};
    var loop =
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
            run(scratch, 1, 1);
          }

          private void run(float[] x, int k, int count) {
            write.run(k, runs, 0, count, x, 0, x, b, x, c, nr);
            add.run(k, runs, 0, count, x, 0, x, b, x, c, nr);
          }
        };
    // The written tile takes two blocks per four rows, the added one one.
    return new WarmUp(loop, 3 * 2 * length * (ROWS * VECTORS + 2), c + rows * nr);
  }
}
