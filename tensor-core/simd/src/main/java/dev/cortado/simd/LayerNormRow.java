package dev.cortado.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The gradient of layer normalisation, row by row. What fills whole vectors and the rest have a
 * method each, as in {@link RowKernels}.
 */
final class LayerNormRow {
  private static final VectorSpecies<Float> S = Lanes.F32;

  /** Elements that are added up in single precision; the errors of longer sums would show. */
  private static final int PIECE = 1024;

  private final float[] g;
  private final float[] x;
  private final float[] weight;
  private final float[] out;
  private final float[] columns;
  private final int byWeight;
  private final int byBias;
  private final int n;

  /** The row's Σ g·w and Σ g·w·d. */
  private double sum;

  private double product;

  /** Rows of n elements; the sums of columns begin at {@code first}: n by weight, n by bias. */
  LayerNormRow(
      float[] g, float[] x, float[] weight, float[] out, float[] columns, int first, int n) {
    this.g = g;
    this.x = x;
    this.weight = weight;
    this.out = out;
    this.columns = columns;
    this.byWeight = first;
    this.byBias = first + n;
    this.n = n;
  }

  /** Does the row at the given places, with mean m and r = 1/√(variance + eps). */
  void run(int gAt, int xAt, int to, float m, float r) {
    int whole = S.loopBound(n);
    sum = 0;
    product = 0;
    for (int from = 0; from < whole; from += PIECE) {
      sumWhole(gAt, xAt, from, Math.min(whole, from + PIECE), m, r);
    }
    if (whole < n) {
      sumRest(gAt, xAt, whole, m, r);
    }
    // In double: a cube leaves the range of floats early.
    float k1 = (float) (r * sum / n);
    float k2 = (float) ((double) r * r * r * product / n);
    storeWhole(gAt, xAt, to, whole, m, r, k1, k2);
    if (whole < n) {
      storeRest(gAt, xAt, to, whole, m, r, k1, k2);
    }
  }

  private void sumWhole(int gAt, int xAt, int from, int to, float m, float r) {
    float[] g = this.g;
    float[] x = this.x;
    float[] weight = this.weight;
    float[] columns = this.columns;
    int byWeight = this.byWeight;
    int byBias = this.byBias;
    var sums = FloatVector.zero(S);
    var products = FloatVector.zero(S);
    for (int i = from; i < to; i += S.length()) {
      var gradient = FloatVector.fromArray(S, g, gAt + i);
      var d = FloatVector.fromArray(S, x, xAt + i).sub(m);
      var t = gradient.mul(FloatVector.fromArray(S, weight, i));
      sums = sums.add(t);
      products = t.fma(d, products);
      d.mul(r)
          .fma(gradient, FloatVector.fromArray(S, columns, byWeight + i))
          .intoArray(columns, byWeight + i);
      gradient.add(FloatVector.fromArray(S, columns, byBias + i)).intoArray(columns, byBias + i);
    }
    sum += VectorMath.sum(sums);
    product += VectorMath.sum(products);
  }

  private void sumRest(int gAt, int xAt, int i, float m, float r) {
    var mask = S.indexInRange(i, n);
    var zero = FloatVector.zero(S);
    var gradient = FloatVector.fromArray(S, g, gAt + i, mask);
    var d = FloatVector.fromArray(S, x, xAt + i, mask).sub(m);
    var t = gradient.mul(FloatVector.fromArray(S, weight, i, mask));
    sum += VectorMath.sum(t);
    product += VectorMath.sum(zero.blend(t.mul(d), mask));
    d.mul(r)
        .fma(gradient, FloatVector.fromArray(S, columns, byWeight + i, mask))
        .intoArray(columns, byWeight + i, mask);
    gradient
        .add(FloatVector.fromArray(S, columns, byBias + i, mask))
        .intoArray(columns, byBias + i, mask);
  }

  private void storeWhole(
      int gAt, int xAt, int to, int whole, float m, float r, float k1, float k2) {
    float[] g = this.g;
    float[] x = this.x;
    float[] weight = this.weight;
    float[] out = this.out;
    var factor = FloatVector.broadcast(S, -k2);
    for (int i = 0; i < whole; i += S.length()) {
      var t = FloatVector.fromArray(S, g, gAt + i).mul(FloatVector.fromArray(S, weight, i)).mul(r);
      var d = FloatVector.fromArray(S, x, xAt + i).sub(m);
      d.fma(factor, t.sub(k1)).intoArray(out, to + i);
    }
  }

  private void storeRest(int gAt, int xAt, int to, int i, float m, float r, float k1, float k2) {
    var mask = S.indexInRange(i, n);
    var t =
        FloatVector.fromArray(S, g, gAt + i, mask)
            .mul(FloatVector.fromArray(S, weight, i, mask))
            .mul(r);
    var d = FloatVector.fromArray(S, x, xAt + i, mask).sub(m);
    d.fma(FloatVector.broadcast(S, -k2), t.sub(k1)).intoArray(out, to + i, mask);
  }
}
