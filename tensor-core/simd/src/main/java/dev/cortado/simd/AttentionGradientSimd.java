package dev.cortado.simd;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.AttentionOp;
import java.util.List;

/**
 * The backward pass of attention, head by head. Its tables have a row for each <em>key</em> and a
 * column for each query of a block: then weights and gradients of scores are, as they were written,
 * left operands of the products that make the gradients by v and k, and only the one by q needs a
 * copy.
 */
final class AttentionGradientSimd {
  private static final double LN2 = Math.log(2);

  /** Most keys of a block: its two tables take a part of the second-level cache. */
  private static final int MOST_KEYS = 512;

  /** Floats of a table that are dealt with at a time, about. */
  private static final int SCORES = 1 << 14;

  private final float scale;
  private final float factor;
  private final int queries;
  private final int depth;
  private final int keys;
  private final int width;
  private final AttentionHeads g;
  private final AttentionHeads q;
  private final AttentionHeads k;
  private final AttentionHeads v;
  private final float[] logarithms;
  private final float[] d;
  private final AttentionHeads gq;
  private final AttentionHeads gk;
  private final AttentionHeads gv;

  private AttentionGradientSimd(
      AttentionOp.AttentionGradient op, List<Tensor> inputs, List<Tensor> results) {
    scale = (float) op.scale();
    factor = (float) (op.scale() / LN2);
    queries = inputs.get(1).dim(-2);
    depth = inputs.get(1).dim(-1);
    keys = inputs.get(3).dim(-2);
    width = inputs.get(3).dim(-1);
    g = AttentionHeads.of(inputs.get(0));
    q = AttentionHeads.of(inputs.get(1));
    k = AttentionHeads.of(inputs.get(2));
    v = AttentionHeads.of(inputs.get(3));
    logarithms = inputs.get(4).toFloats();
    d = inputs.get(5).toFloats();
    gq = AttentionHeads.of(results.get(0));
    gk = AttentionHeads.of(results.get(1));
    gv = AttentionHeads.of(results.get(2));
  }

  static List<Tensor> run(AttentionOp.AttentionGradient op, List<Tensor> inputs) {
    var results =
        inputs.subList(1, 4).stream()
            .map(
                x ->
                    Tensor.empty(
                        x.shape(), DType.F32, AttentionHeads.tokensFirst(x.shape()), op.name()))
            .toList();
    var gradient = new AttentionGradientSimd(op, inputs, results);
    Parallel.run(AttentionHeads.count(inputs.getFirst()), gradient::head);
    return results;
  }

  private void head(int head) {
    int blocks = Math.ceilDiv(queries, HeadProduct.MOST_COLUMNS);
    for (int b = 0; b < blocks; b++) {
      int first = GemmPlan.cut(queries, b, blocks);
      int end = GemmPlan.cut(queries, b + 1, blocks);
      block(head, first, end - first);
    }
  }

  private void block(int head, int first, int count) {
    int blocks = Math.ceilDiv(keys, MOST_KEYS);
    int columns = Lanes.roundUp(count, Lanes.COUNT);
    var workspace = Workspace.current();
    float[] shifts = workspace.floats(Workspace.ROW_SHIFTS, columns);
    float[] distances = workspace.floats(Workspace.ROW_SUMS, columns);
    for (int i = 0; i < columns; i++) {
      int row = head * queries + first + i;
      shifts[i] = i < count ? (float) (-logarithms[row] / LN2) : 0;
      distances[i] = i < count ? d[row] : 0;
    }
    for (int b = 0; b < blocks; b++) {
      int key = GemmPlan.cut(keys, b, blocks);
      int end = GemmPlan.cut(keys, b + 1, blocks);
      new Block(head, first, count, key, end - key).run(shifts, distances);
    }
  }

  /** Some queries and some keys of a head. */
  private final class Block {
    private final int head;
    private final int query;
    private final int key;
    private final int count;
    private final HeadProduct toScores;
    private final HeadProduct toWeights;
    private final HeadProduct byQ;
    private final HeadProduct byK;
    private final HeadProduct byV;
    private final float[] p;
    private final float[] t;
    private final float[] left;
    private final float[] right;

