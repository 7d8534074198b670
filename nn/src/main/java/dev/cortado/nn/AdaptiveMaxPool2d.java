package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;

/**
 * The largest element of each of height·width windows that cover an image evenly, whatever its
 * size: [N, C, H, W] to [N, C, height, width].
 */
public final class AdaptiveMaxPool2d extends Layer {
  private final int height;
  private final int width;

  /** Creates a pool to as many rows as columns. */
  public AdaptiveMaxPool2d(int size) {
    this(size, size);
  }

  /**
   * Creates a pool to {@code height} rows and {@code width} columns.
   *
   * @throws CortadoException if one of them is less than 1
   */
  public AdaptiveMaxPool2d(int height, int width) {
    if (height < 1 || width < 1) {
      throw new CortadoException("cannot pool to " + height + " x " + width + " windows");
    }
    this.height = height;
    this.width = width;
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.adaptiveMaxPool2d(height, width).values();
  }

  @Override
  protected Layer twin() {
    return new AdaptiveMaxPool2d(height, width);
  }

  @Override
  protected String settings() {
    return height + ", " + width;
  }
}
