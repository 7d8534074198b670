package dev.cortado.simd;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A row of a depthwise convolution's output: its tiles and the loops that compute them.
 *
 * @param pieces equal tiles, from left to right
 * @param loops the loop of each piece
 * @param warmUps what brings the loops to full speed
 * @param taps multiply-adds for a kernel row and a channel
 */
record DepthwiseRow(
    List<Slide.Piece> pieces, List<DepthwiseLoop> loops, List<WarmUp> warmUps, int taps) {
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
    var warmUps = new ArrayList<WarmUp>();
    int taps = 0;
    for (int i = 0; i < loops.size(); i++) {
      var piece = pieces.get(i);
      warmUps.add(DepthwiseLoop.warmUp(loops.get(i), piece.stencil(), key.masked));
      taps += piece.tiles() * piece.stencil().taps().size();
    }
    return new DepthwiseRow(pieces, loops, List.copyOf(warmUps), taps);
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
    WarmUp.before((long) taps * rows * channels / Lanes.COUNT, warmUps);
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
