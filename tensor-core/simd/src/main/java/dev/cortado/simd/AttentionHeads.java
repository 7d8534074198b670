package dev.cortado.simd;

import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.Walk;
import java.util.Arrays;

/**
 * A tensor as one matrix for each head, which are numbered in the row-major order of their axes,
 * whatever the layout.
 *
 * @param data the array
 * @param walk over the heads
 * @param rowStride distance of a matrix's rows
 * @param columnStride distance of its columns
 */
@SuppressWarnings("ArrayRecordComponent") // a view, never compared
record AttentionHeads(float[] data, Walk walk, int rowStride, int columnStride) {
  static AttentionHeads of(Tensor x) {
    int rank = x.rank();
    int[] strides = x.layout().strides();
    var outer = Shape.of(Arrays.copyOf(x.shape().toArray(), rank - 2));
    var layout = Layout.of(x.layout().offset(), Arrays.copyOf(strides, rank - 2));
    var walk = Walk.of(outer, Layout.contiguous(outer), layout);
    return new AttentionHeads(x.host().floats(), walk, strides[rank - 2], strides[rank - 1]);
  }

  /** Returns how many heads a tensor has. */
  static int count(Tensor x) {
    return x.elements() / x.dim(-1) / x.dim(-2);
  }

  /**
   * Returns the layout of a result: heads side by side for each token, as the layer after attention
   * wants them.
   */
  static Layout tokensFirst(Shape shape) {
    int rank = shape.rank();
    if (rank < 3) {
      return Layout.contiguous(shape);
    }
    int[] order = new int[rank];
    Arrays.setAll(order, i -> i);
    order[rank - 3] = rank - 2;
    order[rank - 2] = rank - 3;
    var swapped = Layout.contiguous(shape.permute(order)).strides();
    int last = swapped[rank - 3];
    swapped[rank - 3] = swapped[rank - 2];
    swapped[rank - 2] = last;
    return Layout.of(0, swapped);
  }

  /** Returns the index of a head's first element. */
  int at(int head) {
    int[] at = new int[2];
    walk.offsets(head / walk.length(), at);
    return at[1] + head % walk.length() * walk.innerStride(1);
  }

  /** Returns a head's rows from {@code first} on. */
  MatrixView rows(int head, int first) {
    return new MatrixView(data, at(head) + first * rowStride, rowStride, columnStride);
  }
}
