package dev.cortado.simd;

/** The {@link Tile} for all sizes, which serves until the one compiled for the size is fast. */
final class CommonTile extends Tile {
  private static final int[] START = {0};

  private final CommonProduct packed;
  private final CommonProduct spaced;

  CommonTile(Size size) {
    super(size);
    this.packed = product(size, 1, size.rows());
    this.spaced = product(size, size.rowStride(), 1);
  }

  private static CommonProduct product(Size size, int row, int step) {
    return new CommonProduct(
        new WindowLoop.Size(
            size.rows(),
            size.vectors(),
            0,
            row,
            step,
            size.add() ? WindowLoop.Into.ADD : WindowLoop.Into.WRITE),
        size.tail());
  }

  @Override
  int packed(
      int kc,
      float[] a,
      int ao,
      float[] b,
      int bo,
      float[] c,
      int co,
      int ldc,
      float[] next,
      int nextAt) {
    packed.run(kc, START, 0, kc < 0 ? 0 : 1, a, ao, b, bo, c, co, ldc);
    return 0;
  }

  @Override
  int spaced(
      int kc,
      float[] a,
      int ao,
      float[] b,
      int bo,
      float[] c,
      int co,
      int ldc,
      float[] next,
      int nextAt) {
    spaced.run(kc, START, 0, kc < 0 ? 0 : 1, a, ao, b, bo, c, co, ldc);
    return 0;
  }
}
