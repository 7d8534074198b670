package dev.cortado.simd;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.Walk;
import dev.cortado.tensor.op.AttentionOp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Attention head by head: scores and weights of a block of queries live in the second-level cache
 * and are never written to a tensor.
 */
final class AttentionSimd {
  /** Scores of a block of queries: 1 MiB. */
  private static final int LARGEST_BLOCK = 1 << 18;

  private AttentionSimd() {}

  /** Returns the results, or null if the types need the reference. */
  static @Nullable List<Tensor> run(AttentionOp op, List<Tensor> inputs) {
    for (var input : inputs) {
      if (input.dtype() != DType.F32 || input.elements() == 0) {
        return null;
      }
    }
    return switch (op) {
      case AttentionOp.Attention a -> forward(a, inputs);
      case AttentionOp.AttentionGradient a -> gradient(a, inputs);
    };
  }

  /** A tensor as one matrix for each head. */
  private record Heads(float[] data, Walk walk, int rowStride, int columnStride) {
    static Heads of(Tensor x) {
      int rank = x.rank();
      int[] strides = x.layout().strides();
      int[] outer = java.util.Arrays.copyOf(strides, rank - 2);
      int[] sizes = java.util.Arrays.copyOf(x.shape().toArray(), rank - 2);
      // Heads are numbered in the row-major order of their axes, whatever the layout.
      var walk =
          Walk.of(
              Shape.of(sizes),
              Layout.contiguous(Shape.of(sizes)),
              Layout.of(x.layout().offset(), outer));
      return new Heads(x.host().floats(), walk, strides[rank - 2], strides[rank - 1]);
    }

    int at(int head) {
      int[] at = new int[2];
      walk.offsets(head / walk.length(), at);
      return at[1] + head % walk.length() * walk.innerStride(1);
    }

    MatrixView rows(int head, int first) {
      return new MatrixView(data, at(head) + first * rowStride, rowStride, columnStride);
    }
  }

  private static int heads(Tensor x) {
    return x.elements() / x.dim(-1) / x.dim(-2);
  }

  private static List<Tensor> forward(AttentionOp.Attention op, List<Tensor> inputs) {
    int queries = inputs.get(0).dim(-2);
    int depth = inputs.get(0).dim(-1);
    int keys = inputs.get(2).dim(-2);
    int width = inputs.get(2).dim(-1);
    var specs = op.infer(inputs.stream().map(Tensor::spec).toList());
    var shape = specs.getFirst().shape();
    var y = Tensor.empty(shape, DType.F32, tokensFirst(shape), op.name());
    var logarithms = Tensor.empty(specs.get(1).shape(), DType.F32, op.name());
    var q = Heads.of(inputs.get(0));
    var k = Heads.of(inputs.get(1));
    var v = Heads.of(inputs.get(2));
    var out = Heads.of(y);
    float[] sums = logarithms.host().floats();
    int block = blockOf(keys);
    int blocks = (queries + block - 1) / block;
    Parallel.run(
        heads(y) * blocks,
        chunk -> {
          int head = chunk / blocks;
          int first = chunk % blocks * block;
          int rows = Math.min(block, queries - first);
          float[] scores = Workspace.current().floats(Workspace.SCORES, rows * keys);
          var kt = k.rows(head, 0).transposed();
          Gemm.multiply(rows, keys, depth, q.rows(head, first), kt, scores, 0, keys, false, null);
          float[] scales = Workspace.current().floats(Workspace.ROW_SUMS, rows);
          for (int row = 0; row < rows; row++) {
            int at = row * keys;
            float max = RowKernels.max(scores, at, keys);
            float sum = RowKernels.scaledExponentials(scores, at, keys, max, (float) op.scale());
            scales[row] = 1 / sum;
            sums[head * queries + first + row] = (float) (max * op.scale() + Math.log(sum));
          }
          int to = out.at(head) + first * out.rowStride();
          var weights = MatrixView.rowMajor(scores, 0, keys);
          Gemm.multiply(
              rows,
              width,
              keys,
              weights,
              v.rows(head, 0),
              out.data(),
              to,
              out.rowStride(),
              false,
              null);
          for (int row = 0; row < rows; row++) {
            RowKernels.scale(out.data(), to + row * out.rowStride(), width, scales[row]);
          }
        });
    return List.of(y, logarithms);
  }

