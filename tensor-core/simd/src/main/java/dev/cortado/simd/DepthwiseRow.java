package dev.cortado.simd;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A row of a depthwise convolution's output, or two: its tiles and the loops that compute them.
 *
 * @param rows how many rows the loops compute at a time
 * @param n distance of pixels: all channels
 * @param pieces equal tiles, from left to right
 * @param loops the loop of each piece
 * @param warmUp when to call the loops for nothing
 */
record DepthwiseRow(
    int rows, int n, List<Slide.Piece> pieces, List<DepthwiseLoop> loops, WarmUp warmUp) {
  private record Key(Slide across, int rows, int n, boolean masked) {}

  private static final ConcurrentHashMap<Key, DepthwiseRow> ROWS = new ConcurrentHashMap<>();

  /**
   * Returns the row for a way through the image.
   *
   * @param down how the kernel slides down
   * @param across how it slides along the row
   * @param n all channels
   * @param masked whether for channels that don't fill a vector
   */
  static DepthwiseRow of(Slide down, Slide across, int n, boolean masked) {
    var key = new Key(across, DepthwiseLoop.rows(down, across), n, masked);
    var row = ROWS.get(key);
    return row != null ? row : ROWS.computeIfAbsent(key, DepthwiseRow::make);
  }

  private static DepthwiseRow make(Key key) {
    var pieces = key.across.tiles(DepthwiseLoop.pixels(key.across, key.rows));
    var loops =
        pieces.stream()
            .map(p -> new DepthwiseLoop.Key(p.stencil(), key.rows, key.n, key.masked))
            .map(DepthwiseLoop::of)
            .toList();
    return new DepthwiseRow(key.rows, key.n, pieces, loops, new WarmUp());
  }

  /**
   * Computes an output row, or two; see {@link DepthwiseLoop#run}. Input and output begin at column
   * 0.
   *
   * @param meet what the output rows are made of
   */
  void run(
      Slide.Meet meet,
      float[] x,
      int xAt,
      int pitch,
      float[] w,
      int wAt,
      int wPitch,
      float[] y,
      int yAt,
      int yPitch,
      int channels) {
    if (warmUp.due()) {
      for (var loop : loops) {
        for (int i = 0; i < WarmUp.CALLS; i++) {
          loop.run(x, xAt, 0, 0, 0, 0, w, wAt, wAt, 0, y, yAt, yAt, 0, 0, channels);
        }
      }
    }
    for (int i = 0; i < loops.size(); i++) {
      var piece = pieces.get(i);
      int out = yAt + piece.output() * n;
      loops
          .get(i)
          .run(
              x,
              xAt + meet.input() * pitch + piece.input() * n,
              meet.inputStep() * pitch,
              meet.upper(),
              meet.both(),
              meet.lower(),
              w,
              wAt + meet.tap() * wPitch,
              wAt + meet.tapBelow() * wPitch,
              meet.tapStep() * wPitch,
              y,
              out + meet.output() * yPitch,
              out + (meet.output() + meet.outputs() - 1) * yPitch,
              piece.tiles(),
              piece.inputStep() * n,
              channels);
    }
  }
}
