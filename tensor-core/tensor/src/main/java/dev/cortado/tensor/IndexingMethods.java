package dev.cortado.tensor;

import dev.cortado.tensor.op.IndexOp;
import dev.cortado.tensor.op.Sort;
import dev.cortado.tensor.op.ViewOp;
import java.util.Arrays;
import java.util.List;

/**
 * Ops that find elements: by index, by mask, by order. Indices are I64 and run from 0; one outside
 * is an error, and negative ones do not count from the end.
 */
public sealed interface IndexingMethods permits Tensor {
  /** Returns the slices along {@code axis} that {@code indices} (I64 [n]) name. */
  default Tensor indexSelect(int axis, Tensor indices) {
    return self().apply(new IndexOp.IndexSelect(self().shape().axis(axis)), indices);
  }

  /**
   * Returns this with the slices of {@code source} added to those along {@code axis} that {@code
   * indices} (I64 [n]) name; a slice that is named twice gets both. The source has n slices along
   * the axis, and otherwise the shape of this.
   */
  default Tensor indexAdd(int axis, Tensor indices, Tensor source) {
    int at = self().shape().axis(axis);
    return self().add(source.apply(new IndexOp.IndexAdd(at, self().dim(at)), indices));
  }

  /**
   * Returns, in the shape of {@code index}, the elements of this at the same place but for {@code
   * axis}, where the index says: {@code y[i, j] = this[index[i, j], j]} along axis 0 of a matrix.
   * The index (I64) has the rank of this and is not larger than this along any other axis.
   */
  default Tensor gather(int axis, Tensor index) {
    return self().apply(new IndexOp.Gather(self().shape().axis(axis)), index);
  }

  /**
   * Returns {@link #gather} after this and the index have been repeated along all other axes, by
   * NumPy's rule, to one shape: what {@code argsort} found, say, for every row.
   */
  default Tensor takeAlong(int axis, Tensor index) {
    int at = self().shape().axis(axis);
    if (index.rank() != self().rank()) {
      throw new CortadoException(
          "takeAlong: the index " + index.spec() + " has not the rank of " + self().spec());
    }
    var common =
        Shape.broadcast("takeAlong", self().shape().with(at, 1), index.shape().with(at, 1));
    var x = self().expand(common.with(at, self().dim(at)).toArray());
    return x.gather(at, index.expand(common.with(at, index.dim(at)).toArray()));
  }

  /**
   * Returns this with the elements of {@code source} at the places that {@code index} (I64) names:
   * {@code y[index[i, j], j] = source[i, j]} along axis 0 of a matrix. Of several sent to one place
   * the last in row-major order stays. The source may be larger than the index; what is beyond it
   * is not used.
   */
  default Tensor scatter(int axis, Tensor index, Tensor source) {
    var op = new IndexOp.Scatter(self().shape().axis(axis));
    return self().apply(op, index, cut(source, index.shape()));
  }

  /** Returns this with {@code number} at the places that {@code index} (I64) names. */
  default Tensor scatter(int axis, Tensor index, double number) {
    var source = Tensor.full(Shape.SCALAR, self().dtype(), number);
    return scatter(axis, index, source.expand(index.shape().toArray()));
  }

  /**
   * Returns this with the elements of {@code source} added at the places that {@code index} (I64)
   * names: {@code y[index[i, j], j] += source[i, j]} along axis 0 of a matrix, in row-major order.
   * The source may be larger than the index; what is beyond it is not used.
   */
  default Tensor scatterAdd(int axis, Tensor index, Tensor source) {
    var op = new IndexOp.ScatterAdd(self().shape().axis(axis));
    return self().apply(op, index, cut(source, index.shape()));
  }

  private static Tensor cut(Tensor source, Shape shape) {
    var part = source;
    for (int axis = 0; axis < shape.rank() && source.rank() == shape.rank(); axis++) {
      if (source.dim(axis) > shape.dim(axis)) {
        part = part.narrow(axis, 0, shape.dim(axis));
      }
    }
    return part;
  }

  /** Returns {@code number} where {@code mask} (BOOL, it broadcasts) is true, else this. */
  default Tensor maskedFill(Tensor mask, double number) {
    return mask.where(Tensor.full(Shape.SCALAR, self().dtype(), number), self());
  }

