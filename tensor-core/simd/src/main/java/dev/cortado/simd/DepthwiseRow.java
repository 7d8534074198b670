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
 * @param taps multiply-adds for a kernel row and a channel
 */
record DepthwiseRow(
    int rows, int n, List<Slide.Piece> pieces, Tiers<List<DepthwiseLoop>> loops, int taps) {
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
    var keys =
        pieces.stream()
            .map(p -> new DepthwiseLoop.Key(p.stencil(), key.rows, key.n, key.masked))
            .toList();
    List<DepthwiseLoop> common = keys.stream().<DepthwiseLoop>map(CommonDepthwise::new).toList();
    var loops = new Tiers<>(common, CommonTaps.WARM_UP, () -> special(keys));
    int taps = pieces.stream().mapToInt(p -> p.tiles() * p.stencil().taps().size()).sum();
    return new DepthwiseRow(key.rows, key.n, pieces, loops, taps);
  }

  private static Tiers.Special<List<DepthwiseLoop>> special(List<DepthwiseLoop.Key> keys) {
    var loops = keys.stream().map(DepthwiseLoop::of).toList();
    var warmUps = new ArrayList<WarmUp>();
    for (int i = 0; i < loops.size(); i++) {
      warmUps.add(DepthwiseLoop.warmUp(loops.get(i), keys.get(i)));
    }
    return new Tiers.Special<>(loops, warmUps);
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
    var pieceLoops = loops.get((long) taps * kernelRows * channels / Lanes.COUNT);
    for (int i = 0; i < pieceLoops.size(); i++) {
      var piece = pieces.get(i);
      int out = yAt + piece.output() * n;
      pieceLoops
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
