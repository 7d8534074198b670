package dev.cortado.simd;

import java.util.ArrayList;
import java.util.List;

/**
 * A row of a depthwise convolution's output, or two: its tiles and the loops that compute them.
 *
 * @param rows how many rows the loops compute at a time
 * @param n distance of pixels: all channels
 * @param pieces equal tiles, from left to right
 * @param loops the loop of each piece
 * @param warmUps what brings the loops to full speed
 * @param taps multiply-adds for a kernel row and a channel
 */
record DepthwiseRow(
    int rows,
    int n,
    List<Slide.Piece> pieces,
    List<DepthwiseLoop> loops,
    List<WarmUp> warmUps,
    int taps) {
  private record Key(Slide across, int rows, int n, boolean masked) {}

  private static final LoopCache<Key, DepthwiseRow> ROWS = new LoopCache<>(DepthwiseRow::make);

  /**
   * Returns the row for a way through the image.
   *
   * @param down how the kernel slides down
   * @param across how it slides along the row
   * @param n all channels
   * @param masked whether for channels that don't fill a vector
   */
  static DepthwiseRow of(Slide down, Slide across, int n, boolean masked) {
    return ROWS.get(new Key(across, DepthwiseLoop.rows(down, across), n, masked));
  }

  private static DepthwiseRow make(Key key) {
    var pieces = key.across.tiles(DepthwiseLoop.pixels(key.across, key.rows));
    var loops = new ArrayList<DepthwiseLoop>();
    var warmUps = new ArrayList<WarmUp>();
    int taps = 0;
    for (var piece : pieces) {
      var loopKey = new DepthwiseLoop.Key(piece.stencil(), key.rows, key.n, key.masked);
      var loop = DepthwiseLoop.of(loopKey);
      loops.add(loop);
      warmUps.add(DepthwiseLoop.warmUp(loop, loopKey));
      taps += piece.tiles() * piece.stencil().taps().size();
    }
    return new DepthwiseRow(
        key.rows, key.n, pieces, List.copyOf(loops), List.copyOf(warmUps), taps);
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
    int kernelRows = meet.upper() + 2 * meet.both() + meet.lower();
    WarmUp.before((long) taps * kernelRows * channels / Lanes.COUNT, warmUps);
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
