package dev.cortado.simd;

import dev.cortado.tensor.Copy;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.Walk;
import dev.cortado.tensor.op.IndexOp;
import dev.cortado.tensor.op.TensorSpec;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Placing elements is copying into parts of the result, or looking up places one by one. */
final class IndexSimd {
  private IndexSimd() {}

  /** Returns the result, or null if the reference has to do it. */
  static @Nullable Tensor run(IndexOp op, List<Tensor> inputs, TensorSpec spec) {
    var x = inputs.getFirst();
    boolean common = x.dtype() == DType.F32 || x.dtype() == DType.I64;
    return switch (op) {
      case IndexOp.Cat cat -> cat(cat, inputs, spec);
      case IndexOp.ZeroPad pad -> pad(pad, x, spec);
      case IndexOp.IndexSelect select -> select(select, inputs, spec);
      case IndexOp.OneHot hot -> oneHot(hot, x, spec);
      case IndexOp.IndexAdd add -> x.dtype() == DType.F32 ? indexAdd(add, inputs, spec) : null;
      case IndexOp.Gather gather -> common ? gather(gather, inputs, spec) : null;
      case IndexOp.Scatter scatter ->
          common ? scatter(scatter, scatter.axis(), inputs, false) : null;
      case IndexOp.ScatterAdd add -> common ? scatter(add, add.axis(), inputs, true) : null;
      case IndexOp.NonZero nonZero -> x.dtype() == DType.BOOL ? NonZeroSimd.run(nonZero, x) : null;
    };
  }

  private static Tensor cat(IndexOp.Cat op, List<Tensor> inputs, TensorSpec spec) {
    var result = Tensor.empty(spec.shape(), spec.dtype(), like(inputs.getFirst(), spec), op.name());
    int at = 0;
    for (var input : inputs) {
      int size = input.dim(op.axis());
      Copy.into(input, result.narrow(op.axis(), at, size));
      at += size;
    }
    return result;
  }

  private static @Nullable Tensor pad(IndexOp.ZeroPad op, Tensor x, TensorSpec spec) {
    if (spec.dtype() != DType.F32) {
      return null;
    }
    var result = Tensor.empty(spec.shape(), spec.dtype(), like(x, spec), op.name());
    Arrays.fill(result.host().floats(), 0);
    Copy.into(x, result.narrow(op.axis(), op.before(), x.dim(op.axis())));
    return result;
  }

  private static Tensor oneHot(IndexOp.OneHot op, Tensor labels, TensorSpec spec) {
    var result = Tensor.empty(spec.shape(), spec.dtype(), op.name());
    float[] out = result.host().floats();
    long[] classes = labels.toLongs();
    int width = op.classes();
    Parallel.ranges(
        classes.length,
        Math.max(1, FormulaGrid.CHUNK / Math.max(1, width)),
        (from, to) -> {
          Arrays.fill(out, from * width, to * width, 0);
          for (int i = from; i < to; i++) {
            out[i * width + IndexOp.checked(op, classes[i], width)] = 1;
          }
        });
    return result;
  }

  /** Where the axis is not innermost, whole runs are copied; else elements are picked. */
  private static Tensor select(IndexOp.IndexSelect op, List<Tensor> inputs, TensorSpec spec) {
    var x = inputs.getFirst();
    int axis = op.axis();
    long[] indices = inputs.get(1).toLongs();
    int stride = x.layout().stride(axis);
    int[] places = new int[indices.length];
    for (int i = 0; i < places.length; i++) {
      places[i] = IndexOp.checked(op, indices[i], x.dim(axis)) * stride;
    }
    var result = Tensor.empty(spec.shape(), spec.dtype(), like(x, spec), op.name());
    if (result.elements() == 0) {
      return result;
    }
    var from = new Layout[] {result.layout(), without(x.layout(), axis), along(axis, x.rank())};
    var walk = Walk.of(spec.shape(), from);
    Object source = x.host().array();
    Object sink = result.host().array();
    int step = walk.innerStride(1);
    int next = walk.innerStride(2);
    Pieces.forEach(
        walk,
        3,
        (at, n) -> {
          if (next == 0) {
            Picks.strided(source, at[1] + places[at[2]], step, sink, at[0], n);
          } else {
            Picks.pick(source, at[1], step, places, at[2], next, sink, at[0], n);
          }
        });
    return result;
  }

