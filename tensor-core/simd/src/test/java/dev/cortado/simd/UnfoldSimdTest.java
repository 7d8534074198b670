package dev.cortado.simd;

import dev.cortado.tensor.Ops;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.SpatialOp;
import dev.cortado.tensor.op.Window2d;
import org.junit.jupiter.api.Test;

/** Windows larger than the image: some taps see no pixel of any window of a row. */
class UnfoldSimdTest {
  private static final int[][] BORDERS = {{0, 0}, {1, 1}, {2, 2}, {4, 4}, {0, 4}, {4, 0}, {3, 1}};

  @Test
  void windowsReachFarBeyondTheImage() {
    for (int size = 1; size <= 3; size++) {
      for (int[] border : BORDERS) {
        for (int kernel = 1; kernel <= Math.min(5, size + border[0] + border[1]); kernel++) {
          for (int stride = 1; stride <= 2; stride++) {
            var window = window(stride, border[0], border[1]);
            var x = Tensor.normal(RandomKey.of(size), 2, 2, size, size);
            var unfold = new SpatialOp.Unfold(kernel, kernel, window);
            var columns = Both.same(() -> Ops.apply(unfold, x));
            var fold = new SpatialOp.Fold(kernel, kernel, window, size, size);
            // Of whole numbers sums are exact in any order.
            Both.same(() -> Ops.apply(fold, columns.mul(8).round()));
          }
        }
      }
    }
  }

  private static Window2d window(int stride, int before, int after) {
    return new Window2d(stride, stride, before, after, before, after, 1, 1);
  }
}
