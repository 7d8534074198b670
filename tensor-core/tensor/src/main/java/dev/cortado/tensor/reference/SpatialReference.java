package dev.cortado.tensor.reference;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.op.SpatialOp;
import dev.cortado.tensor.op.Taps;
import dev.cortado.tensor.op.TensorSpec;
import dev.cortado.tensor.op.Window2d;

/** Linear maps between the places of each H·W plane. */
final class SpatialReference {
  private SpatialReference() {}

  static double[] run(SpatialOp op, double[] x, TensorSpec input, TensorSpec result) {
    double[] y = new double[result.shape().elements()];
    switch (op) {
      case SpatialOp.Resample r -> {
        int planes = input.shape().dim(0) * input.shape().dim(1);
        for (int plane = 0; plane < planes; plane++) {
          resample(r.rows(), r.columns(), x, plane, y);
        }
      }
      case SpatialOp.Unfold u ->
          windows(
              input.shape(),
              u.kernelH(),
              u.kernelW(),
              u.window(),
              (image, column) -> y[column] = x[image]);
      case SpatialOp.Fold f ->
          windows(
              result.shape(),
              f.kernelH(),
              f.kernelW(),
              f.window(),
              (image, column) -> y[image] += x[column]);
    }
    return y;
  }

  private static void resample(Taps rows, Taps columns, double[] x, int plane, double[] y) {
    int width = rows.inputs() == 0 ? 0 : columns.inputs();
    double[] row = new double[width];
    for (int i = 0; i < rows.outputs(); i++) {
      java.util.Arrays.fill(row, 0);
      for (int k = rows.from(i); k < rows.to(i); k++) {
        int at = (plane * rows.inputs() + rows.source(k)) * width;
        for (int j = 0; j < width; j++) {
          row[j] += rows.weight(k) * x[at + j];
        }
      }
      for (int j = 0; j < columns.outputs(); j++) {
        double sum = 0;
        for (int k = columns.from(j); k < columns.to(j); k++) {
          sum += columns.weight(k) * row[columns.source(k)];
        }
        y[(plane * rows.outputs() + i) * columns.outputs() + j] = sum;
      }
    }
  }

  /** A pixel of the image and its place in the windows. */
  private interface Pair {
    void accept(int image, int column);
  }

  /** Visits every pixel of every window, but not the border. */
  private static void windows(Shape x, int kh, int kw, Window2d w, Pair pair) {
    int rows = w.outputHeight(x.dim(2), kh);
    int columns = w.outputWidth(x.dim(3), kw);
    int elements = x.dim(0) * x.dim(1) * kh * kw * rows * columns;
    for (int at = 0; at < elements; at++) {
      int tap = at / (rows * columns);
      int i = at / columns % rows * w.strideH() - w.top() + tap / kw % kh * w.dilationH();
      int j = at % columns * w.strideW() - w.left() + tap % kw * w.dilationW();
      if (i >= 0 && i < x.dim(2) && j >= 0 && j < x.dim(3)) {
        pair.accept((tap / (kh * kw) * x.dim(2) + i) * x.dim(3) + j, at);
      }
    }
  }
}
