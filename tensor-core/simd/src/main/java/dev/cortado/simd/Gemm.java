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
 *   <li><b>Registers.</b> A {@link Tile} of, say, 14 × 32 results stays in vector registers while k
 *       runs: 46 loads feed 448 multiply-adds.
 *   <li><b>First-level cache.</b> k runs in passes of {@link GemmPlan#KC}. With few registers a
 *       panel of B stays while the strips of A go past it ({@link TileLoop}); with many a tile can
 *       live on what the second-level cache delivers, and passes are so long that there is seldom
 *       more than one.
 *   <li><b>Second-level cache.</b> A group of such strips is packed, and used again for each panel
 *       of B. In a panel pass follows pass, so that what they add to stays near ({@link
 *       GemmBlock}).
 *   <li><b>Cores.</b> The result is cut into chunks of rows and columns, by size alone ({@link
 *       GemmPlan}).
 * </ol>
 *
 * <p>A and B are <em>packed</em> into the order in which the tile reads them ({@link Panels}): B
 * whole, A group by group; or, where the result is low and wide, A whole and B by each chunk of
 * columns. What all chunks need is packed by each thread for itself if it is small ({@link
 * SharedOperand}), else once. Rows of A whose numbers are neighbours are only copied, or, where the
 * result is narrow, read in place: packing would cost more than it saves. Where the result is small
 * and k is large (the weight gradient of a layer) k is cut into slabs whose partial results are
 * summed in slab order. With a handful of rows each result is a dot product ({@link DotProducts}).
 *
 * <p>Each element of C is a sum over k in a fixed order, whatever the number of threads.
 */
public final class Gemm {
  /** Packed floats of B per round: 16 MiB. */
  private static final int SHARED_FLOATS = 1 << 22;

  private static final int PACK_CHUNK = 1 << 13;

  /** Panels packed side by side, so that a row of B is read for a while. */
  private static final int PACK_PANELS = 8;

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
    } else if (plan.byColumns()) {
      rowsShared(plan, k, a, b, c, cOffset, ldc, accumulate, epilogue);
    } else {
      columnsShared(plan, k, a, b, c, cOffset, ldc, accumulate, epilogue);
    }
  }

  /** Packs A whole, in rounds of bounded size; each chunk packs its columns. */
  private static void rowsShared(
      GemmPlan plan,
      int k,
      MatrixView a,
      MatrixView b,
      float[] c,
      int cOffset,
      int ldc,
      boolean accumulate,
      @Nullable TileEpilogue epilogue) {
    var tiling = plan.tiling();
    int count = tiling.strips().count();
    int stride = Lefts.stride(plan, a);
    int kStep = Math.max(1, SHARED_FLOATS / (count * stride)) * plan.pass();
    for (int from = 0; from < k; from += kStep) {
      int to = Math.min(k, from + kStep);
      var rows = packRows(plan, a, from, to, stride);
      var block =
          GemmBlock.of(plan, accumulate || k > plan.pass(), a, b, rows, null, c, cOffset, ldc);
      var last = to == k ? epilogue : null;
      grid(plan, block, 0, tiling.panels(), from, to, accumulate || from > 0, last);
    }
  }

  private static SharedOperand packRows(GemmPlan plan, MatrixView a, int from, int to, int stride) {
    var tiling = plan.tiling();
    int count = tiling.strips().count();
    int length = plan.pass();
    int passes = Math.ceilDiv(to - from, length);
    int pass = count * stride;
    return SharedOperand.of(
        new SharedOperand.Layout(from, length, 0, stride, pass, passes),
        count,
        Math.max(1, PACK_CHUNK / stride / passes),
        (first, end, data) ->
            Lefts.pack(plan, a, from, to, first, end, data, Aligned.FRONT, stride, pass));
  }

  /** Packs B whole, in rounds of bounded size; each chunk packs its rows. */
  private static void columnsShared(
      GemmPlan plan,
      int k,
      MatrixView a,
      MatrixView b,
      float[] c,
      int cOffset,
      int ldc,
      boolean accumulate,
      @Nullable TileEpilogue epilogue) {
    var tiling = plan.tiling();
    int stride = Panels.stride(plan.pass(), tiling.nr());
    int panels = tiling.panels();
    int most = Math.max(1, SHARED_FLOATS / stride / plan.chunkPanels()) * plan.chunkPanels();
    int step = Math.min(panels, most);
    int kStep = Math.max(1, SHARED_FLOATS / (step * stride)) * plan.pass();
    for (int panel = 0; panel < panels; panel += step) {
      int end = Math.min(panels, panel + step);
      for (int from = 0; from < k; from += kStep) {
        int to = Math.min(k, from + kStep);
        var columns = packColumns(plan, b, from, to, panel, end, stride);
        var block =
            GemmBlock.of(plan, accumulate || k > plan.pass(), a, b, null, columns, c, cOffset, ldc);
        var last = to == k ? epilogue : null;
        grid(plan, block, panel, end, from, to, accumulate || from > 0, last);
      }
    }
  }

  private static SharedOperand packColumns(
      GemmPlan plan, MatrixView b, int from, int to, int panel, int panelEnd, int stride) {
    var tiling = plan.tiling();
    int count = panelEnd - panel;
    int length = plan.pass();
    int passes = Math.ceilDiv(to - from, length);
    int pass = count * stride;
    return SharedOperand.of(
        new SharedOperand.Layout(from, length, panel, stride, pass, passes),
        passes * count,
        Math.max(PACK_CHUNK / stride, Math.min(PACK_PANELS, count)),
        (first, end, data) -> {
          for (int i = first; i < end; ) {
            int k = from + i / count * length;
            int p = panel + i % count;
            int together = Math.min(end - i, panelEnd - p);
            int kc = Math.min(length, to - k);
            int at = Aligned.FRONT + i / count * pass - panel * stride;
            GemmBlock.packPanels(tiling, b, k, kc, p, p + together, data, at, stride);
            i += together;
          }
        });
  }

  /**
   * Computes all chunks. Where all cores read the same panels each chunk begins with another one,
   * so that they do not ask for the same numbers at the same time, and a core that goes from chunk
   * to chunk first meets the panels that it has used last.
   */
  private static void grid(
      GemmPlan plan,
      GemmBlock block,
      int panel,
      int panelEnd,
      int from,
      int to,
      boolean add,
      @Nullable TileEpilogue epilogue) {
    int strips = plan.tiling().strips().count();
    int panels = panelEnd - panel;
    int down = plan.down();
    int across = Math.ceilDiv(panels, plan.chunkPanels());
    boolean turns = block.columns() != null && block.columns().isOneForAll();
    Parallel.run(
        down * across,
        chunk -> {
          int i = chunk / across;
          int j = chunk % across;
          int s = GemmPlan.cut(strips, i, down);
          int p = panel + GemmPlan.cut(panels, j, across);
          int stripEnd = GemmPlan.cut(strips, i + 1, down);
          int end = panel + GemmPlan.cut(panels, j + 1, across);
          int start = turns ? p + GemmPlan.cut(end - p, (down - i) % down, down) : p;
          block.run(s, stripEnd, p, end, start, from, to, add, epilogue);
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
          var tiling = plan.tiling();
          var block = GemmBlock.of(plan, k > plan.pass(), a, b, null, null, partial, s * size, n);
          int from = s * plan.slab();
          int to = Math.min(k, from + plan.slab());
          int panels = tiling.panels();
          for (int p = 0; p < panels; p += plan.chunkPanels()) {
            int end = Math.min(panels, p + plan.chunkPanels());
            block.run(0, tiling.strips().count(), p, end, p, from, to, false, null);
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
