package dev.cortado.simd;

import java.util.ArrayList;
import java.util.List;

/**
 * How a kernel slides along one axis of an image.
 *
 * @param outputs rows (or columns) of the result
 * @param inputs rows of what it is made of
 * @param kernel rows of the kernel
 * @param stride distance of the windows
 * @param dilation distance of the kernel's rows
 * @param pad rows of zeros before the image
 * @param transposed whether this is the way back: the result is the convolution's input, made of
 *     its output
 */
record Slide(
    int outputs, int inputs, int kernel, int stride, int dilation, int pad, boolean transposed) {

  /** Returns how the kernel of {@code s} slides down the image. */
  static Slide down(Conv2dShape s) {
    return new Slide(
        s.outHeight(),
        s.height(),
        s.kernelHeight(),
        s.strideHeight(),
        s.dilationHeight(),
        s.top(),
        false);
  }

  /** Returns how the kernel of {@code s} slides along a row. */
  static Slide across(Conv2dShape s) {
    return new Slide(
        s.outWidth(),
        s.width(),
        s.kernelWidth(),
        s.strideWidth(),
        s.dilationWidth(),
        s.left(),
        false);
  }

  /** Returns the way back. */
  Slide back() {
    return new Slide(inputs, outputs, kernel, stride, dilation, pad, true);
  }

  /** Returns the way back of a stride of 1, for a kernel that is turned around. */
  Slide turned() {
    return new Slide(inputs, outputs, kernel, 1, dilation, (kernel - 1) * dilation - pad, false);
  }

  /** Returns the input row that kernel row {@code tap} brings to an output row, or -1 if none. */
  int input(int output, int tap) {
    int input = output * stride + tap * dilation - pad;
    if (transposed) {
      int distance = output + pad - tap * dilation;
      input = distance % stride == 0 ? distance / stride : -1;
    }
    return input >= 0 && input < inputs ? input : -1;
  }

  /**
   * The kernel rows that reach an output row. They are evenly spaced, as are their input rows.
   *
   * @param count how many
   * @param tap the first one
   * @param tapStep distance to the next
   * @param input input row of the first one
   * @param inputStep distance to the input row of the next
   */
  record Reach(int count, int tap, int tapStep, int input, int inputStep) {}

  /** Returns what reaches each output row. */
  Reach[] reaches() {
    var reaches = new Reach[outputs];
    for (int i = 0; i < outputs; i++) {
      var reach = new Reach(0, 0, 0, 0, 0);
      for (int tap = 0; tap < kernel; tap++) {
        int input = input(i, tap);
        if (input >= 0) {
          reach =
              switch (reach.count) {
                case 0 -> new Reach(1, tap, 0, input, 0);
                case 1 ->
                    new Reach(2, reach.tap, tap - reach.tap, reach.input, input - reach.input);
                default ->
                    new Reach(
                        reach.count + 1, reach.tap, reach.tapStep, reach.input, reach.inputStep);
              };
        }
      }
      reaches[i] = reach;
    }
    return reaches;
  }

  /**
   * Some equal tiles, one after the other.
   *
   * @param stencil what they are made of
   * @param output the first one's first output
   * @param input the first one's first input
   * @param tiles how many
   * @param inputStep distance of their inputs
   */
  record Piece(Stencil stencil, int output, int input, int tiles, int inputStep) {}

  /**
   * Cuts the outputs into tiles of at most {@code most}. Tiles at the ends lack the taps that fall
   * into the margin.
   */
  List<Piece> tiles(int most) {
    // Tiles of the way back are equal if they are a multiple of the stride.
    int unit = transposed ? stride : 1;
    int tiles = Math.ceilDiv(outputs, Math.max(unit, most / unit * unit));
    int size = Lanes.roundUp(Math.ceilDiv(outputs, tiles), unit);
    var pieces = new ArrayList<Piece>();
    for (int output = 0; output < outputs; output += size) {
      var next = tile(output, Math.min(size, outputs - output));
      var last = pieces.isEmpty() ? null : pieces.getLast();
      if (last != null && last.stencil.equals(next.stencil) && inLine(last, next.input)) {
        int step = (next.input - last.input) / last.tiles;
        pieces.set(
            pieces.size() - 1,
            new Piece(last.stencil, last.output, last.input, last.tiles + 1, step));
      } else {
        pieces.add(next);
      }
    }
    return List.copyOf(pieces);
  }

  private static boolean inLine(Piece piece, int input) {
    return piece.tiles == 1 || input == piece.input + piece.tiles * piece.inputStep;
  }

  private Piece tile(int output, int size) {
    var taps = new ArrayList<Stencil.Tap>();
    for (int i = 0; i < size; i++) {
      for (int tap = 0; tap < kernel; tap++) {
        int input = input(output + i, tap);
        if (input >= 0) {
          taps.add(new Stencil.Tap(i, input, tap));
        }
      }
    }
    int first = taps.stream().mapToInt(Stencil.Tap::input).min().orElse(0);
    var sorted =
        taps.stream()
            .map(t -> new Stencil.Tap(t.pixel(), t.input() - first, t.weight()))
            .sorted((a, b) -> Integer.compare(a.input(), b.input()))
            .toList();
    return new Piece(new Stencil(size, sorted), output, first, 1, 0);
  }
}
