package dev.cortado.simd;

/**
 * What happens to a finished block of a result while it is still in the cache: adding a bias,
 * scaling and shifting by channel, an activation, a residual, gathering statistics.
 *
 * <p>Each element of the result belongs to exactly one block, and a block arrives once, when its
 * sums are complete. Which blocks a result is cut into depends on its shape alone. Blocks arrive in
 * any order and on any thread.
 */
@FunctionalInterface
public interface TileEpilogue {
  /**
   * Works on one finished block in place.
   *
   * @param c the array of the result
   * @param offset index of the block's first element in {@code c}
   * @param rowStride distance of the block's rows in {@code c}
   * @param row number of the block's first row in the result (for a convolution: of its first
   *     output pixel, counted over all images)
   * @param col number of the block's first column (channel)
   * @param rows how many rows
   * @param cols how many columns
   */
  void apply(float[] c, int offset, int rowStride, int row, int col, int rows, int cols);
}
