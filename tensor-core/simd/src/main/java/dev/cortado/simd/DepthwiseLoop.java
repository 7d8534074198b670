package dev.cortado.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;

/**
 * The inner loop of a depthwise convolution, compiled for one {@link Stencil} and one number of
 * channels: pixels of an output row and, if there are registers for that, of the row below, made of
 * some input rows. Per vector of channels and kernel row every input and every weight is loaded
 * once and used for all pixels that need it; the sums stay in registers until all rows are done.
 *
 * <p>With a fixed number of channels the distance of neighbouring pixels is part of the machine
 * code: no addresses are computed, and two checks per array and kernel row hold for all its pixels.
 */
@FunctionalInterface
interface DepthwiseLoop {
  /** Multiply-adds in the code of a loop, at most. */
  int LONGEST = 160;

  /** Pixels of a tile, at most: the processor prefetches only so many columns. */
  int MOST_COLUMNS = 8;

  /** Input rows that make it worth computing two output rows together if they share them. */
  int SHARED = 2;

  /** Taps of a kernel row whose weights are so few that narrow tiles cost little. */
  int FEW_TAPS = 3;

  /**
   * Computes {@code tiles} tiles.
   *
   * @param x the input; the first tile's first column begins at {@code xAt}
   * @param pitch distance of the input rows
   * @param upper how many input rows only the upper output row is made of: the first ones
   * @param both how many belong to both output rows: the next ones
   * @param lower how many only the lower output row is made of: the last ones
   * @param w the weights {@code [kernelHeight, kernelWidth, n]}; the first row that counts for the
   *     upper row begins at {@code wAt}
   * @param wBelow the same for the lower row
   * @param wPitch distance of the weights' rows
   * @param y the output: the first pixel begins at {@code yAt}
   * @param yBelow where it begins in the lower row; the same for a row alone
   * @param tiles how many tiles
   * @param tileStep distance of the tiles in the input
   * @param channels channels to do, a multiple of the lanes; for a masked loop fewer than lanes
   */
  void run(
      float[] x,
      int xAt,
      int pitch,
      int upper,
      int both,
      int lower,
      float[] w,
      int wAt,
      int wBelow,
      int wPitch,
      float[] y,
      int yAt,
      int yBelow,
      int tiles,
      int tileStep,
      int channels);

  /**
   * What a loop is compiled for.
   *
   * @param stencil what the pixels are made of
   * @param rows output rows at a time: 1 or 2
   * @param n distance of pixels: all channels
   * @param masked whether the channels to do don't fill a vector
   */
  record Key(Stencil stencil, int rows, int n, boolean masked) {}

  /** The loops compiled so far. */
  LoopCache<Key, DepthwiseLoop> LOOPS = new LoopCache<>(key -> new Compiler(key).compile());

  /** Returns the loop for a key. */
  static DepthwiseLoop of(Key key) {
    return LOOPS.get(key);
  }

  /**
   * Returns how many output rows to compute together: two if they share most of their input rows
   * and there are registers for a tile.
   *
   * @param down how the kernel slides down
   * @param across how it slides along the rows
   */
  static int rows(Slide down, Slide across) {
    boolean close = !down.transposed() && down.dilation() == 1;
    int shared = close ? down.kernel() - down.stride() : 0;
    return shared >= SHARED && pixels(across, 2) >= MOST_COLUMNS / 2 ? 2 : 1;
  }

  /** Returns the most pixels of a tile whose sums fit the registers beside the weights. */
  static int pixels(Slide across, int rows) {
    int registers = Lanes.REGISTERS / rows - 2 - across.kernel();
    int code = LONGEST / (across.kernel() * rows * rows);
    // Two rows are made of more input rows, each column of which is fetched ahead by itself.
    boolean narrow = rows > 1 && across.kernel() <= FEW_TAPS && across.outputs() > MOST_COLUMNS;
    int most = narrow ? MOST_COLUMNS / 2 : MOST_COLUMNS;
    return Math.clamp(Math.min(registers, code), 2, most);
  }

  /** Returns what brings the loop for a key to full speed: rows of all three kinds. */
  static WarmUp warmUp(DepthwiseLoop loop, Key key) {
    int n = key.n;
    int rows = 3;
    int channels = key.masked ? 1 : 2 * Lanes.COUNT;
    var stencil = key.stencil;
    int pixels = 2 * stencil.pixels() + stencil.inputs() + stencil.weights() + 6 * rows;
    int products = rows * stencil.taps().size() * (key.rows == 1 ? 1 : 4);
    return new WarmUp(
        new CountedLoop(
            2,
            0,
            (x, tiles) ->
                loop.run(x, 0, n, rows, rows, rows, x, 0, 0, n, x, 0, 0, tiles, n, channels)),
        products * (key.masked ? 2 : 4),
        pixels * n + 2 * Lanes.COUNT);
  }

