package dev.cortado.testkit;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.IndexOp;
import dev.cortado.tensor.op.Op;
import dev.cortado.tensor.op.Sort;
import dev.cortado.tensor.op.ViewOp;
import java.util.Arrays;
import java.util.List;

/** Specs of ops that find elements: by index, by order, along a diagonal, in windows. */
final class IndexSpecs {
  private IndexSpecs() {}

  static List<OpSpec> all() {
    return List.of(
        OpSpec.of(IndexOp.Gather.class, IndexSpecs::gather),
        OpSpec.of(IndexOp.Scatter.class, d -> scatter(d, axis -> new IndexOp.Scatter(axis))),
        OpSpec.of(IndexOp.ScatterAdd.class, d -> scatter(d, axis -> new IndexOp.ScatterAdd(axis))),
        OpSpec.flat(IndexOp.NonZero.class, IndexSpecs::nonZero),
        OpSpec.of(Sort.class, d -> sort(d, false)),
        OpSpec.of(Sort.class, d -> sort(d, true)).named("sort descending"),
        OpSpec.of(ViewOp.Diagonal.class, IndexSpecs::diagonal),
        OpSpec.of(ViewOp.Windows.class, IndexSpecs::unfold));
  }

  /** Returns an index of x's rank, smaller along some axes and of any length along {@code axis}. */
  private static Tensor index(Draw d, Shape x, int axis) {
    int[] dims = x.toArray();
    Arrays.setAll(dims, i -> d.maybe() ? dims[i] : d.between(Math.min(1, dims[i]), dims[i]));
    dims[axis] = x.dim(axis) == 0 ? 0 : d.between(1, 5);
    return d.indices(Shape.of(dims), x.dim(axis));
  }

  private static OpCase gather(Draw d) {
    var shape = d.shape(1, 4);
    int axis = d.between(0, shape.rank() - 1);
    return OpCase.of(new IndexOp.Gather(axis), d.tensor(shape), index(d, shape, axis));
  }

  private static OpCase scatter(Draw d, java.util.function.IntFunction<Op> op) {
    var shape = d.shape(1, 4);
    int axis = d.between(0, shape.rank() - 1);
    var index = index(d, shape, axis);
    return OpCase.of(op.apply(axis), d.tensor(shape), index, d.tensor(index.shape()));
  }

  private static OpCase nonZero(Draw d) {
    var x = d.truths(d.shape(0, 4));
    int count = (int) Arrays.stream(x.toLongs()).sum();
    return OpCase.of(new IndexOp.NonZero(d.between(0, count)), x);
  }

  private static OpCase sort(Draw d, boolean descending) {
    var shape = d.shape(1, 4);
    int axis = d.between(0, shape.rank() - 1);
    int most = d.maybe() ? Integer.MAX_VALUE : d.between(0, shape.dim(axis));
    return OpCase.of(new Sort(axis, descending, most), d.distinct(shape));
  }

  private static OpCase diagonal(Draw d) {
    var shape = d.shape(2, 4);
    var axes = d.order(shape.rank());
    var op = new ViewOp.Diagonal(d.between(-2, 2), axes.get(0), axes.get(1));
    return OpCase.of(op, d.tensor(shape));
  }

  private static OpCase unfold(Draw d) {
    var shape = d.shape(1, 4);
    int axis = d.between(0, shape.rank() - 1);
    int size = d.between(1, Math.clamp(shape.dim(axis), 1, 9));
    return OpCase.of(new ViewOp.Windows(axis, size, d.between(1, 3)), d.tensor(shape));
  }
}
