package dev.cortado.simd;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
  record Reach(int count, int tap, int tapStep, int input, int inputStep) {
    /** Returns the same from the other end. */
    Reach reversed() {
      int steps = Math.max(0, count - 1);
      return new Reach(
          count, tap + steps * tapStep, -tapStep, input + steps * inputStep, -inputStep);
    }
  }

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
   * The input rows of one output row, or of two below one another: first those that only the upper
   * one is made of, then those of both, then those of the lower one only. A row alone is an upper
   * one.
   *
   * @param output the upper row
   * @param outputs how many: 1 or 2
   * @param input the first input row
   * @param inputStep distance to the next
   * @param upper how many belong to the upper row only
   * @param both how many to both
   * @param lower how many to the lower row only
   * @param tap kernel row that brings the first one to the upper row
   * @param tapBelow kernel row that brings the first one that counts to the lower row
   * @param tapStep distance to the next kernel row
   */
  record Meet(
      int output,
      int outputs,
      int input,
      int inputStep,
      int upper,
      int both,
      int lower,
      int tap,
      int tapBelow,
      int tapStep) {}

  /**
   * Goes through output rows {@code first … end-1}, two at a time where they share input rows.
   *
   * @param most how many rows at a time, at most: 1 or 2
   */
  static List<Meet> meets(Reach[] reaches, int first, int end, int most) {
    var meets = new ArrayList<Meet>();
    for (int row = first; row < end; row += meets.getLast().outputs) {
      var pair = most > 1 && row + 1 < end ? pair(row, reaches[row], reaches[row + 1]) : null;
      meets.add(pair != null ? pair : alone(row, reaches[row]));
    }
    return meets;
  }

  private static Meet alone(int row, Reach r) {
    return new Meet(row, 1, r.input, r.inputStep, r.count, 0, 0, r.tap, 0, r.tapStep);
  }

  /** Returns how a row and the next share their input, or null if they don't. */
  private static @Nullable Meet pair(int row, Reach a, Reach b) {
    var there = inOrder(row, a, b);
    return there != null ? there : inOrder(row, a.reversed(), b.reversed());
  }

  private static @Nullable Meet inOrder(int row, Reach a, Reach b) {
    var spaced = a.count > 1 ? a : b;
    int step = spaced.count > 1 ? spaced.inputStep : 1;
    boolean even =
        a.count < 2 || b.count < 2 || (a.inputStep == b.inputStep && a.tapStep == b.tapStep);
    if (!even || Math.min(a.count, b.count) == 0 || (b.input - a.input) % step != 0) {
      return null;
    }
    int upper = (b.input - a.input) / step;
    int both = a.count - upper;
    int lower = b.count - both;
    return upper >= 0 && both > 0 && lower >= 0
        ? new Meet(row, 2, a.input, step, upper, both, lower, a.tap, b.tap, spaced.tapStep)
        : null;
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
