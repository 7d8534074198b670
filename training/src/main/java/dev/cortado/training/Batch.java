package dev.cortado.training;

import dev.cortado.tensor.Tensor;

/**
 * Images and what they show.
 *
 * @param inputs what the network takes: images [N, 3, H, W] or features [N, D]
 * @param labels the classes' numbers, I64 [N]
 */
public record Batch(Tensor inputs, Tensor labels) {
  /** Returns the number of images. */
  public int size() {
    return labels.elements();
  }
}
