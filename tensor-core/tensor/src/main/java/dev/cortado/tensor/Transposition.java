package dev.cortado.tensor;

/**
 * Copies where neighbours in the source are no neighbours in the target: transposed matrices,
 * images from channels-first to channels-last and back. Row by row each element read would cost a
 * cache line; tile by tile all elements of a line are used while it is in the cache.
 */
final class Transposition {
  /** Rows of a band, and the least size of a side that is worth it. */
  private static final int TILE = 32;

  /**
   * Rows and columns that are moved together. Where strides are powers of two, their lines fall
   * into one set of the first-level cache, which holds eight of them or a few more.
   */
  private static final int STRIP = 8;

  /** Columns of a block; for the same reason few, here of the second-level cache. */
  private static final int BLOCK = 64;

  /** Elements per chunk of parallel work. */
  private static final int CHUNK = 1 << 16;

  private final Walk walk;
  private final float[] from;
  private final float[] to;
  private final int across;
  private final int width;
  private final int height;

  private Transposition(Walk walk, float[] from, float[] to) {
    this.walk = walk;
    this.from = from;
    this.to = to;
    this.across = across(walk);
    this.width = walk.length();
    this.height = walk.size(across);
  }

  /** Returns whether a walk over (target, source) is a transposition worth the name. */
  static boolean fits(Walk walk, DType dtype) {
    int across = across(walk);
    return dtype == DType.F32
        && across >= 0
        && walk.innerStride(0) == 1
        && walk.innerStride(1) != 1
        && Math.min(walk.length(), walk.size(across)) > 1
        && (long) walk.length() * walk.size(across) >= TILE * TILE;
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

  static void run(Walk walk, float[] from, float[] to) {
    new Transposition(walk, from, to).run();
  }

  private void run() {
    int down = (height + TILE - 1) / TILE;
    int planes = walk.rows() / height;
    int perChunk = Math.max(1, CHUNK / (TILE * width));
    Parallel.ranges(
        planes * down,
        perChunk,
        (first, last) -> {
          int[] at = new int[2];
          for (int band = first; band < last; band++) {
            int row = band % down * TILE;
            offsets(band / down, at);
            int target = at[0] + row * walk.stride(across, 0);
            band(target, at[1] + row, Math.min(TILE, height - row));
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

  /** Rows of the target, all their columns: block by block, and in each a few rows at a time. */
  private void band(int target, int source, int rows) {
    for (int column = 0; column < width; column += BLOCK) {
      int columns = Math.min(BLOCK, width - column);
      int read = source + column * walk.innerStride(1);
      for (int row = 0; row < rows; row += STRIP) {
        int write = target + column + row * walk.stride(across, 0);
        rows(write, read + row, Math.min(STRIP, rows - row), columns);
      }
    }
  }

  private void rows(int write, int read, int rows, int columns) {
    int toStep = walk.stride(across, 0);
    int fromStep = walk.innerStride(1);
    int column = 0;
    for (; column <= columns - STRIP; column += STRIP) {
      strip(from, read + column * fromStep, fromStep, to, write + column, toStep, rows);
    }
    for (; column < columns; column++) {
      for (int row = 0; row < rows; row++) {
        to[write + column + row * toStep] = from[read + column * fromStep + row];
      }
    }
  }

  /**
   * A strip of eight columns: eight lines read along, each row's eight elements written at once.
   */
  private static void strip(
      float[] from, int read, int fromStep, float[] to, int write, int toStep, int rows) {
    for (int row = 0; row < rows; row++) {
      int a = read + row;
      int b = write + row * toStep;
      to[b] = from[a];
      to[b + 1] = from[a + fromStep];
      to[b + 2] = from[a + 2 * fromStep];
      to[b + 3] = from[a + 3 * fromStep];
      to[b + 4] = from[a + 4 * fromStep];
      to[b + 5] = from[a + 5 * fromStep];
      to[b + 6] = from[a + 6 * fromStep];
      to[b + 7] = from[a + 7 * fromStep];
    }
  }
}
