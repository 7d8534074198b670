package dev.cortado.tensor.reference;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.IndexOp;
import dev.cortado.tensor.op.TensorSpec;
import java.util.List;

/**
 * Places elements. Each op comes down to a list of places, one for each element that moves: in what
 * is read from, or in what is written to.
 */
final class IndexReference {
  private IndexReference() {}

  static Object run(IndexOp op, List<Tensor> inputs, TensorSpec result) {
    var x = inputs.getFirst();
    return switch (op) {
      case IndexOp.OneHot o -> oneHot(o, Values.longs(x));
      case IndexOp.Cat c -> {
        var out = Moves.zeros(result);
        int at = 0;
        for (var part : inputs) {
          Moves.put(Values.read(part), out, block(part.shape(), result.shape(), c.axis(), at));
          at += part.dim(c.axis());
        }
        yield out;
      }
      case IndexOp.ZeroPad p -> {
        var out = Moves.zeros(result);
        Moves.put(Values.read(x), out, block(x.shape(), result.shape(), p.axis(), p.before()));
        yield out;
      }
      case IndexOp.IndexSelect s -> {
        long[] slices = Values.longs(inputs.get(1));
        int[] places = slices(s, result.shape(), x.shape(), s.axis(), slices);
        yield Moves.take(Values.read(x), places);
      }
      case IndexOp.IndexAdd a -> {
        long[] slices = Values.longs(inputs.get(1));
        var out = Moves.zeros(result);
        int[] places = slices(a, x.shape(), result.shape(), a.axis(), slices);
        Moves.add(Values.read(x), out, places);
        yield out;
      }
      case IndexOp.Gather g ->
          Moves.take(Values.read(x), elements(g, inputs.get(1), x.shape(), g.axis()));
      case IndexOp.Scatter s -> {
        var out = Values.read(x);
        int[] places = elements(s, inputs.get(1), x.shape(), s.axis());
        Moves.put(Values.read(inputs.get(2)), out, places);
        yield out;
      }
      case IndexOp.ScatterAdd s -> {
        var out = Values.read(x);
        int[] places = elements(s, inputs.get(1), x.shape(), s.axis());
        Moves.add(Values.read(inputs.get(2)), out, places);
        yield out;
      }
      case IndexOp.NonZero n -> nonZero(n, Values.read(x), x.shape());
    };
  }

  private static double[] oneHot(IndexOp.OneHot op, long[] labels) {
    double[] out = new double[labels.length * op.classes()];
    for (int i = 0; i < labels.length; i++) {
      out[i * op.classes() + IndexOp.checked(op, labels[i], op.classes())] = 1;
    }
    return out;
  }

  /** Returns where the elements of a part lie in a whole in which it begins at {@code start}. */
  private static int[] block(Shape part, Shape whole, int axis, int start) {
    var layout = Layout.contiguous(whole);
    return Values.places(part, layout.shifted(start * layout.stride(axis)));
  }

  /**
   * Returns where the elements of a list of slices lie in the table that has these slices; {@code
   * slices} names them in the list's order.
   */
  private static int[] slices(IndexOp op, Shape list, Shape table, int axis, long[] slices) {
    int size = table.dim(axis);
    for (long slice : slices) {
      IndexOp.checked(op, slice, size);
    }
    int[] strides = Layout.contiguous(table).strides();
    int stride = strides[axis];
    strides[axis] = 0;
    int[] places = Values.places(list, Layout.of(0, strides));
    int[] numbers = Values.places(list, along(axis, list.rank()));
    for (int i = 0; i < places.length; i++) {
      places[i] += (int) slices[numbers[i]] * stride;
    }
    return places;
  }

  /** Returns the layout in which an element lies at its index along {@code axis}. */
  private static Layout along(int axis, int rank) {
    int[] strides = new int[rank];
    strides[axis] = 1;
    return Layout.of(0, strides);
  }

  /** Returns the places in {@code table} that {@code index} names, element by element. */
  private static int[] elements(IndexOp op, Tensor index, Shape table, int axis) {
    int[] strides = Layout.contiguous(table).strides();
    int stride = strides[axis];
    strides[axis] = 0;
    int[] places = Values.places(index.shape(), Layout.of(0, strides));
    long[] indices = Values.longs(index);
    int size = table.dim(axis);
    for (int i = 0; i < places.length; i++) {
      places[i] += IndexOp.checked(op, indices[i], size) * stride;
    }
    return places;
  }

  private static long[] nonZero(IndexOp.NonZero op, Object values, Shape shape) {
    long[] out = new long[op.count() * shape.rank()];
    int found = 0;
    for (int i = 0; i < shape.elements() && found < op.count(); i++) {
      if (Moves.isZero(values, i)) {
        continue;
      }
      int rest = i;
      for (int axis = shape.rank() - 1; axis >= 0; axis--) {
        out[found * shape.rank() + axis] = rest % shape.dim(axis);
        rest /= shape.dim(axis);
      }
      found++;
    }
    if (found < op.count()) {
      throw new CortadoException(
          op.name() + ": only " + found + " elements are not 0, expected " + op.count());
    }
    return out;
  }
}
