package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Activation;

/**
 * One layer of a transformer's encoder over [N, L, E], with the names that torch gives its parts.
 * Norms come last, as in the paper: {@code x = norm1(x + dropout1(self_attn(x)))}, then {@code
 * norm2(x + dropout2(linear2(dropout(a(linear1(x))))))}; or first: {@code x = x +
 * dropout1(self_attn(norm1(x)))}, then {@code x + dropout2(…(norm2(x)))}, which trains more easily
 * when there are many. Vaswani et al. 2017; Xiong et al. 2020.
 */
public final class TransformerEncoderLayer extends Layer {
  private final Settings settings;
  private final MultiheadAttention attention;
  private final Linear linear1;
  private final Dropout dropout;
  private final Linear linear2;
  private final LayerNorm norm1;
  private final LayerNorm norm2;
  private final Dropout dropout1;
  private final Dropout dropout2;
  private final ActivationLayer activation;

  /**
   * The numbers of a layer.
   *
   * @param width E, the size of a token
   * @param heads of the attention; they divide the width
   * @param hidden the size between the two linear layers
   * @param dropout probability to drop an element in training
   * @param activation between the two linear layers
   * @param normEps added to the variance in layer norms
   * @param normFirst whether norms come first
   */
  public record Settings(
      int width,
      int heads,
      int hidden,
      double dropout,
      Activation activation,
      double normEps,
      boolean normFirst) {
    /** Returns torch's defaults: 2,048 hidden, dropout 0.1, a rectifier, norms last. */
    public static Settings of(int width, int heads) {
      return new Settings(width, heads, 2048, 0.1, new Activation.Relu(), 1e-5, false);
    }

    /** Returns this with another size between the linear layers. */
    public Settings withHidden(int size) {
      return new Settings(width, heads, size, dropout, activation, normEps, normFirst);
    }

    /** Returns this with another probability to drop an element. */
    public Settings withDropout(double p) {
      return new Settings(width, heads, hidden, p, activation, normEps, normFirst);
    }

    /** Returns this with another activation. */
    public Settings withActivation(Activation other) {
      return new Settings(width, heads, hidden, dropout, other, normEps, normFirst);
    }

    /** Returns this with norms that come first. */
    public Settings withNormFirst() {
      return new Settings(width, heads, hidden, dropout, activation, normEps, true);
    }
  }

  /** Creates the layer. */
  public TransformerEncoderLayer(Settings settings) {
    int width = settings.width();
    this.settings = settings;
    this.attention =
        child("self_attn", new MultiheadAttention(width, settings.heads(), settings.dropout()));
    this.linear1 = child("linear1", new Linear(width, settings.hidden()));
    this.dropout = child("dropout", new Dropout(settings.dropout()));
    this.linear2 = child("linear2", new Linear(settings.hidden(), width));
    this.norm1 = child("norm1", new LayerNorm(width, settings.normEps()));
    this.norm2 = child("norm2", new LayerNorm(width, settings.normEps()));
    this.dropout1 = child("dropout1", new Dropout(settings.dropout()));
    this.dropout2 = child("dropout2", new Dropout(settings.dropout()));
    this.activation = child("activation", new ActivationLayer(settings.activation()));
  }

  @Override
  public Tensor forward(Tensor x) {
    return encode(AttentionInput.self(x));
  }

  /**
   * Returns the output for tokens with masks.
   *
   * @param input of self-attention, {@link AttentionInput#self}
   * @throws CortadoException if keys or values are other tensors than the queries
   */
  public Tensor attend(AttentionInput input) {
    if (!input.isSelf()) {
      throw new CortadoException(
          "an encoder layer attends to its own tokens: make its input with AttentionInput.self(x)");
    }
    return observe(input.query(), x -> encode(input.withQuery(x)));
  }

  private Tensor encode(AttentionInput input) {
    var x = input.query();
    if (settings.normFirst()) {
      var y = x.add(dropout1.apply(attention.attend(input.withQuery(norm1.apply(x)))));
      return y.add(feedForward(norm2.apply(y)));
    }
    var y = norm1.apply(x.add(dropout1.apply(attention.attend(input))));
    return norm2.apply(y.add(feedForward(y)));
  }

  private Tensor feedForward(Tensor x) {
    var hidden = dropout.apply(activation.apply(linear1.apply(x)));
    return dropout2.apply(linear2.apply(hidden));
  }

  @Override
  protected Layer twin() {
    return new TransformerEncoderLayer(settings);
  }

  @Override
  protected String settings() {
    return settings.normFirst() ? "norm first" : "norm last";
  }
}
