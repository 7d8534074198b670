package dev.cortado.tensor;

import dev.cortado.tensor.op.IndexOp;
import dev.cortado.tensor.op.Interpolation;
import dev.cortado.tensor.op.PadMode;
import dev.cortado.tensor.op.PoolingOp;
import dev.cortado.tensor.op.SpatialOp;
import dev.cortado.tensor.op.Taps;
import dev.cortado.tensor.op.Window2d;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Ops on images [N, C, H, W] that combine neighbouring places: resampling, pooling, borders. */
public sealed interface SpatialMethods permits Tensor {
  /** Returns these images resampled to {@code height}×{@code width} pixels. */
  default Tensor interpolate(Interpolation how, int height, int width) {
    room("interpolate", height, width);
    return resample(how.to(self().dim(2), height), how.to(self().dim(3), width));
  }

  /**
   * Returns these images resampled to {@code floor(H · factorH)}×{@code floor(W · factorW)} pixels,
   * in steps of {@code 1 / factor}.
   */
  default Tensor interpolateBy(Interpolation how, double factorH, double factorW) {
    image("interpolateBy");
    int height = Interpolation.size(self().dim(2), factorH);
    room("interpolateBy", height, Interpolation.size(self().dim(3), factorW));
    return resample(how.by(self().dim(2), factorH), how.by(self().dim(3), factorW));
  }

  /** Returns the weighted sums of pixels that the two maps state. */
  default Tensor resample(Taps rows, Taps columns) {
    return self().apply(new SpatialOp.Resample(rows, columns));
  }

  /** Returns the largest element of each {@code kernel}×{@code kernel} window. */
  default Tensor maxPool2d(int kernel, Window2d window) {
    return maxPool2d(kernel, kernel, window);
  }

  /**
   * Returns the largest element of each window; the border never wins. For a last window that hangs
   * over the edge, take {@link Window2d#ceil}.
   */
  default Tensor maxPool2d(int kernelH, int kernelW, Window2d window) {
    return self().apply(new PoolingOp.MaxPool2d(kernelH, kernelW, window));
  }

  /** Like {@link #maxPool2d(int, int, Window2d)}, with the places where they were. */
  default Largest maxPool2dWithPlaces(int kernelH, int kernelW, Window2d window) {
    return Largest.of(
        Ops.applyAll(new PoolingOp.MaxPool2d(kernelH, kernelW, window), List.of(self())));
  }

  /** Returns the largest element of each of {@code height}×{@code width} windows that cover all. */
  default Largest adaptiveMaxPool2d(int height, int width) {
    return Largest.of(
        Ops.applyAll(new PoolingOp.AdaptiveMaxPool2d(height, width), List.of(self())));
  }

  /**
   * The largest elements of windows.
   *
   * @param values the elements [N, C, H, W]
   * @param places their places in their H·W planes (I64); the first of equals
   */
  record Largest(Tensor values, Tensor places) {
    private static Largest of(List<Tensor> results) {
      return new Largest(results.get(0), results.get(1));
    }
  }

  /**
   * Returns the mean of each {@code kernel}×{@code kernel} window, the border counting as zeros.
   */
  default Tensor avgPool2d(int kernel, Window2d window) {
    return avgPool2d(kernel, kernel, window, true);
  }

  /** Returns the mean of each window; the border counts as zeros or not at all. */
  default Tensor avgPool2d(int kernelH, int kernelW, Window2d window, boolean countBorder) {
    return self().apply(new PoolingOp.AvgPool2d(kernelH, kernelW, window, countBorder));
  }

  /**
   * Returns the mean of each window, with all that torch knows.
   *
   * @param ceil whether a last window that hangs over the edge counts as one; what lies beyond the
   *     border never counts
   * @param countBorder whether the border counts as zeros; else not at all
   * @param divisor what sums are divided by, instead of the number of elements; 0 for that
   */
  default Tensor avgPool2d(
      int kernelH, int kernelW, Window2d window, boolean ceil, boolean countBorder, int divisor) {
    image("avgPool2d");
    if (!ceil && divisor == 0) {
      return avgPool2d(kernelH, kernelW, window, countBorder);
    }
    int h = self().dim(2);
    int w = self().dim(3);
    var wide = ceil ? window.ceil(h, w, kernelH, kernelW) : window;
    var op = new PoolingOp.AvgPool2d(kernelH, kernelW, wide, countBorder);
    op.infer(List.of(self().spec()));
    var rows = op.rows(h, window.bottom());
    var columns = op.columns(w, window.right());
    if (divisor != 0) {
      rows = rows.weighted(weight -> 1);
      columns = columns.weighted(weight -> 1.0 / divisor);
    }
    return resample(rows, columns);
  }

  /** Returns the mean of each of {@code height}×{@code width} windows that cover the image. */
  default Tensor adaptiveAvgPool2d(int height, int width) {
    room("adaptiveAvgPool2d", height, width);
    var x = self();
    if (!x.dtype().isFloating() || !x.dtype().isComputable()) {
      throw new CortadoException(
          "adaptiveAvgPool2d: got "
              + x.spec()
              + "; expected tensors of one floating type, F32 or F64");
    }
    int rows = x.dim(2);
    int columns = x.dim(3);
    if (Math.min(rows, columns) < 1 || Math.min(height, width) < 1) {
      throw new CortadoException(
          String.format(
              Locale.ROOT,
              "adaptiveAvgPool2d: got %s for %d x %d windows; there must be at least one, and a"
                  + " pixel to take the mean of",
              x.spec(),
              height,
              width));
    }
    return height == 1 && width == 1
        ? x.mean(true, 2, 3)
        : resample(Interpolation.AREA.to(rows, height), Interpolation.AREA.to(columns, width));
  }

