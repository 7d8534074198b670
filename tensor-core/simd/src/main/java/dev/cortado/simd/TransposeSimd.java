package dev.cortado.simd;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.Walk;

/**
 * Copies where neighbours in the source are no neighbours in the target: transposed matrices,
 * images from channels-first to channels-last and back. Row by row each element read would cost a
 * cache line; here blocks that the second-level cache holds are transposed tile by tile.
 */
final class TransposeSimd {
  /** The least number of elements that is worth it. */
  private static final int LEAST = 1024;

  /** Columns of a block: as long a run in each target row. */
  private static final int WIDTH = 256;

  /** Rows of a block, at most, and elements. */
  private static final int HEIGHT = 512;

  private static final int BLOCK = 1 << 16;

  /**
   * Source rows this far apart lie in pages of their own, and if it is a power of two in the same
   * sets of the caches. A block is then copied together first, run by run, which the processor can
   * foresee: half as fast again.
   */
  private static final int PAGE = 1024;

  /** What is added to the rows of the copy, so that they do not lie in the same sets, too. */
  private static final int MARGIN = 16;

  private final Walk walk;
  private final float[] from;
  private final float[] to;
  private final int across;
  private final int width;
  private final int height;
  private final int fromStep;
  private final int toStep;

  private TransposeSimd(Walk walk, float[] from, float[] to) {
    this.walk = walk;
    this.from = from;
    this.to = to;
    this.across = across(walk);
    this.width = walk.length();
    this.height = walk.size(across);
    this.fromStep = walk.innerStride(1);
    this.toStep = walk.stride(across, 0);
  }

  /** Copies the elements if it is a transposition worth the name, else returns false. */
  static boolean run(Tensor source, Tensor target) {
    if (source.dtype() != DType.F32 || target.elements() < LEAST) {
      return false;
    }
    var walk = Walk.of(target.shape(), target.layout(), source.layout());
    if (!fits(walk)) {
      return false;
    }
    new TransposeSimd(walk, source.host().floats(), target.host().floats()).run();
    return true;
  }

  private static boolean fits(Walk walk) {
    int across = across(walk);
    return across >= 0
        && walk.innerStride(0) == 1
        && walk.innerStride(1) != 1
        && Math.min(walk.length(), walk.size(across)) > 1
        && (long) walk.length() * walk.size(across) >= LEAST;
  }

  /** Returns the axis along which the source moves by one, or −1. */
  private static int across(Walk walk) {
    for (int axis = walk.rank() - 2; axis >= 0; axis--) {
      if (walk.stride(axis, 1) == 1) {
        return axis;
      }
    }
    return -1;
  }

  private void run() {
    TransposeLoop.WARM_UP.before((long) walk.rows() * width / Lanes.COUNT);
    int blockWidth = Math.min(WIDTH, width);
    int blockHeight =
        Math.min(height, Math.clamp(BLOCK / blockWidth / Lanes.COUNT * Lanes.COUNT, 1, HEIGHT));
    int beside = (width + blockWidth - 1) / blockWidth;
    int below = (height + blockHeight - 1) / blockHeight;
    int planes = walk.rows() / height;
    Parallel.ranges(
        planes * below * beside,
        Math.max(1, BLOCK / (blockWidth * blockHeight)),
        (first, last) -> {
          int[] at = new int[2];
          for (int block = first; block < last; block++) {
            int column = block % beside * blockWidth;
            int row = block / beside % below * blockHeight;
            offsets(block / beside / below, at);
            block(
                at[1] + row + column * fromStep,
                at[0] + row * toStep + column,
                Math.min(blockHeight, height - row),
                Math.min(blockWidth, width - column));
          }
        });
  }

  /** Finds where a plane begins: the walk without the axis across and the innermost. */
  private void offsets(int plane, int[] at) {
    walk.offsets(0, at);
    for (int axis = walk.rank() - 2; axis >= 0; axis--) {
      if (axis != across) {
        int i = plane % walk.size(axis);
        plane /= walk.size(axis);
        at[0] += i * walk.stride(axis, 0);
        at[1] += i * walk.stride(axis, 1);
      }
    }
  }

  /** Rows and columns are the target's. */
  private void block(int read, int write, int rows, int columns) {
    if (Math.abs(fromStep) < PAGE || Math.min(rows, columns) < Lanes.COUNT) {
      tiles(from, read, fromStep, write, rows, columns);
      return;
    }
    int step = rows + MARGIN;
    float[] copy = Workspace.current().floats(Workspace.TRANSPOSED, columns * step);
    for (int column = 0; column < columns; column++) {
      System.arraycopy(from, read + column * fromStep, copy, column * step, rows);
    }
    tiles(copy, 0, step, write, rows, columns);
  }

  private void tiles(float[] source, int read, int step, int write, int rows, int columns) {
    int wholeRows = rows / Lanes.COUNT * Lanes.COUNT;
    int wholeColumns = columns / Lanes.COUNT * Lanes.COUNT;
    int tiles = columns / Lanes.COUNT;
    if (tiles > 0) {
      for (int row = 0; row < wholeRows; row += Lanes.COUNT) {
        TransposeLoop.INSTANCE.run(
            source, read + row, step, to, write + row * toStep, toStep, tiles);
      }
    }
    for (int row = 0; row < rows; row++) {
      int begin = row < wholeRows ? wholeColumns : 0;
      for (int column = begin; column < columns; column++) {
        to[write + row * toStep + column] = source[read + column * step + row];
      }
    }
  }
}
