package dev.cortado.simd;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A row of a depthwise convolution's output: its tiles and the loops that compute them.
 *
 * @param pieces equal tiles, from left to right
 * @param loops the loop of each piece
 * @param warmUp when to call the loops for nothing
 */
record DepthwiseRow(List<Slide.Piece> pieces, List<DepthwiseLoop> loops, WarmUp warmUp) {
  private record Key(Slide across, boolean masked) {}

  private static final ConcurrentHashMap<Key, DepthwiseRow> ROWS = new ConcurrentHashMap<>();

  /** Returns the row for a way across the image. */
  static DepthwiseRow of(Slide across, boolean masked) {
    var key = new Key(across, masked);
    var row = ROWS.get(key);
    return row != null ? row : ROWS.computeIfAbsent(key, DepthwiseRow::make);
  }

  private static DepthwiseRow make(Key key) {
    var pieces = key.across.tiles(DepthwiseLoop.pixels(key.across.kernel()));
    var loops = pieces.stream().map(p -> DepthwiseLoop.of(p.stencil(), key.masked)).toList();
    return new DepthwiseRow(pieces, loops, new WarmUp());
  }

  /** Computes the row; see {@link DepthwiseLoop#run}. Input and output begin at column 0. */
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
      int channels) {
    if (warmUp.due()) {
      for (var loop : loops) {
        for (int i = 0; i < WarmUp.CALLS; i++) {
          loop.run(x, xAt, pitch, rows, w, wAt, wPitch, y, yAt, n, 0, 0, channels);
        }
      }
    }
    for (int i = 0; i < loops.size(); i++) {
      var piece = pieces.get(i);
      loops
          .get(i)
          .run(
              x,
              xAt + piece.input() * n,
              pitch,
              rows,
              w,
              wAt,
              wPitch,
              y,
              yAt + piece.output() * n,
              n,
              piece.tiles(),
              piece.inputStep() * n,
              channels);
    }
  }
}
