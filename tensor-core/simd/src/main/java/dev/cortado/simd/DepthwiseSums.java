package dev.cortado.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/**
 * The inner loop of the depthwise weight gradient, compiled for one {@link Stencil}, a number of
 * kernel rows and a number of channels: {@code sums[u, v] += x · dy} over the stencil's taps, for
 * some output rows. Per vector of channels the sums stay in registers throughout.
 */
@FunctionalInterface
interface DepthwiseSums {
  /** Multiply-adds in the code of a loop, at most: C1 gives up on long loops. */
  int LONGEST = 80;

  /** Sums kept at a time, at most. */
  int MOST_SUMS = 12;

  /**
   * Adds up {@code rows} output rows.
   *
   * @param x the input; the first tile's first column of the first row begins at {@code xAt}
   * @param pitch distance of the input rows that neighbouring kernel rows meet
   * @param xRow distance of the input rows of neighbouring output rows
   * @param dy the output's gradient; the first pixel begins at {@code dyAt}
   * @param dyRow distance of its rows
   * @param sums the sums {@code [kernelHeight, kernelWidth, n]}, whose first row that counts begins
   *     at {@code sumsAt}
   * @param sumPitch distance of the sums' rows
   * @param rows how many output rows
   * @param tiles how many tiles in a row
   * @param tileStep distance of the tiles in the input
   * @param channels channels to do, a multiple of the lanes; for a masked loop fewer than lanes
   */
  void run(
      float[] x,
      int xAt,
      int pitch,
      int xRow,
      float[] dy,
      int dyAt,
      int dyRow,
      float[] sums,
      int sumsAt,
      int sumPitch,
      int rows,
      int tiles,
      int tileStep,
      int channels);

  /**
   * What a loop is compiled for.
   *
   * @param stencil which products
   * @param kernelRows how many kernel rows
   * @param n distance of pixels: all channels
   * @param masked whether the channels to do don't fill a vector
   */
  record Key(Stencil stencil, int kernelRows, int n, boolean masked) {}

  /** The loops compiled so far. */
  LoopCache<Key, DepthwiseSums> LOOPS = new LoopCache<>(key -> new Compiler(key).compile());

  /** Returns the loop for a key. */
  static DepthwiseSums of(Key key) {
    return LOOPS.get(key);
  }

  /** Returns what brings the loop for a key to full speed. */
  static WarmUp warmUp(Key key) {
    var loop = of(key);
    var stencil = key.stencil;
    int n = key.n;
    int rows = 3;
    int tiles = 2;
    int channels = key.masked ? 1 : 2 * Lanes.COUNT;
    int pixels = tiles * stencil.pixels() + stencil.inputs() + stencil.weights();
    int products = rows * tiles * key.kernelRows * stencil.taps().size();
    return new WarmUp(
        new CountedLoop(
            channels,
            0,
            (x, count) -> loop.run(x, 0, n, n, x, 0, n, x, 0, n, rows, tiles, n, count)),
        products * (key.masked ? 1 : 2),
        (pixels + key.kernelRows + 2 * rows) * n + 2 * Lanes.COUNT);
  }

  /**
   * Returns how many kernel rows to sum up together: all if that makes few sums, else one by one.
   * (Five by five in groups of two and three was no faster and took the JIT compiler three times as
   * long.)
   */
  static int kernelRows(int kernelHeight, int kernelWidth) {
    int sums = kernelHeight * kernelWidth;
    return sums <= MOST_SUMS && sums + kernelWidth + 2 <= Lanes.REGISTERS ? kernelHeight : 1;
  }

  /** Returns the most pixels of a tile. */
  static int pixels(int kernelRows, int kernelWidth) {
    return Math.max(1, LONGEST / (kernelRows * kernelWidth));
  }

