package dev.cortado.vision.model;

import dev.cortado.nn.BatchNorm2d;
import dev.cortado.nn.Padding;
import dev.cortado.tensor.op.Activation;
import java.util.List;

/**
 * The numbers of an EfficientNet. Tan &amp; Le 2019, 2021.
 *
 * @param stem channels after the first convolution
 * @param head channels after the last convolution: the number of features
 * @param dropout probability to drop a feature before the classifier, in training
 * @param stochasticDepth probability to drop the branch of the last block; that of block i of n is
 *     i / n of it
 * @param activation what follows most batch norms
 * @param squeeze whether MBConv blocks have squeeze-excitation
 * @param samePadding whether convolutions pad like TensorFlow's "SAME" instead of evenly
 */
public record EfficientNetArchitecture(
    String name,
    int inputSize,
    int stem,
    List<Stage> stages,
    int head,
    double dropout,
    double stochasticDepth,
    BatchNorm2d.Settings norm,
    Activation activation,
    boolean squeeze,
    boolean samePadding)
    implements Architecture {

  /** The kinds of blocks. */
  public enum Block {
    /** 1×1 expansion, depthwise convolution, squeeze-excitation, 1×1 projection. */
    MBCONV,
    /** k×k expansion, 1×1 projection. */
    FUSED
  }

  /**
   * A run of blocks of one kind. The first has the stage's stride and input; the others keep size
   * and channels.
   *
   * @param expand how many times wider a block is inside
   */
  public record Stage(
      Block block, int expand, int kernel, int stride, int in, int out, int blocks) {}

  /** Copies the list. */
  public EfficientNetArchitecture {
    stages = List.copyOf(stages);
  }

  /** Returns this with other probabilities to drop. */
  public EfficientNetArchitecture withDropout(double dropout, double stochasticDepth) {
    return new EfficientNetArchitecture(
        name,
        inputSize,
        stem,
        stages,
        head,
        dropout,
        stochasticDepth,
        norm,
        activation,
        squeeze,
        samePadding);
  }

  /** Returns the number of blocks of all stages. */
  public int blocks() {
    return stages.stream().mapToInt(Stage::blocks).sum();
  }

  /** Returns the border for a kernel of the given size. */
  Padding padding(int kernel) {
    return samePadding ? Padding.same() : Padding.half(kernel);
  }

  @Override
  public EfficientNet build(int classes) {
    return new EfficientNet(this, classes);
  }

  /** Returns {@code v} rounded to a multiple of 8, by not more than 10 % down. */
  static int round8(double v) {
    int rounded = Math.max(8, (int) (v + 4) / 8 * 8);
    return rounded < 0.9 * v ? rounded + 8 : rounded;
  }
}
