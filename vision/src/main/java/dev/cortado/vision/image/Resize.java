package dev.cortado.vision.image;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Resizing that gives the same bits as Pillow's {@code Image.resize} for 8-bit RGB.
 *
 * <p>Two passes, across and then down, each a weighted sum in integers of 22 fractional bits;
 * between them the samples are rounded to 8 bits. A pass that would not change the size is left
 * out. See {@link Taps} for the weights.
 */
public final class Resize {
  private Resize() {}

  /**
   * The image in another size.
   *
   * @param width target width, at least 1
   * @param height target height, at least 1
   */
  public static RgbImage resize(RgbImage image, int width, int height, Resampling filter) {
    return resize(image, width, height, filter, new Region(0, 0, width, height));
  }

  /**
   * A part of the resized image: the same pixels as resizing all of it and then cropping, but only
   * those are computed.
   *
   * @param width width of the whole resized image, at least 1
   * @param height height of the whole resized image, at least 1
   * @param part what of the resized image is wanted
   */
  public static RgbImage resize(
      RgbImage image, int width, int height, Resampling filter, Region part) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException("cannot resize to " + width + "x" + height);
    }
    part.checkInside(width, height);
    if (width == image.width() && height == image.height()) {
      boolean all = part.width() == width && part.height() == height;
      return all ? image : image.crop(part.left(), part.top(), part.width(), part.height());
    }
    var out = new byte[Math.multiplyExact(3, Math.multiplyExact(part.width(), part.height()))];
    if (filter == Resampling.NEAREST) {
      nearest(image, width, height, part, out);
    } else if (height == image.height()) {
      var across = Taps.of(image.width(), width, filter, part.left(), part.left() + part.width());
      acrossOnly(image, across, part, out);
    } else {
      var down = Taps.of(image.height(), height, filter, part.top(), part.top() + part.height());
      new Passes(image, width, filter, part, down).run(out);
    }
    return RgbImage.of(part.width(), part.height(), out);
  }

  /** A rectangle of pixels. */
  public record Region(int left, int top, int width, int height) {
    private void checkInside(int fullWidth, int fullHeight) {
      if (left < 0
          || top < 0
          || width < 1
          || height < 1
          || width > fullWidth - left
          || height > fullHeight - top) {
        throw new IllegalArgumentException(this + " is not inside " + fullWidth + "x" + fullHeight);
      }
    }
  }

  private static void nearest(RgbImage image, int width, int height, Region part, byte[] out) {
    int[] columns = nearest(image.width(), width, part.left(), part.width());
    int[] rows = nearest(image.height(), height, part.top(), part.height());
    byte[] in = image.rgb();
    int to = 0;
    for (int row : rows) {
      for (int column : columns) {
        int from = 3 * (row * image.width() + column);
        out[to++] = in[from];
        out[to++] = in[from + 1];
        out[to++] = in[from + 2];
      }
    }
  }

  /**
   * Source positions. They are found by repeated addition, whose rounding errors belong to the
   * result.
   */
  private static int[] nearest(int in, int out, int from, int count) {
    double scale = (double) in / out;
    double at = scale * 0.5;
    for (int i = 0; i < from; i++) {
      at += scale;
    }
    var positions = new int[count];
    for (int i = 0; i < count; i++) {
      positions[i] = Math.min((int) at, in - 1);
      at += scale;
    }
    return positions;
  }

  private static void acrossOnly(RgbImage image, Taps across, Region part, byte[] out) {
    var row = new int[3 * part.width()];
    for (int y = 0; y < part.height(); y++) {
      across(image.rgb(), 3 * (part.top() + y) * image.width(), across, row);
      narrow(row, out, y * row.length);
    }
  }

  /** One row, resized and rounded to 0..255. */
  private static void across(byte[] in, int rowStart, Taps taps, int[] row) {
    int[] weights = taps.weights();
    for (int x = 0; x < taps.size(); x++) {
      int from = rowStart + 3 * taps.first(x);
      int at = taps.weightsAt(x);
      int end = at + taps.end(x) - taps.first(x);
      int red = Taps.HALF;
      int green = Taps.HALF;
      int blue = Taps.HALF;
      for (; at < end; at++, from += 3) {
        int weight = weights[at];
        red += (in[from] & 0xff) * weight;
        green += (in[from + 1] & 0xff) * weight;
        blue += (in[from + 2] & 0xff) * weight;
      }
      row[3 * x] = clamp(red >> Taps.FRACTION_BITS);
      row[3 * x + 1] = clamp(green >> Taps.FRACTION_BITS);
      row[3 * x + 2] = clamp(blue >> Taps.FRACTION_BITS);
    }
  }

  private static int clamp(int value) {
    return Math.max(0, Math.min(255, value));
  }

  private static void narrow(int[] row, byte[] out, int at) {
    for (int i = 0; i < row.length; i++) {
      out[at + i] = (byte) row[i];
    }
  }

  /**
   * Both passes, interleaved: rows of the first pass are made when the second first needs them and
   * live in a ring, so that they are still in the cache. Every loop over a row has one index, which
   * lets the compiler use vector instructions.
   */
  private static final class Passes {
    private final RgbImage image;
    private final Region part;
    private final @Nullable Taps across;
    private final Taps down;
    private final int[][] ring;
    private final int[] sums;
    private int made;

    Passes(RgbImage image, int width, Resampling filter, Region part, Taps down) {
      this.image = image;
      this.part = part;
      this.across =
          width == image.width()
              ? null
              : Taps.of(image.width(), width, filter, part.left(), part.left() + part.width());
      this.down = down;
      this.ring = new int[Math.min(down.most(), image.height())][3 * part.width()];
      this.sums = new int[3 * part.width()];
      this.made = down.first(0);
    }

    void run(byte[] out) {
      for (int y = 0; y < part.height(); y++) {
        for (; made < down.end(y); made++) {
          makeRow(made);
        }
        Arrays.fill(sums, Taps.HALF);
        addRows(y);
        for (int i = 0; i < sums.length; i++) {
          sums[i] = clamp(sums[i] >> Taps.FRACTION_BITS);
        }
        narrow(sums, out, y * sums.length);
      }
    }

    private void makeRow(int y) {
      int[] row = ring[y % ring.length];
      int start = 3 * y * image.width();
      if (across != null) {
        across(image.rgb(), start, across, row);
        return;
      }
      byte[] in = image.rgb();
      for (int i = 0; i < row.length; i++) {
        row[i] = in[start + 3 * part.left() + i] & 0xff;
      }
    }

    private void addRows(int y) {
      int at = down.weightsAt(y);
      int[] weights = down.weights();
      int row = down.first(y);
      int end = down.end(y);
      for (; row + 4 <= end; row += 4, at += 4) {
        addFour(row, weights[at], weights[at + 1], weights[at + 2], weights[at + 3]);
      }
      for (; row < end; row++, at++) {
        addOne(sums, ring[row % ring.length], weights[at]);
      }
    }

    private void addFour(int row, int w0, int w1, int w2, int w3) {
      int n = ring.length;
      addFour(
          sums,
          ring[row % n],
          ring[(row + 1) % n],
          ring[(row + 2) % n],
          ring[(row + 3) % n],
          w0,
          w1,
          w2,
          w3);
    }

    private static void addFour(
        int[] sums, int[] r0, int[] r1, int[] r2, int[] r3, int w0, int w1, int w2, int w3) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += r0[i] * w0 + r1[i] * w1 + r2[i] * w2 + r3[i] * w3;
      }
    }

    private static void addOne(int[] sums, int[] row, int weight) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += row[i] * weight;
      }
    }
  }
}