    Block(int head, int query, int queries, int key, int keys) {
      this.head = head;
      this.query = query;
      this.key = key;
      this.count = queries;
      var columns = new HeadProduct.Passes(queries);
      var way = Tile.Way.SPACED;
      toScores = HeadProduct.of(keys, queries, new HeadProduct.Passes(depth), true, false, way);
      toWeights = HeadProduct.of(keys, queries, new HeadProduct.Passes(width), true, false, way);
      byK = HeadProduct.of(keys, depth, columns, false, query > 0, way);
      byV = HeadProduct.of(keys, width, columns, false, query > 0, way);
      var rows = new HeadProduct.Passes(keys);
      byQ = HeadProduct.of(queries, depth, rows, false, key > 0, Tile.Way.PACKED);
      var workspace = Workspace.current();
      int rights = toScores.rightSize() + toWeights.rightSize();
      rights += byQ.rightSize() + byK.rightSize() + byV.rightSize();
      int lefts = toScores.leftSize() + toWeights.leftSize();
      p = workspace.floats(Workspace.SCORES, keys * Tile.ROW_STRIDE);
      t = workspace.floats(Workspace.SCORE_GRADIENTS, keys * Tile.ROW_STRIDE);
      left = workspace.floats(Workspace.STRIPS, Math.max(lefts, byQ.stripsSize()));
      right = workspace.floats(Workspace.COLUMNS, rights);
    }

    void run(float[] shifts, float[] distances) {
      var qHere = q.rows(head, query);
      var gHere = g.rows(head, query);
      var kHere = k.rows(head, key);
      int at = 0;
      var qt = toScores.packRight(qHere.transposed(), count, right, at);
      at += toScores.rightSize();
      var gt = toWeights.packRight(gHere.transposed(), count, right, at);
      at += toWeights.rightSize();
      var qRows = byK.packRight(qHere, depth, right, at);
      at += byK.rightSize();
      var gRows = byV.packRight(gHere, width, right, at);
      at += byV.rightSize();
      var kRows = byQ.packRight(kHere, depth, right, at);
      var kLeft = toScores.packLeft(kHere, left, 0);
      var vLeft = toWeights.packLeft(v.rows(head, key), left, toScores.leftSize());
      var strips = toScores.tiling().strips();
      int rows = strips.rows();
      int groups = Math.clamp(rows * count / SCORES, 1, strips.count());
      var weights = new HeadProduct.Operand(p, 0, 0, 0);
      var gradients = new HeadProduct.Operand(t, 0, 0, 0);
      for (int i = 0; i < groups; i++) {
        int s = GemmPlan.cut(strips.count(), i, groups);
        int end = GemmPlan.cut(strips.count(), i + 1, groups);
        toScores.run(s, end, kLeft, qt, p, 0, Tile.ROW_STRIDE, false);
        toWeights.run(s, end, vLeft, gt, t, 0, Tile.ROW_STRIDE, false);
        int from = strips.at(s) * Tile.ROW_STRIDE;
        int some = strips.at(end) - strips.at(s);
        int step = Tile.ROW_STRIDE;
        RowLoops.WEIGHTS.run(
            p, from, step, t, from, step, some, count, shifts, distances, factor, scale);
        into(byV, gv, key, s, end, weights, gRows, query > 0);
        into(byK, gk, key, s, end, gradients, qRows, query > 0);
      }
      // Its columns are the queries: as rows of a left operand they are neighbours.
      var columns = new MatrixView(t, 0, 1, Tile.ROW_STRIDE);
      var queries = byQ.packStrips(columns, left, 0);
      into(byQ, gq, query, 0, byQ.tiling().strips().count(), queries, kRows, key > 0);
    }

    private void into(
        HeadProduct product,
        AttentionHeads result,
        int first,
        int s,
        int end,
        HeadProduct.Operand a,
        HeadProduct.Operand b,
        boolean add) {
      int at = result.at(head) + first * result.rowStride();
      product.run(s, end, a, b, result.data(), at, result.rowStride(), add);
    }
  }
}
