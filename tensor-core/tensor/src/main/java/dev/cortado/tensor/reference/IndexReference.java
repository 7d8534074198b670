package dev.cortado.tensor.reference;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.op.IndexOp;
import dev.cortado.tensor.op.TensorSpec;

/** Places elements. A tensor is seen as [outer, size, inner] around the axis in question. */
final class IndexReference {
  private IndexReference() {}

  static double[] run(IndexOp op, double[][] in, TensorSpec[] specs, TensorSpec result) {
    double[] out = new double[result.shape().elements()];
    switch (op) {
      case IndexOp.OneHot o -> {
        for (int i = 0; i < in[0].length; i++) {
          out[i * o.classes() + IndexOp.checked(o, (long) in[0][i], o.classes())] = 1;
        }
      }
      case IndexOp.Cat c -> {
        int at = 0;
        for (int k = 0; k < in.length; k++) {
          place(in[k], specs[k].shape(), out, result.shape(), c.axis(), at);
          at += specs[k].shape().dim(c.axis());
        }
      }
      case IndexOp.ZeroPad p ->
          place(in[0], specs[0].shape(), out, result.shape(), p.axis(), p.before());
      case IndexOp.IndexSelect s -> {
        int size = specs[0].shape().dim(s.axis());
        move(
            s,
            in[1],
            in[0],
            size,
            out,
            result.shape().dim(s.axis()),
            inner(result.shape(), s.axis()),
            false);
      }
      case IndexOp.IndexAdd a -> {
        int slices = specs[0].shape().dim(a.axis());
        move(a, in[1], out, a.size(), in[0], slices, inner(result.shape(), a.axis()), true);
      }
    }
    return out;
  }

  private static int inner(Shape shape, int axis) {
    int inner = 1;
    for (int i = axis + 1; i < shape.rank(); i++) {
      inner *= shape.dim(i);
    }
    return inner;
  }

  /**
   * Copies {@code x} into {@code out} so that its slices along {@code axis} begin at {@code at}.
   */
  private static void place(double[] x, Shape from, double[] out, Shape to, int axis, int at) {
    int run = from.dim(axis) * inner(from, axis);
    int step = to.dim(axis) * inner(to, axis);
    for (int outer = 0; run > 0 && outer < x.length / run; outer++) {
      System.arraycopy(x, outer * run, out, outer * step + at * inner(to, axis), run);
    }
  }

  /**
   * Moves slices between the table (of {@code size} slices) and the list (of {@code slices}): to
   * the list by copying, or back to the table by adding.
   */
  private static void move(
      IndexOp op,
      double[] index,
      double[] table,
      int size,
      double[] list,
      int slices,
      int inner,
      boolean back) {
    int outers = slices * inner == 0 ? 0 : list.length / (slices * inner);
    for (int outer = 0; outer < outers; outer++) {
      for (int s = 0; s < slices; s++) {
        int slice = IndexOp.checked(op, (long) index[s], size);
        for (int i = 0; i < inner; i++) {
          int at = (outer * size + slice) * inner + i;
          int place = (outer * slices + s) * inner + i;
          if (back) {
            table[at] += list[place];
          } else {
            list[place] = table[at];
          }
        }
      }
    }
  }
}
