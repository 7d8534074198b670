package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;

/** Batch normalisation of images [N, C, H, W]: one mean and variance per channel. */
public final class BatchNorm2d extends BatchNorm {
  /** Creates a batch norm with torch's defaults. */
  public BatchNorm2d(int channels) {
    this(channels, Settings.DEFAULT);
  }

  /** Creates a batch norm. */
  public BatchNorm2d(int channels, Settings settings) {
    super(channels, settings);
  }

  @Override
  public Tensor forward(Tensor x) {
    if (x.rank() != 4 || x.dim(1) != channels()) {
      throw new CortadoException(
          "BatchNorm2d expects images [N, " + channels() + ", H, W], got " + x.spec());
    }
    return normalizeImages(x);
  }

  @Override
  protected Layer twin() {
    return new BatchNorm2d(channels(), batchNormSettings());
  }
}