  /**
   * Returns the elements of this where {@code mask} is true, in row-major order [n], after both
   * have been repeated to one shape. How many there are is looked up, so the mask must have
   * numbers.
   */
  default Tensor maskedSelect(Tensor mask) {
    int[] dims = Shape.broadcast("maskedSelect", self().shape(), mask.shape()).toArray();
    var places = mask.detach().to(DType.BOOL).expand(dims).reshape(-1).nonZero().reshape(-1);
    return self().expand(dims).reshape(-1).indexSelect(0, places);
  }

  /**
   * Returns the indices (I64 [n, rank]) of the elements that are not 0, in row-major order; NaN is
   * not 0. How many there are is looked up, so this must have numbers.
   */
  default Tensor nonZero() {
    var truths = self().detach().to(DType.BOOL);
    return truths.apply(new IndexOp.NonZero((int) truths.sum().item()));
  }

  /**
   * Returns the rows of this table [rows, …] that {@code indices} (I64, any shape) name: their
   * shape and then the row's.
   */
  default Tensor embedding(Tensor indices) {
    int[] dims = Arrays.copyOf(indices.shape().toArray(), indices.rank() + self().rank() - 1);
    for (int i = 1; i < self().rank(); i++) {
      dims[indices.rank() + i - 1] = self().dim(i);
    }
    return indexSelect(0, indices.reshape(-1)).reshape(dims);
  }

  /** Returns {@link #embedding(Tensor)}, of which row {@code padding} gets no gradient. */
  default Tensor embedding(Tensor indices, int padding) {
    if (padding < 0 || padding >= self().dim(0)) {
      throw new CortadoException(
          "embedding: the padding's row " + padding + " lies outside 0 … " + (self().dim(0) - 1));
    }
    var rows = embedding(indices);
    int[] dims = Arrays.copyOf(indices.shape().toArray(), rows.rank());
    Arrays.fill(dims, indices.rank(), dims.length, 1);
    return indices.equalTo(padding).reshape(dims).where(rows.detach(), rows);
  }

  /** Returns this (I64 labels) as rows of 0 and a single 1. */
  default Tensor oneHot(int classes) {
    return self().apply(new IndexOp.OneHot(classes));
  }

  /** Returns a view of the elements {@code this[i, i]} along the first two axes; see the other. */
  default Tensor diagonal() {
    return diagonal(0, 0, 1);
  }

  /**
   * Returns a view of the elements {@code this[…, i, …, i + offset, …]}: the two axes disappear and
   * the diagonal comes last.
   */
  default Tensor diagonal(int offset, int axis1, int axis2) {
    var shape = self().shape();
    return self().apply(new ViewOp.Diagonal(offset, shape.axis(axis1), shape.axis(axis2)));
  }

  /**
   * Returns the elements along {@code axis} in ascending order; see {@link #sort(int, boolean)}.
   */
  default Indexed sort(int axis) {
    return sort(axis, false);
  }

  /**
   * Returns the elements along {@code axis} in order, and where they were. Equal elements keep
   * their order; NaN is the largest.
   */
  default Indexed sort(int axis, boolean descending) {
    return sort(new Sort(self().shape().axis(axis), descending));
  }

  private Indexed sort(Sort op) {
    var results = Ops.applyAll(op, List.of(self()));
    return new Indexed(results.get(0), results.get(1));
  }

  /** Returns where along {@code axis} the elements in order are (I64), in the shape of this. */
  default Tensor argsort(int axis, boolean descending) {
    return self().detach().sort(axis, descending).indices();
  }

  /**
   * Returns the {@code k} largest (or smallest) elements along {@code axis}, the most extreme
   * first, and where they were; of equal ones the first. NaN is the largest.
   */
  default Indexed topk(int k, int axis, boolean largest) {
    if (k < 0 || k > self().dim(axis)) {
      throw new CortadoException(
          "topk: axis " + axis + " of " + self().spec() + " has not " + k + " elements");
    }
    return sort(new Sort(self().shape().axis(axis), largest, k));
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
