package dev.cortado.tensor.op;

import dev.cortado.tensor.CortadoException;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * How an image is resampled to another size, one axis after the other. The same numbers as torch's
 * {@code interpolate}.
 *
 * @param mode what a new pixel is made of
 * @param alignCorners whether the centres of the outermost pixels stay where they are; else the
 *     outer edges do. Only {@link Mode#LINEAR} and {@link Mode#CUBIC} can
 * @param antialias whether the window grows when the image shrinks, so that every pixel counts.
 *     Only {@link Mode#LINEAR} and {@link Mode#CUBIC} can
 */
public record Interpolation(Mode mode, boolean alignCorners, boolean antialias) {
  /** The pixel at {@code floor(i · step)}. */
  public static final Interpolation NEAREST = new Interpolation(Mode.NEAREST, false, false);

  /** The pixel whose centre is nearest: {@code floor((i + ½) · step)}. */
  public static final Interpolation NEAREST_EXACT =
      new Interpolation(Mode.NEAREST_EXACT, false, false);

  /** Between two pixels along each axis. */
  public static final Interpolation BILINEAR = new Interpolation(Mode.LINEAR, false, false);

  /** A cubic through four pixels along each axis. */
  public static final Interpolation BICUBIC = new Interpolation(Mode.CUBIC, false, false);

  /** The mean of the pixels that each new one covers, whole pixels only: adaptive pooling. */
  public static final Interpolation AREA = new Interpolation(Mode.AREA, false, false);

  /** Keys' coefficient: of four fixed neighbours, and of windows that grow (as Pillow's). */
  private static final double CUBIC = -0.75;

  private static final double CUBIC_ANTIALIASED = -0.5;

  /** What a new pixel is made of. */
  public enum Mode {
    /** One pixel, by its edge. */
    NEAREST,
    /** One pixel, by its centre. */
    NEAREST_EXACT,
    /** Two pixels. */
    LINEAR,
    /** Four pixels. Keys 1981. */
    CUBIC,
    /** All pixels that it covers. */
    AREA
  }

  /** Checks that the mode has the options. */
  public Interpolation {
    boolean options = mode == Mode.LINEAR || mode == Mode.CUBIC;
    if (!options && (alignCorners || antialias)) {
      throw new CortadoException(
          "interpolation by " + mode + " knows neither aligned corners nor antialiasing");
    }
  }

  /** Returns this with the outermost pixels staying where they are. */
  public Interpolation withAlignedCorners() {
    return new Interpolation(mode, true, antialias);
  }

  /** Returns this with windows that grow when the image shrinks. */
  public Interpolation withAntialias() {
    return new Interpolation(mode, alignCorners, true);
  }

  /** Returns the map from {@code in} pixels to {@code out}. */
  public Taps to(int in, int out) {
    check(in, out);
    return taps(in, out, (double) in / out);
  }

  /**
   * Returns the map from {@code in} pixels to {@code floor(in · factor)}; the sampling step is
   * {@code 1 / factor}, also where that does not cover the image exactly.
   */
  public Taps by(int in, double factor) {
    int out = size(in, factor);
    check(in, out);
    return taps(in, out, 1 / factor);
  }

  /**
   * Returns {@code floor(in · factor)}.
   *
   * @throws CortadoException if the factor is not positive or that is too much for an axis
   */
  public static int size(int in, double factor) {
    if (!(factor > 0 && factor < Double.POSITIVE_INFINITY)) {
      throw new CortadoException("the factor to resample by must be positive, got " + factor);
    }
    double out = Math.floor(in * factor);
    if (out > Integer.MAX_VALUE) {
      throw new CortadoException(
          String.format(
              Locale.ROOT,
              "%d pixels resampled by a factor of %s would be %,.0f; an axis has at most 2^31 - 1",
              in,
              factor,
              out));
    }
    return (int) out;
  }

  private static void check(int in, int out) {
    if (in < 1 || out < 1) {
      throw new CortadoException("cannot resample " + in + " pixels to " + out);
    }
  }

  private Taps taps(int in, int out, double step) {
    if (mode == Mode.AREA) {
      return Taps.adaptiveMeans(in, out);
    }
    if (alignCorners) {
      step = out > 1 ? (in - 1.0) / (out - 1) : 0;
    }
    if (mode == Mode.NEAREST || mode == Mode.NEAREST_EXACT) {
      return nearest(in, out, (float) step, mode == Mode.NEAREST ? 0 : 0.5f);
    }
    return antialias ? antialiased(in, out, step) : interpolated(in, out, step);
  }

  /**
   * In single precision, as everybody does it: products like 3 · (1/3) decide which pixel. The same
   * size and twice the size are exact, as in torch, also where the step is not.
   */
  private static Taps nearest(int in, int out, float step, float shift) {
    if (shift == 0 && (out == in || out == 2 * in)) {
      return Taps.of(in, out, (i, sink) -> sink.add((int) ((long) i * in / out), 1));
    }
    return Taps.of(
        in, out, (i, sink) -> sink.add(Math.min((int) Math.floor((i + shift) * step), in - 1), 1));
  }

  private Taps interpolated(int in, int out, double step) {
    return Taps.of(
        in,
        out,
        (i, sink) -> {
          double at = alignCorners ? i * step : (i + 0.5) * step - 0.5;
          if (mode == Mode.LINEAR) {
            at = Math.max(0, at);
          }
          int base = (int) Math.floor(at);
          double t = at - base;
          int reach = mode == Mode.LINEAR ? 0 : 1;
          for (int k = -reach; k <= 1 + reach; k++) {
            double weight = mode == Mode.LINEAR ? triangle(k - t) : cubic(k - t, CUBIC);
            sink.add(Math.clamp((long) base + k, 0, in - 1), weight);
          }
        });
  }

  private Taps antialiased(int in, int out, double step) {
    double scale = Math.max(step, 1);
    double support = (mode == Mode.LINEAR ? 1 : 2) * scale;
    DoubleUnaryOperator filter =
        mode == Mode.LINEAR ? Interpolation::triangle : x -> cubic(x, CUBIC_ANTIALIASED);
    return Taps.of(
        in,
        out,
        (i, sink) -> {
          double center = step * (i + 0.5);
          int from = Math.max((int) (center - support + 0.5), 0);
          int to = Math.min((int) (center + support + 0.5), in);
          double sum = 0;
          for (int k = from; k < to; k++) {
            sum += filter.applyAsDouble((k - center + 0.5) / scale);
          }
          for (int k = from; k < to; k++) {
            sink.add(k, filter.applyAsDouble((k - center + 0.5) / scale) / sum);
          }
        });
  }

  private static double triangle(double x) {
    return Math.max(0, 1 - Math.abs(x));
  }

  /** Keys' cubic with coefficient {@code a}, 0 from 2 on. */
  private static double cubic(double x, double a) {
    double d = Math.abs(x);
    if (d < 1) {
      return ((a + 2) * d - (a + 3)) * d * d + 1;
    }
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
  }
}
