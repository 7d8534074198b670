package dev.cortado.nn;

import dev.cortado.tensor.Tensor;

/**
 * One layer of a vision transformer, with the names that torchvision gives its parts; {@link
 * TransformerEncoderLayer} has torch's. Norms come first, over [N, L, E]: {@code x = x +
 * dropout(attention(ln_1(x)))}, then {@code x + mlp(ln_2(x))}. Dosovitskiy et al. 2020.
 */
public final class EncoderBlock extends Layer {
  private final LayerNorm firstNorm;
  private final MultiheadAttention attention;
  private final Dropout dropout;
  private final LayerNorm secondNorm;
  private final Mlp mlp;
  private final Sizes sizes;

  /**
   * The sizes of a layer.
   *
   * @param width E, the size of a token
   * @param hidden the size inside the MLP
   * @param normEps added to the variance in layer norms
   */
  public record Sizes(
      int width, int heads, int hidden, double dropout, double attentionDropout, double normEps) {}

  /** Creates the layer. */
  public EncoderBlock(Sizes sizes) {
    this.sizes = sizes;
    this.firstNorm = child("ln_1", new LayerNorm(sizes.width(), sizes.normEps()));
    this.attention =
        child(
            "self_attention",
            new MultiheadAttention(sizes.width(), sizes.heads(), sizes.attentionDropout()));
    this.dropout = child("dropout", new Dropout(sizes.dropout()));
    this.secondNorm = child("ln_2", new LayerNorm(sizes.width(), sizes.normEps()));
    this.mlp = child("mlp", new Mlp(sizes.width(), sizes.hidden(), sizes.dropout()));
  }

  @Override
  public Tensor forward(Tensor x) {
    var normal = firstNorm.apply(x);
    var y =
        dropout.isActive() || dropout.isObserved()
            ? x.add(dropout.apply(attention.apply(normal)))
            : attention.addTo(x, normal);
    return mlp.addTo(y, secondNorm.apply(y));
  }

  @Override
  protected Layer twin() {
    return new EncoderBlock(sizes);
  }
}