  /** Heads side by side for each token, as the layer after attention wants them. */
  private static Layout tokensFirst(Shape shape) {
    int rank = shape.rank();
    if (rank < 3) {
      return Layout.contiguous(shape);
    }
    int[] order = new int[rank];
    java.util.Arrays.setAll(order, i -> i);
    order[rank - 3] = rank - 2;
    order[rank - 2] = rank - 3;
    var swapped = Layout.contiguous(shape.permute(order)).strides();
    int last = swapped[rank - 3];
    swapped[rank - 3] = swapped[rank - 2];
    swapped[rank - 2] = last;
    return Layout.of(0, swapped);
  }

  private static int blockOf(int keys) {
    return Math.clamp(LARGEST_BLOCK / keys, 1, 1 << 14);
  }

  private static List<Tensor> gradient(AttentionOp.AttentionGradient op, List<Tensor> inputs) {
    var results =
        inputs.subList(1, 4).stream()
            .map(x -> Tensor.empty(x.shape(), DType.F32, tokensFirst(x.shape()), op.name()))
            .toList();
    var gradient = new Gradient(op, inputs, results);
    Parallel.run(heads(inputs.getFirst()), gradient::head);
    return results;
  }

  /** The backward pass of a head: its queries in blocks, whose shares of gk and gv add up. */
  private static final class Gradient {
    private final float scale;
    private final int queries;
    private final int depth;
    private final int keys;
    private final int width;
    private final Heads g;
    private final Heads q;
    private final Heads k;
    private final Heads v;
    private final float[] logarithms;
    private final float[] d;
    private final Heads gq;
    private final Heads gk;
    private final Heads gv;

    Gradient(AttentionOp.AttentionGradient op, List<Tensor> inputs, List<Tensor> results) {
      scale = (float) op.scale();
      queries = inputs.get(1).dim(-2);
      depth = inputs.get(1).dim(-1);
      keys = inputs.get(3).dim(-2);
      width = inputs.get(3).dim(-1);
      g = Heads.of(inputs.get(0));
      q = Heads.of(inputs.get(1));
      k = Heads.of(inputs.get(2));
      v = Heads.of(inputs.get(3));
      logarithms = inputs.get(4).toFloats();
      d = inputs.get(5).toFloats();
      gq = Heads.of(results.get(0));
      gk = Heads.of(results.get(1));
      gv = Heads.of(results.get(2));
    }

    void head(int head) {
      int block = blockOf(keys);
      for (int first = 0; first < queries; first += block) {
        block(head, first, Math.min(block, queries - first));
      }
    }

    private void block(int head, int first, int rows) {
      float[] p = Workspace.current().floats(Workspace.SCORES, rows * keys);
      float[] t = Workspace.current().floats(Workspace.SCORE_GRADIENTS, rows * keys);
      var queriesHere = q.rows(head, first);
      var gHere = g.rows(head, first);
      var kHere = k.rows(head, 0);
      Gemm.multiply(rows, keys, depth, queriesHere, kHere.transposed(), p, 0, keys, false, null);
      var vt = v.rows(head, 0).transposed();
      Gemm.multiply(rows, keys, width, gHere, vt, t, 0, keys, false, null);
      for (int row = 0; row < rows; row++) {
        int i = head * queries + first + row;
        RowKernels.weightGradients(p, t, row * keys, keys, scale, logarithms[i], d[i]);
      }
      boolean add = first > 0;
      var weights = MatrixView.rowMajor(p, 0, keys);
      var scores = MatrixView.rowMajor(t, 0, keys);
      into(gq, gq.at(head) + first * gq.rowStride(), rows, depth, keys, scores, kHere, false);
      into(gk, gk.at(head), keys, depth, rows, scores.transposed(), queriesHere, add);
      into(gv, gv.at(head), keys, width, rows, weights.transposed(), gHere, add);
    }

    private static void into(
        Heads result, int at, int m, int n, int k, MatrixView a, MatrixView b, boolean add) {
      Gemm.multiply(m, n, k, a, b, result.data(), at, result.rowStride(), add, null);
    }
  }
}
