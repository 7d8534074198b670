package dev.cortado.vision.image;

import java.util.List;

/**
 * How samples 0..255 become the numbers a network was trained on: {@code (v / 255 - mean) / std}
 * per channel, each step in float as torchvision does it.
 *
 * @param mean one decimal constant each for red, green and blue
 * @param std likewise, none of them 0
 */
public record Normalization(List<Double> mean, List<Double> std) {
  /** The statistics of ImageNet, which most torchvision weights use. */
  public static final Normalization IMAGENET =
      new Normalization(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));

  /** From -1 to 1: mean and standard deviation one half. */
  public static final Normalization HALF =
      new Normalization(List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5));

  /** Checks that there are three of each and no division by zero. */
  public Normalization {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (mean.size() != 3 || std.size() != 3) {
      throw new IllegalArgumentException(
          "mean and std need three values each, not " + mean + " and " + std);
    }
    if (std.stream().anyMatch(s -> !(s > 0))) {
      throw new IllegalArgumentException("std must be above 0, not " + std);
    }
  }

  /** The 256 values that a channel's samples can become. */
  float[] table(int channel) {
    float m = mean.get(channel).floatValue();
    float s = std.get(channel).floatValue();
    var table = new float[256];
    for (int v = 0; v < 256; v++) {
      table[v] = (v / 255f - m) / s;
    }
    return table;
  }
}