  /** Writes a loop. */
  final class Compiler {
    // Slots of the parameters, in their order.
    private static final int X = 1;
    private static final int X_AT = 2;
    private static final int PITCH = 3;
    private static final int UPPER = 4;
    private static final int BOTH = 5;
    private static final int LOWER = 6;
    private static final int W = 7;
    private static final int W_AT = 8;
    private static final int W_BELOW = 9;
    private static final int W_PITCH = 10;
    private static final int Y = 11;
    private static final int Y_AT = 12;
    private static final int Y_BELOW = 13;
    private static final int TILES = 14;
    private static final int TILE_STEP = 15;
    private static final int CHANNELS = 16;

    private final Key key;
    private final Stencil stencil;

    private Compiler(Key key) {
      this.key = key;
      this.stencil = key.stencil;
    }

    private DepthwiseLoop compile() {
      var floats = CD_float.arrayType();
      var type =
          MethodTypeDesc.of(
              CD_void,
              new ClassDesc[] {
                floats, CD_int, CD_int, CD_int, CD_int, CD_int, floats, CD_int, CD_int, CD_int,
                floats, CD_int, CD_int, CD_int, CD_int, CD_int
              });
      return VectorCode.compile(DepthwiseLoop.class, type, this::body);
    }

    private void body(VectorCode code) {
      if (key.masked) {
        code.maskLanes(CHANNELS);
      }
      code.loop(
          TILES,
          1,
          t -> {
            code.loop(CHANNELS, Lanes.COUNT, c -> tile(code, c));
            code.add(X_AT, TILE_STEP);
            code.shift(Y_AT, stencil.pixels() * key.n);
            code.shift(Y_BELOW, stencil.pixels() * key.n);
          });
    }

    /** The rows of the weights that an input row meets, and the sums they are added to. */
    private record Meeting(int weights, int[] sums) {}

    private void tile(VectorCode code, int c) {
      int x = code.sum(X_AT, c);
      var upper = new Meeting(code.sum(W_AT, c), sums(code));
      if (key.rows == 1) {
        rows(code, UPPER, x, upper);
        store(code, upper.sums, code.sum(Y_AT, c));
        return;
      }
      var lower = new Meeting(code.sum(W_BELOW, c), sums(code));
      rows(code, UPPER, x, upper);
      rows(code, BOTH, x, upper, lower);
      rows(code, LOWER, x, lower);
      // The upper row last: a row alone has it for both.
      store(code, lower.sums, code.sum(Y_BELOW, c));
      store(code, upper.sums, code.sum(Y_AT, c));
    }

    private int[] sums(VectorCode code) {
      int[] sums = new int[stencil.pixels()];
      int zero = code.zero();
      Arrays.setAll(sums, p -> code.copyVector(zero));
      return sums;
    }

    private void store(VectorCode code, int[] sums, int at) {
      for (int p = 0; p < sums.length; p++) {
        code.store(sums[p], Y, at);
        code.shift(at, key.n);
      }
    }

    private void rows(VectorCode code, int count, int x, Meeting... meetings) {
      code.loop(
          count,
          1,
          u -> {
            row(code, x, meetings);
            code.add(x, PITCH);
            for (var meeting : meetings) {
              code.add(meeting.weights, W_PITCH);
            }
          });
    }

    private void row(VectorCode code, int x, Meeting... meetings) {
      int[][] weights = new int[meetings.length][stencil.weights()];
      for (int m = 0; m < weights.length; m++) {
        int at = code.copy(meetings[m].weights);
        for (int v = 0; v < weights[m].length; v++) {
          if (stencil.uses(v)) {
            weights[m][v] = code.load(W, at);
          }
          code.shift(at, key.n);
        }
      }
      int at = code.copy(x);
      int column = 0;
      int value = -1;
      for (var tap : stencil.taps()) {
        if (value < 0 || tap.input() > column) {
          code.shift(at, (tap.input() - column) * key.n);
          column = tap.input();
          value = code.load(X, at);
        }
        for (int m = 0; m < meetings.length; m++) {
          code.multiplyAdd(value, weights[m][tap.weight()], meetings[m].sums[tap.pixel()]);
        }
      }
    }
  }
}
