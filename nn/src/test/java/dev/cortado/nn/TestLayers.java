package dev.cortado.nn;

import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Activation;

/** Small layers and inputs for the tests. */
final class TestLayers {
  static final RandomKey KEY = RandomKey.of(7);

  private TestLayers() {}

  static ConvNormActivation convNorm(int in, int out, int stride, Padding padding) {
    return new ConvNormActivation(
        in, out, 3, stride, padding, 1, BatchNorm2d.Settings.DEFAULT, new Activation.Silu());
  }

  /** A trunk of two blocks, dropout, and a linear head. */
  static Sequential classifier() {
    var trunk =
        new Sequential(convNorm(3, 4, 2, Padding.half(3)), convNorm(4, 6, 1, Padding.same()));
    return Layer.initialized(
        new Sequential(
            trunk, new AdaptiveAvgPool2d(1), new Flatten(), new Dropout(0.5), new Linear(6, 3)),
        KEY);
  }

  static Tensor images(String name, int n, int c, int size) {
    return Tensor.normal(KEY.split(name), n, c, size, size);
  }
}
