package dev.cortado.vision.model;

import dev.cortado.nn.EncoderBlock;
import dev.cortado.tensor.CortadoException;

/**
 * The numbers of a vision transformer. Dosovitskiy et al. 2020.
 *
 * @param inputSize height and width of images, a multiple of {@code patch}
 * @param patch height and width of a patch, which becomes a token
 * @param width the size of a token
 * @param hidden the size inside the MLPs
 * @param representation the size of a layer before the classifier, 0 for none
 * @param dropout probability to drop an element in training
 * @param attentionDropout probability to drop a weight of the attention in training
 */
public record VisionTransformerArchitecture(
    String name,
    int inputSize,
    int patch,
    int layers,
    int heads,
    int width,
    int hidden,
    int representation,
    double dropout,
    double attentionDropout)
    implements Architecture {
  /** Added to the variance in layer norms. */
  public static final double NORM_EPS = 1e-6;

  /** Checks that patches fill the image. */
  public VisionTransformerArchitecture {
    if (inputSize < patch || inputSize % patch != 0) {
      throw new CortadoException(
          name
              + " cuts images into patches of "
              + patch
              + " pixels: the image size must be a multiple of it, got "
              + inputSize);
    }
  }

  /** Returns this for images of another size. */
  public VisionTransformerArchitecture withInputSize(int inputSize) {
    return new VisionTransformerArchitecture(
        name,
        inputSize,
        patch,
        layers,
        heads,
        width,
        hidden,
        representation,
        dropout,
        attentionDropout);
  }

  /** Returns the number of tokens: one per patch, and the class token. */
  public int tokens() {
    int side = inputSize / patch;
    return side * side + 1;
  }

  /** Returns the numbers of one layer. */
  EncoderBlock.Sizes layerSizes() {
    return new EncoderBlock.Sizes(width, heads, hidden, dropout, attentionDropout, NORM_EPS);
  }

  @Override
  public VisionTransformer build(int classes) {
    return new VisionTransformer(this, classes);
  }
}
