package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Interpolation;

/** Resamples images [N, C, H, W] to a size, or by a factor. */
public final class Upsample extends Layer {
  private final Interpolation how;
  private final int height;
  private final int width;
  private final double factor;

  private Upsample(Interpolation how, int height, int width, double factor) {
    this.how = how;
    this.height = height;
    this.width = width;
    this.factor = factor;
  }

  /**
   * Returns a layer that makes images {@code height}·{@code width} pixels large.
   *
   * @throws CortadoException if one of them is less than 1
   */
  public static Upsample to(int height, int width, Interpolation how) {
    if (height < 1 || width < 1) {
      throw new CortadoException("cannot resample to " + height + " x " + width + " pixels");
    }
    return new Upsample(how, height, width, 0);
  }

  /**
   * Returns a layer that makes images {@code factor} times as high and wide, rounded down.
   *
   * @throws CortadoException if the factor is not positive
   */
  public static Upsample by(double factor, Interpolation how) {
    if (!(factor > 0) || Double.isInfinite(factor)) {
      throw new CortadoException("cannot resample by a factor of " + factor);
    }
    return new Upsample(how, 0, 0, factor);
  }

  @Override
  public Tensor forward(Tensor x) {
    return factor > 0 ? x.interpolateBy(how, factor, factor) : x.interpolate(how, height, width);
  }

  @Override
  protected Layer twin() {
    return new Upsample(how, height, width, factor);
  }

  @Override
  protected String settings() {
    return (factor > 0 ? "factor=" + factor : height + ", " + width) + ", " + how;
  }
}