  /** Writes a loop. */
  final class Compiler {
    // Slots of the parameters, in their order.
    private static final int X = 1;
    private static final int X_AT = 2;
    private static final int PITCH = 3;
    private static final int X_ROW = 4;
    private static final int DY = 5;
    private static final int DY_AT = 6;
    private static final int DY_ROW = 7;
    private static final int SUMS = 8;
    private static final int SUMS_AT = 9;
    private static final int SUM_PITCH = 10;
    private static final int ROWS = 11;
    private static final int TILES = 12;
    private static final int TILE_STEP = 13;
    private static final int CHANNELS = 14;

    private final Stencil stencil;
    private final int n;
    private final boolean masked;
    private final int[][] sums;

    private Compiler(Key key) {
      this.stencil = key.stencil;
      this.n = key.n;
      this.masked = key.masked;
      this.sums = new int[key.kernelRows][stencil.weights()];
    }

    private DepthwiseSums compile() {
      var floats = CD_float.arrayType();
      var type =
          MethodTypeDesc.of(
              CD_void,
              new ClassDesc[] {
                floats, CD_int, CD_int, CD_int, floats, CD_int, CD_int, floats, CD_int, CD_int,
                CD_int, CD_int, CD_int, CD_int
              });
      return VectorCode.compile(DepthwiseSums.class, type, this::body);
    }

    private void body(VectorCode code) {
      if (masked) {
        code.maskLanes(CHANNELS);
      }
      code.loop(
          CHANNELS,
          Lanes.COUNT,
          c -> {
            eachSum(code, c, (u, v, at) -> sums[u][v] = code.load(SUMS, at));
            int xRow = code.sum(X_AT, c);
            int dyRow = code.sum(DY_AT, c);
            code.loop(
                ROWS,
                1,
                row -> {
                  int x = code.copy(xRow);
                  int dy = code.copy(dyRow);
                  code.loop(
                      TILES,
                      1,
                      t -> {
                        tile(code, x, dy);
                        code.add(x, TILE_STEP);
                        code.shift(dy, stencil.pixels() * n);
                      });
                  code.add(xRow, X_ROW);
                  code.add(dyRow, DY_ROW);
                });
            eachSum(code, c, (u, v, at) -> code.store(sums[u][v], SUMS, at));
          });
    }

    /** Does something with each sum, whose index is in a variable. */
    @FunctionalInterface
    private interface SumBody {
      void accept(int u, int v, int at);
    }

    private void eachSum(VectorCode code, int channel, SumBody body) {
      int row = code.sum(SUMS_AT, channel);
      for (int u = 0; u < sums.length; u++) {
        int at = code.copy(row);
        for (int v = 0; v < sums[u].length; v++) {
          if (stencil.uses(v)) {
            body.accept(u, v, at);
          }
          code.shift(at, n);
        }
        code.add(row, SUM_PITCH);
      }
    }

    private void tile(VectorCode code, int x, int dy) {
      int kernelRows = sums.length;
      int[] at = new int[kernelRows];
      int[] values = new int[kernelRows];
      for (int u = 0; u < kernelRows; u++) {
        at[u] = u == 0 ? code.copy(x) : code.sum(at[u - 1], PITCH);
      }
      int[] gradients = new int[stencil.pixels()];
      int dyAt = code.copy(dy);
      int pixel = 0;
      int column = -1;
      for (var tap : stencil.taps()) {
        if (tap.input() > column) {
          for (int u = 0; u < kernelRows; u++) {
            code.shift(at[u], (tap.input() - Math.max(0, column)) * n);
            values[u] = code.load(X, at[u]);
          }
          column = tap.input();
        }
        if (gradients[tap.pixel()] == 0) { // slot 0 is the loop object itself
          code.shift(dyAt, (tap.pixel() - pixel) * n);
          pixel = tap.pixel();
          gradients[pixel] = code.load(DY, dyAt);
        }
        for (int u = 0; u < kernelRows; u++) {
          code.multiplyAdd(values[u], gradients[tap.pixel()], sums[u][tap.weight()]);
        }
      }
    }
  }
}
