package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;

/**
 * The mean of each of height·width windows that cover an image evenly, whatever its size: [N, C, H,
 * W] to [N, C, height, width]. One window is the mean over the whole image.
 */
public final class AdaptiveAvgPool2d extends Layer {
  private final int height;
  private final int width;

  /** Creates a pool to as many rows as columns. */
  public AdaptiveAvgPool2d(int size) {
    this(size, size);
  }

  /**
   * Creates a pool to {@code height} rows and {@code width} columns.
   *
   * @throws CortadoException if one of them is less than 1
   */
  public AdaptiveAvgPool2d(int height, int width) {
    if (height < 1 || width < 1) {
      throw new CortadoException("cannot pool to " + height + " x " + width + " windows");
    }
    this.height = height;
    this.width = width;
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.adaptiveAvgPool2d(height, width);
  }

  @Override
  protected Layer twin() {
    return new AdaptiveAvgPool2d(height, width);
  }

  @Override
  protected String settings() {
    return height + ", " + width;
  }
}
