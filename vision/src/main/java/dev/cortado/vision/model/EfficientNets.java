package dev.cortado.vision.model;

import static dev.cortado.vision.model.EfficientNetArchitecture.Block.FUSED;
import static dev.cortado.vision.model.EfficientNetArchitecture.Block.MBCONV;
import static dev.cortado.vision.model.EfficientNetArchitecture.round8;

import dev.cortado.nn.BatchNorm2d;
import dev.cortado.tensor.op.Activation;
import dev.cortado.vision.model.EfficientNetArchitecture.Stage;
import java.util.ArrayList;
import java.util.List;

/**
 * The published EfficientNets: B0 to B7 and V2 S, M, L as in torchvision; Lite 0 to 4 and V2 B0 to
 * B3 as in timm's ports of TensorFlow's networks.
 */
final class EfficientNets {
  private static final BatchNorm2d.Settings TORCH = new BatchNorm2d.Settings(1e-5, 0.1);
  private static final BatchNorm2d.Settings LUKEMELAS = new BatchNorm2d.Settings(1e-3, 0.01);
  private static final BatchNorm2d.Settings TENSORFLOW = new BatchNorm2d.Settings(1e-3, 0.1);
  private static final double STOCHASTIC_DEPTH = 0.2;

  /** The stages of B0; the others stretch them. */
  private static final List<Stage> BASE =
      List.of(
          new Stage(MBCONV, 1, 3, 1, 32, 16, 1),
          new Stage(MBCONV, 6, 3, 2, 16, 24, 2),
          new Stage(MBCONV, 6, 5, 2, 24, 40, 2),
          new Stage(MBCONV, 6, 3, 2, 40, 80, 3),
          new Stage(MBCONV, 6, 5, 1, 80, 112, 3),
          new Stage(MBCONV, 6, 5, 2, 112, 192, 4),
          new Stage(MBCONV, 6, 3, 1, 192, 320, 1));

  private static final List<Stage> V2_S =
      List.of(
          new Stage(FUSED, 1, 3, 1, 24, 24, 2),
          new Stage(FUSED, 4, 3, 2, 24, 48, 4),
          new Stage(FUSED, 4, 3, 2, 48, 64, 4),
          new Stage(MBCONV, 4, 3, 2, 64, 128, 6),
          new Stage(MBCONV, 6, 3, 1, 128, 160, 9),
          new Stage(MBCONV, 6, 3, 2, 160, 256, 15));

  private static final List<Stage> V2_M =
      List.of(
          new Stage(FUSED, 1, 3, 1, 24, 24, 3),
          new Stage(FUSED, 4, 3, 2, 24, 48, 5),
          new Stage(FUSED, 4, 3, 2, 48, 80, 5),
          new Stage(MBCONV, 4, 3, 2, 80, 160, 7),
          new Stage(MBCONV, 6, 3, 1, 160, 176, 14),
          new Stage(MBCONV, 6, 3, 2, 176, 304, 18),
          new Stage(MBCONV, 6, 3, 1, 304, 512, 5));

  private static final List<Stage> V2_L =
      List.of(
          new Stage(FUSED, 1, 3, 1, 32, 32, 4),
          new Stage(FUSED, 4, 3, 2, 32, 64, 7),
          new Stage(FUSED, 4, 3, 2, 64, 96, 7),
          new Stage(MBCONV, 4, 3, 2, 96, 192, 10),
          new Stage(MBCONV, 6, 3, 1, 192, 224, 19),
          new Stage(MBCONV, 6, 3, 2, 224, 384, 25),
          new Stage(MBCONV, 6, 3, 1, 384, 640, 7));

  /** The stages of the V2 B networks; widths and numbers of blocks are given one by one. */
  private static final List<Stage> V2_B =
      List.of(
          new Stage(FUSED, 1, 3, 1, 32, 16, 1),
          new Stage(FUSED, 4, 3, 2, 16, 32, 2),
          new Stage(FUSED, 4, 3, 2, 32, 48, 2),
          new Stage(MBCONV, 4, 3, 2, 48, 96, 3),
          new Stage(MBCONV, 6, 3, 1, 96, 112, 5),
          new Stage(MBCONV, 6, 3, 2, 112, 192, 8));