  /** Adds slices at their places. A chunk has some columns of all of them for itself. */
  private static Tensor indexAdd(IndexOp.IndexAdd op, List<Tensor> inputs, TensorSpec spec) {
    var y = inputs.getFirst();
    long[] indices = inputs.get(1).toLongs();
    int[] slices = new int[indices.length];
    for (int i = 0; i < slices.length; i++) {
      slices[i] = IndexOp.checked(op, indices[i], op.size());
    }
    var result = Tensor.empty(spec.shape(), spec.dtype(), op.name());
    if (result.elements() == 0) {
      return result;
    }
    float[] from = y.contiguous().host().floats();
    int start = y.contiguous().layout().offset();
    float[] sums = result.host().floats();
    int inner = result.layout().stride(op.axis());
    int width = Math.min(inner, Picks.WIDTH);
    int beside = Math.ceilDiv(inner, width);
    int outer = result.elements() / op.size() / inner;
    Parallel.run(
        outer * beside,
        chunk -> {
          int column = chunk % beside * width;
          int n = Math.min(width, inner - column);
          int to = chunk / beside * op.size() * inner + column;
          int at = start + chunk / beside * slices.length * inner + column;
          for (int i = 0; i < op.size(); i++) {
            Arrays.fill(sums, to + i * inner, to + i * inner + n, 0);
          }
          for (int i = 0; i < slices.length; i++) {
            Picks.add(from, at + i * inner, sums, to + slices[i] * inner, n);
          }
        });
    return result;
  }

  private static Tensor gather(IndexOp.Gather op, List<Tensor> inputs, TensorSpec spec) {
    var x = inputs.get(0);
    var index = inputs.get(1);
    var result = Tensor.empty(spec.shape(), spec.dtype(), op.name());
    if (result.elements() == 0) {
      return result;
    }
    var walk = walk(result.layout(), index, x, op.axis(), result.layout());
    var places = new Places(op, index, x, op.axis(), walk);
    Pieces.forEach(
        walk, 4, (at, n) -> places.gather(x.host().array(), result.host().array(), at, n));
    return result;
  }

  /**
   * What falls together lies along one line, and must be placed in order: a row is one piece of
   * work, and so is everything where lines lie across the rows.
   */
  private static Tensor scatter(IndexOp op, int axis, List<Tensor> inputs, boolean adds) {
    var x = inputs.get(0);
    var index = inputs.get(1);
    var source = inputs.get(2);
    var result = Copy.dense(x.detach(), x.layout().denseLike(x.shape()));
    if (index.elements() == 0) {
      return result;
    }
    var order = Layout.contiguous(index.shape());
    var walk = walk(order, index, result, axis, source.layout());
    var places = new Places(op, index, result, axis, walk);
    int rows = walk.rows();
    int together = axis == x.rank() - 1 ? Math.max(1, FormulaGrid.CHUNK / walk.length()) : rows;
    Parallel.ranges(
        rows,
        together,
        (from, to) -> {
          int[] at = new int[4];
          for (int row = from; row < to; row++) {
            walk.offsets(row, at);
            places.scatter(source.host().array(), result.host().array(), at, walk.length(), adds);
          }
        });
    return result;
  }

  /** Returns the walk in the given order over an index, lines of a table, and something else. */
  private static Walk walk(Layout order, Tensor index, Tensor table, int axis, Layout other) {
    return Walk.of(index.shape(), order, index.layout(), without(table.layout(), axis), other);
  }

  /** Returns the layout in which one does not move along {@code axis}. */
  private static Layout without(Layout layout, int axis) {
    int[] strides = layout.strides();
    strides[axis] = 0;
    return Layout.of(layout.offset(), strides);
  }

  /** Returns the layout in which an element lies at its index along {@code axis}. */
  private static Layout along(int axis, int rank) {
    int[] strides = new int[rank];
    strides[axis] = 1;
    return Layout.of(0, strides);
  }

  private static Layout like(Tensor x, TensorSpec spec) {
    Shape shape = spec.shape();
    return x.layout().denseLike(shape);
  }
}
