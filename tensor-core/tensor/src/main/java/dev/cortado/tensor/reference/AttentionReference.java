package dev.cortado.tensor.reference;

import dev.cortado.tensor.op.AttentionOp;
import dev.cortado.tensor.op.TensorSpec;

/** Attention, one head after the other, in the order of its formula. */
final class AttentionReference {
  private final double scale;
  private final int queries;
  private final int keys;
  private final int depth;
  private final int width;

  private AttentionReference(double scale, TensorSpec q, TensorSpec v) {
    this.scale = scale;
    queries = q.shape().dim(-2);
    depth = q.shape().dim(-1);
    keys = v.shape().dim(-2);
    width = v.shape().dim(-1);
  }

  static double[][] run(AttentionOp op, double[][] in, TensorSpec[] specs) {
    return switch (op) {
      case AttentionOp.Attention a ->
          new AttentionReference(a.scale(), specs[0], specs[2]).forward(in, heads(specs[0]));
      case AttentionOp.AttentionGradient a ->
          new AttentionReference(a.scale(), specs[1], specs[3]).gradient(in, heads(specs[1]));
    };
  }

  private static int heads(TensorSpec q) {
    int heads = 1;
    for (int axis = 0; axis < q.shape().rank() - 2; axis++) {
      heads *= q.shape().dim(axis);
    }
    return heads;
  }

  private double[][] forward(double[][] in, int heads) {
    double[] y = new double[heads * queries * width];
    double[] logarithms = new double[heads * queries];
    double[] scores = new double[keys];
    for (int row = 0; row < heads * queries; row++) {
      int head = row / Math.max(1, queries);
      double largest = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < keys; j++) {
        scores[j] = score(in[0], row, in[1], head * keys + j);
        largest = Math.max(largest, scores[j]);
      }
      double sum = 0;
      for (double score : scores) {
        sum += Math.exp(score - largest);
      }
      logarithms[row] = largest + Math.log(sum);
      for (int j = 0; j < keys; j++) {
        double weight = Math.exp(scores[j] - largest) / sum;
        for (int e = 0; e < width; e++) {
          y[row * width + e] += weight * in[2][(head * keys + j) * width + e];
        }
      }
    }
    return new double[][] {y, logarithms};
  }

  private double score(double[] q, int row, double[] k, int key) {
    double score = 0;
    for (int d = 0; d < depth; d++) {
      score += q[row * depth + d] * k[key * depth + d];
    }
    return score * scale;
  }

  /** Inputs g, q, k, v, logarithms, d. */
  private double[][] gradient(double[][] in, int heads) {
    double[][] out = {new double[in[1].length], new double[in[2].length], new double[in[3].length]};
    for (int row = 0; row < heads * queries; row++) {
      int head = row / queries;
      for (int j = 0; j < keys; j++) {
        int key = head * keys + j;
        double p = Math.exp(score(in[1], row, in[2], key) - in[4][row]);
        double product = 0;
        for (int e = 0; e < width; e++) {
          product += in[0][row * width + e] * in[3][key * width + e];
          out[2][key * width + e] += p * in[0][row * width + e];
        }
        double t = scale * p * (product - in[5][row]);
        for (int d = 0; d < depth; d++) {
          out[0][row * depth + d] += t * in[2][key * depth + d];
          out[1][key * depth + d] += t * in[1][row * depth + d];
        }
      }
    }
    return out;
  }
}
