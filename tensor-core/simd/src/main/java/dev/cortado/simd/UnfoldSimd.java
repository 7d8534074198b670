package dev.cortado.simd;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.SpatialOp;
import dev.cortado.tensor.op.TensorSpec;
import dev.cortado.tensor.op.Window2d;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What windows see, one column each, and back. One tap of the kernel, taken of all windows of a
 * row, is a run of pixels of one row of the image.
 */
final class UnfoldSimd {
  private final Window2d window;
  private final int kernelW;
  private final int taps;
  private final int height;
  private final int width;
  private final int rows;
  private final int columns;

  private UnfoldSimd(Window2d window, int kernelH, int kernelW, int height, int width) {
    this.window = window;
    this.kernelW = kernelW;
    this.taps = kernelH * kernelW;
    this.height = height;
    this.width = width;
    this.rows = window.outputHeight(height, kernelH);
    this.columns = window.outputWidth(width, kernelW);
  }

  /** Returns the result, or null for other types than F32. */
  static @Nullable Tensor unfold(SpatialOp.Unfold op, Tensor x, TensorSpec spec) {
    if (x.dtype() != DType.F32) {
      return null;
    }
    var y = Tensor.empty(spec.shape(), DType.F32, op.name());
    var dense = ResampleSimd.dense(x, false);
    var kernel = new UnfoldSimd(op.window(), op.kernelH(), op.kernelW(), x.dim(2), x.dim(3));
    float[] from = dense.host().floats();
    float[] to = y.host().floats();
    int start = dense.layout().offset();
    int windows = kernel.rows * kernel.columns;
    Parallel.ranges(
        y.elements() / windows,
        Math.max(1, FormulaGrid.CHUNK / windows),
        (first, last) -> {
          for (int tap = first; tap < last; tap++) {
            kernel.unfold(from, start, tap, to);
          }
        });
    return y;
  }

  /** Returns the result, or null for other types than F32. */
  static @Nullable Tensor fold(SpatialOp.Fold op, Tensor x, TensorSpec spec) {
    if (x.dtype() != DType.F32) {
      return null;
    }
    var y = Tensor.empty(spec.shape(), DType.F32, op.name());
    var dense = x.contiguous();
    var kernel = new UnfoldSimd(op.window(), op.kernelH(), op.kernelW(), op.height(), op.width());
    float[] from = dense.host().floats();
    float[] to = y.host().floats();
    int start = dense.layout().offset();
    int pixels = op.height() * op.width();
    Parallel.run(
        spec.shape().dim(0) * spec.shape().dim(1),
        plane -> {
          Arrays.fill(to, plane * pixels, (plane + 1) * pixels, 0);
          for (int tap = 0; tap < kernel.taps; tap++) {
            kernel.fold(from, start, plane * kernel.taps + tap, to);
          }
        });
    return y;
  }

  /** Returns the row of pixels that a tap sees of row {@code i} of windows; it may lie outside. */
  private int row(int tap, int i) {
    return i * window.strideH() - window.top() + tap % taps / kernelW * window.dilationH();
  }

  /** Returns the column of pixels that a tap sees of the first window of a row. */
  private int shift(int tap) {
    return tap % kernelW * window.dilationW() - window.left();
  }

  /** Returns the first window of a row of which a tap lies {@code pixels} or more to the right. */
  private int first(int tap, int pixels) {
    return Math.clamp(Math.ceilDiv(pixels - shift(tap), window.strideW()), 0, columns);
  }

  private void unfold(float[] x, int start, int tap, float[] y) {
    int low = first(tap, 0);
    int high = Math.max(low, first(tap, width));
    int step = window.strideW();
    for (int i = 0; i < rows; i++) {
      int to = (tap * rows + i) * columns;
      int row = row(tap, i);
      if (row < 0 || row >= height) {
        Arrays.fill(y, to, to + columns, 0);
        continue;
      }
      int from = start + (tap / taps * height + row) * width + shift(tap) + low * step;
      Arrays.fill(y, to, to + low, 0);
      Picks.strided(x, from, step, y, to + low, high - low);
      Arrays.fill(y, to + high, to + columns, 0);
    }
  }

  private void fold(float[] x, int start, int tap, float[] y) {
    int low = first(tap, 0);
    int count = Math.max(low, first(tap, width)) - low;
    int step = window.strideW();
    for (int i = 0; i < rows; i++) {
      int row = row(tap, i);
      if (row < 0 || row >= height) {
        continue;
      }
      int from = start + (tap * rows + i) * columns + low;
      int to = (tap / taps * height + row) * width + shift(tap) + low * step;
      if (step == 1) {
        Picks.add(x, from, y, to, count);
      } else {
        for (int j = 0; j < count; j++) {
          y[to + j * step] += x[from + j];
        }
      }
    }
  }
}
