package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;

/**
 * Batch normalisation of features [N, C] or sequences of them [N, C, L]: one mean and variance per
 * channel.
 */
public final class BatchNorm1d extends BatchNorm {
  /** Creates a batch norm with torch's defaults. */
  public BatchNorm1d(int channels) {
    this(channels, Settings.DEFAULT);
  }

  /** Creates a batch norm. */
  public BatchNorm1d(int channels, Settings settings) {
    super(channels, settings);
  }

  @Override
  public Tensor forward(Tensor x) {
    if ((x.rank() != 2 && x.rank() != 3) || x.dim(1) != channels()) {
      throw new CortadoException(
          "BatchNorm1d expects [N, %d] or [N, %d, L], got %s"
              .formatted(channels(), channels(), x.spec()));
    }
    var images = x.reshape(x.dim(0), x.dim(1), x.rank() == 3 ? x.dim(2) : 1, 1);
    return normalizeImages(images).reshape(x.shape().toArray());
  }

  @Override
  protected Layer twin() {
    return new BatchNorm1d(channels(), batchNormSettings());
  }
}