  /**
   * Returns what a kernel sees at each place, one column each: [N, C·kernelH·kernelW, L] (im2col).
   */
  default Tensor unfold2d(int kernelH, int kernelW, Window2d window) {
    return self().apply(new SpatialOp.Unfold(kernelH, kernelW, window));
  }

  /**
   * Returns images of {@code height}×{@code width} pixels in which the columns of {@link #unfold2d}
   * are added up at their places (col2im).
   */
  default Tensor fold2d(int height, int width, int kernelH, int kernelW, Window2d window) {
    return self().apply(new SpatialOp.Fold(kernelH, kernelW, window, height, width));
  }

  /**
   * Returns this with {@code value} around it.
   *
   * @param amounts elements before and after along the last axis, then along the one before it, and
   *     so on; negative ones cut off
   */
  default Tensor pad(double value, int... amounts) {
    var x = self();
    for (int k = 0; k < pairs(amounts); k++) {
      int axis = x.rank() - 1 - k;
      int before = amounts[2 * k];
      int after = amounts[2 * k + 1];
      x = cut(x, axis, before, after);
      var parts = new ArrayList<Tensor>();
      parts.add(border(x, axis, before, value));
      parts.add(x);
      parts.add(border(x, axis, after, value));
      parts.removeIf(part -> part.dim(axis) == 0);
      x = parts.isEmpty() ? x : parts.size() == 1 ? parts.getFirst() : Tensor.cat(axis, parts);
    }
    return x;
  }

  /** Returns {@code x} without as many elements as negative amounts say. */
  private static Tensor cut(Tensor x, int axis, int before, int after) {
    int first = Math.max(0, -before);
    int last = Math.max(0, -after);
    if (first + last > x.dim(axis)) {
      throw new CortadoException(
          "pad: cannot cut " + first + " and " + last + " off axis " + axis + " of " + x.shape());
    }
    return first + last == 0 ? x : x.narrow(axis, first, x.dim(axis) - first - last);
  }

  private static Tensor border(Tensor x, int axis, int size, double value) {
    var one = Tensor.full(Shape.SCALAR, x.dtype(), value);
    return one.expand(x.shape().with(axis, Math.max(0, size)).toArray());
  }

  /**
   * Returns this continued beyond its edges.
   *
   * @param amounts elements before and after along the last axis, then along the one before it, and
   *     so on; negative ones cut off, before the rest is continued
   */
  default Tensor pad(PadMode mode, int... amounts) {
    var x = self();
    for (int k = 0; k < pairs(amounts); k++) {
      int axis = x.rank() - 1 - k;
      x = cut(x, axis, amounts[2 * k], amounts[2 * k + 1]);
      int size = x.dim(axis);
      int before = Math.max(0, amounts[2 * k]);
      int after = Math.max(0, amounts[2 * k + 1]);
      if (Math.max(before, after) > mode.most(size)) {
        throw new CortadoException(
            "pad: cannot continue axis "
                + axis
                + " of "
                + x.shape()
                + " by "
                + before
                + " and "
                + after
                + " in mode "
                + mode);
      }
      int total = before + size + after;
      long[] sources = new long[total];
      Arrays.setAll(sources, i -> mode.source(i - before, size));
      x = x.apply(new IndexOp.IndexSelect(axis), Tensor.of(sources, total));
    }
    return x;
  }

  private int pairs(int[] amounts) {
    if (amounts.length % 2 != 0 || amounts.length > 2 * self().rank()) {
      throw new CortadoException(
          "pad: "
              + self().shape()
              + " takes up to "
              + self().rank()
              + " pairs of amounts, got "
              + Arrays.toString(amounts));
    }
    return amounts.length / 2;
  }

  /** Throws unless these are images that there is memory for at another size. */
  private void room(String what, int height, int width) {
    image(what);
    var batch = self().shape();
    long pixels = Math.multiplyExact((long) Math.max(0, height), Math.max(0, width));
    double elements = (double) batch.dim(0) * batch.dim(1) * pixels;
    if (elements > Integer.MAX_VALUE - 16) {
      throw new CortadoException(
          String.format(
              Locale.ROOT,
              "%s: %s at %d x %d pixels would have %,.0f elements; at most 2^31 - 17 fit in a"
                  + " tensor",
              what,
              batch,
              height,
              width,
              elements));
    }
    // Beside the images: a few taps for each row and column, of 12 bytes, in arrays that grow.
    long bytes = (long) elements * 4 + 64L * ((long) height + width);
    if (bytes > 1L << 30) {
      Memory.require(what + " to " + height + " x " + width + " pixels", bytes);
    }
  }

  private void image(String what) {
    if (self().rank() != 4) {
      throw new CortadoException(
          what + ": expected an image batch [N, C, H, W], got " + self().shape());
    }
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
