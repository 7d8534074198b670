package dev.cortado.nn;

import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Epilogue;
import dev.cortado.tensor.op.MatMul;

/**
 * Self-attention with several heads over [N, L, E]: {@code [q|k|v] = x · in_proj_weightᵀ +
 * in_proj_bias}, per head {@code softmax(q · kᵀ / √(E / heads)) · v}, the heads side by side, then
 * {@code out_proj}. Vaswani et al. 2017.
 */
public final class MultiheadAttention extends Layer {
  private final int width;
  private final int heads;
  private final Parameter inWeight;
  private final Parameter inBias;
  private final Linear outProj;
  private final double dropout;
  private final Epilogue scaled;

  /** Creates the layer without dropout. */
  public MultiheadAttention(int width, int heads) {
    this(width, heads, 0);
  }

  /**
   * Creates the layer.
   *
   * @param width E, a multiple of {@code heads}
   * @param dropout probability to drop a weight of the attention in training
   */
  public MultiheadAttention(int width, int heads, double dropout) {
    if (heads < 1 || width % heads != 0) {
      throw new CortadoException(
          "attention of width " + width + " cannot be divided into " + heads + " heads");
    }
    this.width = width;
    this.heads = heads;
    this.dropout = Dropout.probability(dropout);
    this.inWeight = parameter("in_proj_weight", Initializer.xavierUniform(), 3 * width, width);
    this.inBias = parameter("in_proj_bias", Initializer.ZEROS, 3 * width);
    this.outProj = child("out_proj", new Linear(width, width));
    var outBias = outProj.bias();
    if (outBias != null) {
      outBias.initializer(Initializer.ZEROS);
    }
    this.scaled = new Epilogue(input(0).times(1 / Math.sqrt((double) width / heads)), 0);
  }

  @Override
  public Tensor forward(Tensor x) {
    return outProj.apply(attend(x));
  }

  /** Returns {@code residual + apply(x)}, the sum as part of the last product. */
  public Tensor addTo(Tensor residual, Tensor x) {
    return isObserved() || outProj.isObserved()
        ? residual.add(apply(x))
        : outProj.forward(attend(x), residual);
  }

  private Tensor attend(Tensor x) {
    int n = x.dim(0);
    int length = x.dim(1);
    int size = width / heads;
    var qkv =
        x.reshape(-1, width)
            .linear(inWeight.tensor(), inBias.tensor())
            .reshape(n, length, 3, heads, size)
            .permute(2, 0, 3, 1, 4);
    var scores = qkv.select(0, 0).apply(new MatMul(scaled), qkv.select(0, 1).t());
    var weights = scores.softmax(-1);
    if (dropout > 0 && isTraining()) {
      weights = Dropout.drop(weights, weights.shape(), dropout);
    }
    return weights.matmul(qkv.select(0, 2)).permute(0, 2, 1, 3).reshape(n, length, width);
  }

  @Override
  protected String settings() {
    return width + ", heads=" + heads + (dropout > 0 ? ", dropout=" + dropout : "");
  }
}
