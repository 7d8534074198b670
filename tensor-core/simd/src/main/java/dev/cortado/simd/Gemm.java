package dev.cortado.simd;

import dev.cortado.tensor.Parallel;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products of F32: {@code C[m,n] (+)= A[m,k] · B[k,n]}.
 *
 * <p>A product of size n³ does n³ multiply-adds on n² numbers, so its speed is decided by where the
 * numbers lie when they are needed. Four nested blocks keep them close (the scheme is Goto's,
 * Anatomy of High-Performance Matrix Multiplication, 2008):
 *
 * <ol>
 *   <li><b>Registers.</b> A {@link Tile} of, say, 12 × 32 results stays in vector registers while k
 *       runs: 44 loads feed 384 multiply-adds.
 *   <li><b>First-level cache.</b> k runs in passes of {@link GemmPlan#KC}. In a pass a panel of B
 *       (256 k × 32 columns, 32 KiB) stays while the strips of A go past it ({@link TileLoop}).
 *   <li><b>Second-level cache.</b> Those strips, at most 288 rows × 256 k, are used again for each
 *       panel of B.
 *   <li><b>Cores.</b> The result is cut into chunks of rows and columns, by size alone ({@link
 *       GemmPlan}).
 * </ol>
 *
 * <p>A and B are <em>packed</em> into the order in which the tile reads them ({@link Panels}): B
 * once per product, A group by group inside a pass. Rows of A are read in place where the result is
 * narrow: packing would cost more than it saves. Where the result is small and k is large (the
 * weight gradient of a layer) k is cut into slabs whose partial results are summed in slab order.
 * With a handful of rows each result is a dot product ({@link DotProducts}).
 *
 * <p>Each element of C is a sum over k in a fixed order, whatever the number of threads.
 */
public final class Gemm {
  /** Packed floats of B per round: 16 MiB. */
  private static final int SHARED_FLOATS = 1 << 22;

  private static final int SHARED_COLS = SHARED_FLOATS / GemmPlan.KC;
  private static final int PACK_CHUNK = 1 << 15;
  private static final int SUM_CHUNK = 1 << 14;

  private Gemm() {}

  /**
   * Computes {@code C = A·B}, or {@code C += A·B}.
   *
   * @param m rows of A and C
   * @param n columns of B and C
   * @param k columns of A, rows of B
   * @param a left operand
   * @param b right operand
   * @param c array of the result, row-major
   * @param cOffset index of the result's element (0, 0)
   * @param ldc distance of the result's rows, at least {@code n}
   * @param accumulate whether to add to what C holds
   * @param epilogue called once on each finished block, or null
   */
  public static void multiply(
      int m,
      int n,
      int k,
      MatrixView a,
      MatrixView b,
      float[] c,
      int cOffset,
      int ldc,
      boolean accumulate,
      @Nullable TileEpilogue epilogue) {
    if (m == 0 || n == 0) {
      return;
    }
    if (k == 0) {
      empty(m, n, c, cOffset, ldc, accumulate, epilogue);
      return;
    }
    if (DotProducts.fits(m, a, b)) {
      DotProducts.multiply(m, n, k, a, b, c, cOffset, ldc, accumulate, epilogue);
      return;
    }
    var plan = GemmPlan.of(m, n, k);
    if (plan.slabs() > 1) {
      inSlabs(plan, m, n, k, a, b, c, cOffset, ldc, accumulate, epilogue);
    } else if (plan.rowBlocks() == 1) {
      // Nobody else needs this chunk's columns: it packs them itself.
      var block = new GemmBlock(a, b, null, 0, 0, 0, plan.tile(), c, cOffset, ldc);
      grid(plan, block, m, 0, n, 0, k, accumulate, epilogue);
    } else {
      inRounds(plan, m, n, k, a, b, c, cOffset, ldc, accumulate, epilogue);
    }
  }

  /**
   * Computes {@code batch} products of the same shape: product {@code i} starts {@code i} times the
   * given strides further on in each array. The epilogue sees row numbers that run on over the
   * batch ({@code i·m + row}).
   *
   * @param batch how many products
   * @param aBatch distance of the left operands
   * @param bBatch distance of the right operands
   * @param cBatch distance of the results
   */
  public static void multiplyBatch(
      int batch,
      int m,
      int n,
      int k,
      MatrixView a,
      int aBatch,
      MatrixView b,
      int bBatch,
      float[] c,
      int cOffset,
      int cBatch,
      int ldc,
      boolean accumulate,
      @Nullable TileEpilogue epilogue) {
    // With few large products each is spread over the cores; with many, each core takes whole ones.
    int chunks = batch < 4 ? 1 : batch;
    Parallel.run(
        chunks,
        chunk -> {
          int to = chunks == 1 ? batch : chunk + 1;
          for (int i = chunk; i < to; i++) {
            multiply(
                m,
                n,
                k,
                a.shifted(i * aBatch),
                b.shifted(i * bBatch),
                c,
                cOffset + i * cBatch,
                ldc,
                accumulate,
                batched(epilogue, i * m));
          }
        });
  }

  private static @Nullable TileEpilogue batched(@Nullable TileEpilogue epilogue, int firstRow) {
    if (epilogue == null || firstRow == 0) {
      return epilogue;
    }
    return (c, offset, stride, row, col, rows, cols) ->
        epilogue.apply(c, offset, stride, firstRow + row, col, rows, cols);
  }

  /** Packs B whole, in rounds of bounded size, and computes all blocks after each round. */
  private static void inRounds(
      GemmPlan plan,
      int m,
      int n,
      int k,
      MatrixView a,
      MatrixView b,
      float[] c,
      int cOffset,
      int ldc,
      boolean accumulate,
      @Nullable TileEpilogue epilogue) {
    int nr = plan.tile().nr;
    int colBlock = plan.colBlock();
    int colStep = Math.min(n, Math.max(colBlock, SHARED_COLS / colBlock * colBlock));
    int kStep = Math.max(1, SHARED_FLOATS / Lanes.roundUp(colStep, nr) / GemmPlan.KC) * GemmPlan.KC;
    for (int col = 0; col < n; col += colStep) {
      int cols = Math.min(colStep, n - col);
      for (int from = 0; from < k; from += kStep) {
        int to = Math.min(k, from + kStep);
        float[] shared = packShared(b, from, to, col, cols, nr);
        var block = new GemmBlock(a, b, shared, from, col, cols, plan.tile(), c, cOffset, ldc);
        boolean last = to == k;
        grid(plan, block, m, col, cols, from, to, accumulate || from > 0, last ? epilogue : null);
      }
    }
  }

  /** Packs B[from … to-1, col … col+cols-1]: for each pass over k, all its panels. */
  private static float[] packShared(MatrixView b, int from, int to, int col, int cols, int nr) {
    int kc = GemmPlan.KC;
    int panels = Math.ceilDiv(cols, nr);
    int passes = (to - from + kc - 1) / kc;
    float[] shared =
        Workspace.current()
            .floats(
                Workspace.SHARED,
                GemmBlock.sharedAt((passes - 1) * kc, cols, nr)
                    + Panels.size(Math.min(kc, to - from), nr, cols));
    int perChunk = Math.max(1, PACK_CHUNK / (Math.min(kc, to - from) * nr));
    Parallel.ranges(
        passes * panels,
        perChunk,
        (first, end) -> {
          for (int i = first; i < end; ) {
            int k = from + i / panels * kc;
            int panel = i % panels;
            int j = panel * nr;
            int together = Math.min(end - i, panels - panel);
            int count = Math.min(kc, to - k);
            int at = GemmBlock.sharedAt(k - from, cols, nr) + panel * Panels.stride(count, nr);
            int columns = Math.min(together * nr, cols - j);
            GemmBlock.packPanels(b, k, count, col + j, columns, nr, shared, at);
            i += together;
          }
        });
    return shared;
  }

  private static void grid(
      GemmPlan plan,
      GemmBlock block,
      int m,
      int col,
      int cols,
      int from,
      int to,
      boolean add,
      @Nullable TileEpilogue epilogue) {
    int across = (cols + plan.colBlock() - 1) / plan.colBlock();
    Parallel.run(
        plan.rowBlocks() * across,
        chunk -> {
          int i = chunk / across * plan.rowBlock();
          int j = col + chunk % across * plan.colBlock();
          int rowEnd = Math.min(m, i + plan.rowBlock());
          int colEnd = Math.min(col + cols, j + plan.colBlock());
          block.run(i, rowEnd, j, colEnd, from, to, add, epilogue);
        });
  }

  /**
   * Cuts k into slabs, each with a partial result of its own, and sums the partial results in slab
   * order.
   */
  private static void inSlabs(
      GemmPlan plan,
      int m,
      int n,
      int k,
      MatrixView a,
      MatrixView b,
      float[] c,
      int cOffset,
      int ldc,
      boolean accumulate,
      @Nullable TileEpilogue epilogue) {
    int size = m * n;
    float[] partial = Workspace.current().floats(Workspace.PARTIAL, plan.slabs() * size);
    Parallel.run(
        plan.slabs(),
        s -> {
          var block = new GemmBlock(a, b, null, 0, 0, 0, plan.tile(), partial, s * size, n);
          int from = s * plan.slab();
          int to = Math.min(k, from + plan.slab());
          for (int col = 0; col < n; col += plan.colBlock()) {
            block.run(0, m, col, Math.min(n, col + plan.colBlock()), from, to, false, null);
          }
        });
    int rowsPerChunk = Math.max(1, SUM_CHUNK / n);
    Parallel.ranges(
        m,
        rowsPerChunk,
        (row, rowEnd) -> {
          for (int i = row; i < rowEnd; i++) {
            sumRow(partial, i * n, size, plan.slabs(), n, c, cOffset + i * ldc, accumulate);
          }
          if (epilogue != null) {
            epilogue.apply(c, cOffset + row * ldc, ldc, row, 0, rowEnd - row, n);
          }
        });
  }

  /** {@code c[j] (+)= Σs partial[from + s·size + j]}. */
  static void sumRow(
      float[] partial, int from, int size, int slabs, int n, float[] c, int at, boolean add) {
    for (int j = 0; j < n; j += Lanes.COUNT) {
      var mask = Lanes.first(n - j);
      var sum = FloatVector.fromArray(Lanes.F32, partial, from + j, mask);
      for (int s = 1; s < slabs; s++) {
        sum = sum.add(FloatVector.fromArray(Lanes.F32, partial, from + s * size + j, mask));
      }
      if (add) {
        sum = sum.add(FloatVector.fromArray(Lanes.F32, c, at + j, mask));
      }
      sum.intoArray(c, at + j, mask);
    }
  }

  private static void empty(
      int m,
      int n,
      float[] c,
      int cOffset,
      int ldc,
      boolean accumulate,
      @Nullable TileEpilogue epilogue) {
    for (int i = 0; i < m && !accumulate; i++) {
      java.util.Arrays.fill(c, cOffset + i * ldc, cOffset + i * ldc + n, 0f);
    }
    if (epilogue != null) {
      epilogue.apply(c, cOffset, ldc, 0, 0, m, n);
    }
  }
}