  static final List<EfficientNetArchitecture> ALL =
      List.of(
          v1("efficientnet_b0", 224, 1.0, 1.0, 0.2, TORCH),
          v1("efficientnet_b1", 240, 1.0, 1.1, 0.2, TORCH),
          v1("efficientnet_b2", 288, 1.1, 1.2, 0.3, TORCH),
          v1("efficientnet_b3", 300, 1.2, 1.4, 0.3, TORCH),
          v1("efficientnet_b4", 380, 1.4, 1.8, 0.4, TORCH),
          v1("efficientnet_b5", 456, 1.6, 2.2, 0.4, LUKEMELAS),
          v1("efficientnet_b6", 528, 1.8, 2.6, 0.5, LUKEMELAS),
          v1("efficientnet_b7", 600, 2.0, 3.1, 0.5, LUKEMELAS),
          v2("efficientnet_v2_s", 384, V2_S, 0.2),
          v2("efficientnet_v2_m", 480, V2_M, 0.3),
          v2("efficientnet_v2_l", 480, V2_L, 0.4),
          lite(0, 224, new int[] {16, 24, 40, 80, 112, 192, 320}, new int[] {1, 2, 2, 3, 3, 4, 1}),
          lite(1, 240, new int[] {16, 24, 40, 80, 112, 192, 320}, new int[] {1, 3, 3, 4, 4, 5, 1}),
          lite(2, 260, new int[] {16, 24, 48, 88, 120, 208, 352}, new int[] {1, 3, 3, 4, 4, 5, 1}),
          lite(3, 300, new int[] {24, 32, 48, 96, 136, 232, 384}, new int[] {1, 3, 3, 5, 5, 6, 1}),
          lite(4, 380, new int[] {24, 32, 56, 112, 160, 272, 448}, new int[] {1, 4, 4, 6, 6, 8, 1}),
          v2b(0, 224, 32, new int[] {16, 32, 48, 96, 112, 192}, new int[] {1, 2, 2, 3, 5, 8}, 1280),
          v2b(1, 240, 32, new int[] {16, 32, 48, 96, 112, 192}, new int[] {2, 3, 3, 4, 6, 9}, 1280),
          v2b(
              2,
              260,
              32,
              new int[] {16, 32, 56, 104, 120, 208},
              new int[] {2, 3, 3, 4, 6, 10},
              1408),
          v2b(
              3,
              300,
              40,
              new int[] {16, 40, 56, 112, 136, 232},
              new int[] {2, 3, 3, 5, 7, 12},
              1536));

  private EfficientNets() {}

  private static EfficientNetArchitecture v1(
      String name,
      int inputSize,
      double width,
      double depth,
      double dropout,
      BatchNorm2d.Settings norm) {
    int[] out = BASE.stream().mapToInt(stage -> round8(stage.out() * width)).toArray();
    int[] blocks = BASE.stream().mapToInt(s -> (int) Math.ceil(s.blocks() * depth)).toArray();
    int stem = round8(BASE.getFirst().in() * width);
    var stages = stretch(BASE, stem, out, blocks);
    int head = 4 * stages.getLast().out();
    return torch(name, inputSize, stem, stages, head, dropout, norm);
  }

  private static EfficientNetArchitecture v2(
      String name, int inputSize, List<Stage> stages, double dropout) {
    return torch(name, inputSize, stages.getFirst().in(), stages, 1280, dropout, TENSORFLOW);
  }

  private static EfficientNetArchitecture torch(
      String name,
      int inputSize,
      int stem,
      List<Stage> stages,
      int head,
      double dropout,
      BatchNorm2d.Settings norm) {
    return new EfficientNetArchitecture(
        name,
        inputSize,
        stem,
        stages,
        head,
        dropout,
        STOCHASTIC_DEPTH,
        norm,
        new Activation.Silu(),
        true,
        false);
  }

  private static EfficientNetArchitecture lite(int number, int inputSize, int[] out, int[] blocks) {
    return new EfficientNetArchitecture(
        "tf_efficientnet_lite" + number,
        inputSize,
        32,
        stretch(BASE, 32, out, blocks),
        1280,
        0,
        0,
        TENSORFLOW,
        new Activation.Relu6(),
        false,
        true);
  }

  private static EfficientNetArchitecture v2b(
      int number, int inputSize, int stem, int[] out, int[] blocks, int head) {
    return new EfficientNetArchitecture(
        "tf_efficientnetv2_b" + number,
        inputSize,
        stem,
        stretch(V2_B, stem, out, blocks),
        head,
        0,
        0,
        TENSORFLOW,
        new Activation.Silu(),
        true,
        true);
  }

  /** Returns the stages with other widths and numbers of blocks. */
  private static List<Stage> stretch(List<Stage> base, int stem, int[] out, int[] blocks) {
    var stages = new ArrayList<Stage>();
    int in = stem;
    for (int i = 0; i < base.size(); i++) {
      var s = base.get(i);
      stages.add(new Stage(s.block(), s.expand(), s.kernel(), s.stride(), in, out[i], blocks[i]));
      in = out[i];
    }
    return stages;
  }
}
