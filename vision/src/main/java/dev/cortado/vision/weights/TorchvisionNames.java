package dev.cortado.vision.weights;

/**
 * torchvision's names, and those its vision transformer had before 2022, which are still in every
 * published file: {@code mlp.linear_1} and {@code mlp.linear_2} for {@code mlp.0} and {@code
 * mlp.3}.
 */
final class TorchvisionNames {
  private TorchvisionNames() {}

  static String rename(String name) {
    return name.replace(".mlp.linear_1.", ".mlp.0.").replace(".mlp.linear_2.", ".mlp.3.");
  }
}
