package dev.cortado.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The inner loop of a depthwise convolution, compiled for one {@link Stencil}: pixels of an output
 * row, made of some input rows. Per vector of channels and kernel row every input and every weight
 * is loaded once and used for all pixels that need it; the sums stay in registers until all rows
 * are done.
 */
@FunctionalInterface
interface DepthwiseLoop {
  /** Multiply-adds per kernel row in the code of a loop, at most: C1 gives up on long loops. */
  int LONGEST = 80;

  /**
   * Computes {@code tiles} tiles.
   *
   * @param x the input; the first tile's first column begins at {@code xAt}
   * @param pitch distance of the input rows
   * @param rows how many rows of the kernel count
   * @param w the weights {@code [kernelHeight, kernelWidth, n]}, whose first row that counts begins
   *     at {@code wAt}
   * @param wPitch distance of the weights' rows
   * @param y the output: the first pixel begins at {@code yAt}
   * @param n distance of pixels: all channels
   * @param tiles how many tiles
   * @param tileStep distance of the tiles in the input
   * @param channels channels to do, a multiple of the lanes; for a masked loop fewer than lanes
   */
  void run(
      float[] x,
      int xAt,
      int pitch,
      int rows,
      float[] w,
      int wAt,
      int wPitch,
      float[] y,
      int yAt,
      int n,
      int tiles,
      int tileStep,
      int channels);

  /** A stencil, and whether the loop is for channels that do not fill a vector. */
  record Key(Stencil stencil, boolean masked) {}

  /** The loops compiled so far. */
  ConcurrentHashMap<Key, DepthwiseLoop> LOOPS = new ConcurrentHashMap<>();

  /** Returns the loop for a stencil. */
  static DepthwiseLoop of(Stencil stencil, boolean masked) {
    return LOOPS.computeIfAbsent(new Key(stencil, masked), DepthwiseLoop::compile);
  }

  /** Returns the most pixels whose sums fit the registers beside a row of weights. */
  static int pixels(int kernel) {
    return Math.clamp(Lanes.REGISTERS - kernel - 2, 2, Math.max(2, LONGEST / kernel));
  }

  /** Returns what brings a loop for {@code stencil} to full speed. */
  static WarmUp warmUp(DepthwiseLoop loop, Stencil stencil, boolean masked) {
    int rows = 3;
    int channels = masked ? 1 : 2 * Lanes.COUNT;
    int n = 2 * Lanes.COUNT;
    int pixels = 2 * stencil.pixels() + stencil.inputs() + stencil.weights() + 2 * rows;
    int operations = rows * stencil.taps().size() * (masked ? 2 : 4);
    return new WarmUp(
        new WarmUp.Loop() {
          @Override
          public void work(float[] scratch) {
            run(scratch, 2);
          }

          @Override
          public void nothing(float[] scratch) {
            run(scratch, 0);
          }

          private void run(float[] x, int tiles) {
            loop.run(x, 0, n, rows, x, 0, n, x, 0, n, tiles, n, channels);
          }
        },
        operations,
        pixels * n);
  }

  private static DepthwiseLoop compile(Key key) {
    var floats = CD_float.arrayType();
    var type =
        MethodTypeDesc.of(
            CD_void,
            new ClassDesc[] {
              floats, CD_int, CD_int, CD_int, floats, CD_int, CD_int, floats, CD_int, CD_int,
              CD_int, CD_int, CD_int
            });
    return VectorCode.compile(DepthwiseLoop.class, type, code -> body(key, code));
  }

  private static void body(Key key, VectorCode code) {
    // Slots of the parameters, in their order.
    int x = 1;
    int xAt = 2;
    int pitch = 3;
    int rows = 4;
    int w = 5;
    int wAt = 6;
    int wPitch = 7;
    int y = 8;
    int yAt = 9;
    int n = 10;
    int tiles = 11;
    int tileStep = 12;
    int channels = 13;
    var stencil = key.stencil();
    if (key.masked()) {
      code.maskLanes(channels);
    }
    code.loop(
        tiles,
        1,
        t -> {
          code.loop(
              channels,
              Lanes.COUNT,
              c -> {
                int[] sums = new int[stencil.pixels()];
                int zero = code.zero();
                Arrays.setAll(sums, p -> code.copyVector(zero));
                int from = code.sum(xAt, c);
                int weights = code.sum(wAt, c);
                code.loop(
                    rows,
                    1,
                    u -> {
                      row(stencil, code, x, from, w, weights, n, sums);
                      code.add(from, pitch);
                      code.add(weights, wPitch);
                    });
                int to = code.sum(yAt, c);
                for (int sum : sums) {
                  code.store(sum, y, to);
                  code.add(to, n);
                }
              });
          code.add(xAt, tileStep);
          code.add(yAt, stencil.pixels(), n);
        });
  }

  private static void row(
      Stencil stencil, VectorCode code, int x, int xAt, int w, int wAt, int n, int[] sums) {
    int[] weights = new int[stencil.weights()];
    int at = code.copy(wAt);
    int gap = 0;
    for (int v = 0; v < weights.length; v++, gap++) {
      if (stencil.uses(v)) {
        code.add(at, gap, n);
        weights[v] = code.load(w, at);
        gap = 0;
      }
    }
    at = code.copy(xAt);
    int column = 0;
    int value = -1;
    for (var tap : stencil.taps()) {
      if (value < 0 || tap.input() > column) {
        code.add(at, tap.input() - column, n);
        column = tap.input();
        value = code.load(x, at);
      }
      code.multiplyAdd(value, weights[tap.weight()], sums[tap.pixel()]);
    }
  }
}
