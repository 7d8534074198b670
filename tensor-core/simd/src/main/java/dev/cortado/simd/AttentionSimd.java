package dev.cortado.simd;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.AttentionOp;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Attention head by head: scores and weights of some queries live in the cache and are never
 * written to a tensor. Keys and values are packed once for a block of queries; then a few strips of
 * queries at a time go through all three steps, {@code q · kᵀ}, powers and {@code · v}. The scale
 * is multiplied within the exponent, the sum of the weights is divided out of the result.
 */
final class AttentionSimd {
  private static final double LN2 = Math.log(2);

  /** Most queries of a block, which packs keys and values for itself. */
  private static final int MOST_QUERIES = 256;

  /** Fewest queries of a block that is not all there are. */
  private static final int LEAST_QUERIES = 56;

  private static final int BLOCKS = 8;

  /** Floats of the scores that are dealt with at a time, about. */
  private static final int SCORES = 1 << 14;

  private final double scale;
  private final float factor;
  private final int queries;
  private final int depth;
  private final int keys;
  private final int width;
  private final AttentionHeads q;
  private final AttentionHeads k;
  private final AttentionHeads v;
  private final AttentionHeads out;
  private final float[] logarithms;

  private AttentionSimd(
      AttentionOp.Attention op, List<Tensor> inputs, Tensor y, float[] logarithms) {
    this.scale = op.scale();
    // Powers of 2 are cheaper than those of e.
    this.factor = (float) (scale / LN2);
    this.queries = inputs.get(0).dim(-2);
    this.depth = inputs.get(0).dim(-1);
    this.keys = inputs.get(2).dim(-2);
    this.width = inputs.get(2).dim(-1);
    this.q = AttentionHeads.of(inputs.get(0));
    this.k = AttentionHeads.of(inputs.get(1));
    this.v = AttentionHeads.of(inputs.get(2));
    this.out = AttentionHeads.of(y);
    this.logarithms = logarithms;
  }

  /** Returns the results, or null if the types need the reference. */
  static @Nullable List<Tensor> run(AttentionOp op, List<Tensor> inputs) {
    for (var input : inputs) {
      if (input.dtype() != DType.F32 || input.elements() == 0) {
        return null;
      }
    }
    return switch (op) {
      case AttentionOp.Attention a -> forward(a, inputs);
      case AttentionOp.AttentionGradient a -> AttentionGradientSimd.run(a, inputs);
    };
  }

  private static List<Tensor> forward(AttentionOp.Attention op, List<Tensor> inputs) {
    var specs = op.infer(inputs.stream().map(Tensor::spec).toList());
    var shape = specs.getFirst().shape();
    var y = Tensor.empty(shape, DType.F32, AttentionHeads.tokensFirst(shape), op.name());
    var logarithms = Tensor.empty(specs.get(1).shape(), DType.F32, op.name());
    var attention = new AttentionSimd(op, inputs, y, logarithms.host().floats());
    int heads = AttentionHeads.count(y);
    int blocks = attention.blocks(heads);
    Parallel.run(
        heads * blocks,
        chunk -> {
          int first = GemmPlan.cut(attention.queries, chunk % blocks, blocks);
          int end = GemmPlan.cut(attention.queries, chunk % blocks + 1, blocks);
          attention.block(chunk / blocks, first, end - first);
        });
    return List.of(y, logarithms);
  }

  /** Returns into how many blocks the queries of a head are cut. */
  private int blocks(int heads) {
    int wanted = Math.ceilDiv(BLOCKS, heads);
    int most = Math.max(1, queries / LEAST_QUERIES);
    return Math.max(Math.ceilDiv(queries, MOST_QUERIES), Math.min(wanted, most));
  }

  private void block(int head, int first, int rows) {
    var passes = new HeadProduct.Passes(keys);
    var way = Tile.Way.SPACED;
    var product = HeadProduct.of(rows, keys, new HeadProduct.Passes(depth), true, false, way);
    var result = HeadProduct.of(rows, width, passes, false, false, way);
    var workspace = Workspace.current();
    int values = product.rightSize();
    float[] left = workspace.floats(Workspace.STRIPS, product.leftSize());
    float[] right = workspace.floats(Workspace.COLUMNS, values + result.rightSize());
    var qHere = product.packLeft(q.rows(head, first), left, 0);
    var kt = product.packRight(k.rows(head, 0).transposed(), keys, right, 0);
    var vHere = result.packRight(v.rows(head, 0), width, right, values);
    var strips = product.tiling().strips();
    int height = strips.height();
    int groups = Math.clamp(rows * keys / SCORES, 1, strips.count());
    int most = Math.ceilDiv(strips.count(), groups) * height;
    float[] scores = workspace.floats(Workspace.SCORES, passes.count() * most * Tile.ROW_STRIDE);
    float[] largest = workspace.floats(Workspace.ROW_SHIFTS, most);
    float[] sums = workspace.floats(Workspace.ROW_SUMS, most);
    for (int g = 0; g < groups; g++) {
      int s = GemmPlan.cut(strips.count(), g, groups);
      int end = GemmPlan.cut(strips.count(), g + 1, groups);
      int row = strips.at(s);
      int count = strips.at(end) - row;
      int table = count * Tile.ROW_STRIDE;
      int base = -row * Tile.ROW_STRIDE;
      for (int pass = 0; pass < passes.count(); pass++) {
        int from = passes.at(pass);
        int panel = HeadProduct.panel(from);
        int panelEnd = HeadProduct.panel(from + passes.length(pass));
        int at = base + pass * table - from;
        product.run(s, end, panel, panelEnd, qHere, kt, scores, at, Tile.ROW_STRIDE, false);
      }
      weights(scores, passes, count, largest, sums);
      int to = out.at(head) + first * out.rowStride();
      var weights = new HeadProduct.Operand(scores, base, table, 0);
      result.run(s, end, weights, vHere, out.data(), to, out.rowStride(), false);
      int at = head * queries + first + row;
      for (int r = 0; r < count; r++) {
        logarithms[at + r] = (float) (largest[r] * scale + Math.log(sums[r]));
        sums[r] = 1 / sums[r];
      }
      int step = out.rowStride();
      int here = to + row * step;
      float[] y = out.data();
      RowLoops.PRODUCTS.run(y, here, step, y, here, step, count, width, sums, sums, 0, 0);
    }
  }

  /** Replaces scores by powers of 2, of which the largest in each row is 1, and adds them up. */
  private void weights(
      float[] scores, HeadProduct.Passes passes, int rows, float[] largest, float[] sums) {
    Arrays.fill(largest, 0, rows, Float.NEGATIVE_INFINITY);
    Arrays.fill(sums, 0, rows, 0);
    int step = Tile.ROW_STRIDE;
    for (int p = 0; p < passes.count(); p++) {
      int at = p * rows * step;
      int n = passes.length(p);
      RowLoops.LARGEST.run(scores, at, step, scores, at, step, rows, n, largest, sums, 0, 0);
    }
    for (int p = 0; p < passes.count(); p++) {
      int at = p * rows * step;
      int n = passes.length(p);
      RowLoops.POWERS.run(scores, at, step, scores, at, step, rows, n, largest, sums, factor, 0);
    }
  }
}
