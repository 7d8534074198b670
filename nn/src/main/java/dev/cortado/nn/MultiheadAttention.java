package dev.cortado.nn;

import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.AttentionOp;
import dev.cortado.tensor.op.Epilogue;
import dev.cortado.tensor.op.MatMul;
import java.util.List;

/**
 * Attention with several heads over [N, L, E]: {@code [q|k|v] = x · in_proj_weightᵀ +
 * in_proj_bias}, per head {@code softmax(q · kᵀ / √(E / heads)) · v}, the heads side by side, then
 * {@code out_proj}. Vaswani et al. 2017.
 *
 * <p>{@link #apply} is self-attention. With masks, or from some tokens to others, it is {@link
 * #attend}:
 *
 * <pre>{@code
 * layer.attend(AttentionInput.of(decoder, encoder, encoder).withKeyPadding(isPadding))
 * }</pre>
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

  /** Returns attention between the tokens of {@code input}: [N, L, E]. */
  public Tensor attend(AttentionInput input) {
    return observe(input.query(), query -> outProj.apply(mixed(input.withQuery(query))));
  }

  /** Returns attention between the tokens of {@code input}, and where it looked. */
  public AttentionOutput attendWithWeights(AttentionInput input) {
    var weights = new Tensor[1];
    var output =
        observe(
            input.query(),
            query -> {
              var result = heads(input.withQuery(query));
              weights[0] = result.weights();
              return outProj.apply(result.output());
            });
    return new AttentionOutput(output, weights[0]);
  }

  private Tensor attend(Tensor x) {
    return mixed(AttentionInput.self(x));
  }

  /** The heads' results side by side, [N, L, E]; in one op, where nobody looks at the weights. */
  private Tensor mixed(AttentionInput input) {
    boolean drops = dropout > 0 && isTraining();
    if (drops || input.mask() != null || input.keyPadding() != null || input.causal()) {
      return heads(input).output();
    }
    var parts = projected(input);
    var op = new AttentionOp.Attention(1 / Math.sqrt((double) width / heads));
    return sideBySide(parts.get(0).apply(op, parts.get(1), parts.get(2)));
  }

  private Tensor sideBySide(Tensor heads) {
    return heads.permute(0, 2, 1, 3).reshape(heads.dim(0), heads.dim(2), width);
  }

  /** Everything up to the heads' results side by side, [N, L, E]. */
  private AttentionOutput heads(AttentionInput input) {
    var parts = projected(input);
    var scores = parts.get(0).apply(new MatMul(scaled), parts.get(1).t());
    var weights = input.masked(scores).softmax(-1);
    var dropped =
        dropout > 0 && isTraining() ? Dropout.drop(weights, weights.shape(), dropout) : weights;
    return new AttentionOutput(sideBySide(dropped.matmul(parts.get(2))), weights);
  }

  /** Queries, keys and values by head, each [N, heads, tokens, E / heads]. */
  @SuppressWarnings("ReferenceEquality") // one product serves for equal tensors
  private List<Tensor> projected(AttentionInput input) {
    if (input.query().dim(2) != width) {
      throw new CortadoException(
          "this attention expects tokens of " + width + " numbers, got " + input.query().spec());
    }
    if (input.isSelf()) {
      var qkv = project(input.query(), 0, 3);
      return List.of(qkv.select(0, 0), qkv.select(0, 1), qkv.select(0, 2));
    }
    var query = project(input.query(), 0, 1).select(0, 0);
    if (input.key() == input.value()) {
      var kv = project(input.key(), 1, 2);
      return List.of(query, kv.select(0, 0), kv.select(0, 1));
    }
    return List.of(
        query, project(input.key(), 1, 1).select(0, 0), project(input.value(), 2, 1).select(0, 0));
  }

  /** Returns [count, N, heads, tokens, E / heads] by parts {@code from} … of the weight. */
  private Tensor project(Tensor x, int from, int count) {
    boolean all = count == 3;
    var weight = inWeight.tensor();
    var bias = inBias.tensor();
    return x.reshape(-1, width)
        .linear(
            all ? weight : weight.narrow(0, from * width, count * width),
            all ? bias : bias.narrow(0, from * width, count * width))
        .reshape(x.dim(0), x.dim(1), count, heads, width / heads)
        .permute(2, 0, 3, 1, 4);
  }

  @Override
  protected Layer twin() {
    return new MultiheadAttention(width, heads, dropout);
  }

  @Override
  protected String settings() {
    return width + ", heads=" + heads + (dropout > 0 ? ", dropout=" + dropout : "");
  }
}
