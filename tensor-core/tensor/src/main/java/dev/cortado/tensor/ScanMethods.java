package dev.cortado.tensor;

import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.Recurrence;
import java.util.ArrayList;
import java.util.List;

/** Running sums and products. Of I32 and BOOL they are I64. */
public sealed interface ScanMethods permits Tensor {
  /** Returns the sums of the elements up to and with each one along {@code axis}. */
  default Tensor cumsum(int axis) {
    var x = terms();
    var ones = Tensor.full(Shape.SCALAR, x.dtype(), 1).expand(x.shape().toArray());
    return ones.apply(new Recurrence(x.shape().axis(axis), false), x);
  }

  /** Returns the products of the elements up to and with each one along {@code axis}. */
  default Tensor cumprod(int axis) {
    var x = terms();
    int at = x.shape().axis(axis);
    if (x.dim(at) == 0) {
      return x;
    }
    // y₀ = x₀, yᵢ = xᵢ · yᵢ₋₁ − 0: adding 0 would turn −0 into 0.
    var nothing = Tensor.full(Shape.SCALAR, x.dtype(), -0.0);
    int[] rest = x.shape().with(at, x.dim(at) - 1).toArray();
    var start = Tensor.cat(at, List.of(x.narrow(at, 0, 1), nothing.expand(rest)));
    return x.apply(new Recurrence(at, false), start);
  }

  /**
   * Returns the product over the axes (all if none is given), which disappear. Its gradient is
   * right where elements are 0, too.
   */
  default Tensor prod(int... axes) {
    return prod(false, axes);
  }

  /** Returns the product over the axes, which stay with size 1 if {@code keepDim}. */
  default Tensor prod(boolean keepDim, int... axes) {
    var x = terms();
    var resolved = Axes.resolve(x.shape(), axes);
    var result = resolved.reduce(x.shape(), keepDim);
    int count = resolved.count(x.shape());
    if (count == 0) {
      return Tensor.full(result, x.dtype(), 1);
    }
    var order = new ArrayList<Integer>();
    for (int axis = 0; axis < x.rank(); axis++) {
      if (!resolved.contains(axis)) {
        order.add(axis);
      }
    }
    order.addAll(resolved.list());
    var rows = x.permute(order.stream().mapToInt(i -> i).toArray());
    var products = rows.reshape(result.elements(), count).cumprod(1).select(1, count - 1);
    return products.reshape(result.toArray());
  }

  private Tensor terms() {
    var x = (Tensor) this;
    return x.dtype() == DType.I32 || x.dtype() == DType.BOOL ? x.to(DType.I64) : x;
  }
}
