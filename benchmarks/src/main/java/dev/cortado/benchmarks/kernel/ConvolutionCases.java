package dev.cortado.benchmarks.kernel;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.op.ConvolutionOp;
import dev.cortado.tensor.op.Epilogue;
import dev.cortado.tensor.op.Window2d;
import java.util.ArrayList;
import java.util.List;

/** Convolutions of EfficientNets, forward and both gradients. */
final class ConvolutionCases {
  /** Depthwise layers of EfficientNet-B0: channels, size of the image, kernel, stride. */
  private static final Conv[] DEPTHWISE = {
    Conv.depthwise(8, 32, 112, 3, 1),
    Conv.depthwise(8, 96, 112, 3, 2),
    Conv.depthwise(8, 144, 56, 5, 2),
    Conv.depthwise(8, 240, 28, 5, 1),
    Conv.depthwise(8, 240, 28, 3, 2),
    Conv.depthwise(8, 480, 14, 3, 1),
    Conv.depthwise(8, 672, 14, 5, 2),
    Conv.depthwise(8, 1152, 7, 5, 1),
  };

  /** The stem of B0, then fused blocks of EfficientNetV2-S. */
  private static final Conv[] FULL = {
    new Conv(8, 3, 32, 224, 3, 2, 1),
    new Conv(2, 24, 24, 192, 3, 1, 1),
    new Conv(2, 24, 96, 192, 3, 2, 1),
    new Conv(2, 48, 192, 96, 3, 1, 1),
    new Conv(2, 64, 256, 48, 3, 1, 1),
  };

  private ConvolutionCases() {}

  static List<KernelCase> all() {
    var cases = new ArrayList<KernelCase>();
    for (var conv : DEPTHWISE) {
      double moved = conv.input().elements() + conv.output().elements();
      var kernel = "depthwise %dx%d s%d ".formatted(conv.kernel, conv.kernel, conv.stride);
      for (var pass : Pass.values()) {
        var name = kernel + pass.words;
        cases.add(KernelCase.floats(name, conv.text(), moved, () -> conv.run(pass)));
      }
    }
    for (var conv : FULL) {
      var kernel = "conv 3x3 s%d ".formatted(conv.stride);
      for (var pass : Pass.values()) {
        var name = kernel + pass.words;
        cases.add(KernelCase.flops(name, conv.text(), conv.flops(), () -> conv.run(pass)));
      }
    }
    return cases;
  }

  private enum Pass {
    FORWARD("forward"),
    INPUT_GRADIENT("input gradient"),
    WEIGHT_GRADIENT("weight gradient");

    private final String words;

    Pass(String words) {
      this.words = words;
    }
  }

  /** One layer, on a batch of square images, its border as wide as keeps the size. */
  private record Conv(int batch, int in, int out, int size, int kernel, int stride, int groups) {
    static Conv depthwise(int batch, int channels, int size, int kernel, int stride) {
      return new Conv(batch, channels, channels, size, kernel, stride, channels);
    }

    Window2d window() {
      return Window2d.of(stride, kernel / 2);
    }

    Shape input() {
      return Shape.of(batch, in, size, size);
    }

    Shape weight() {
      return Shape.of(out, in / groups, kernel, kernel);
    }

    Shape output() {
      int result = window().outputHeight(size, kernel);
      return Shape.of(batch, out, result, result);
    }

    double flops() {
      return 2.0 * output().elements() * weight().elements() / out;
    }

    String text() {
      return groups == 1
          ? "%d x %d->%d @%d".formatted(batch, in, out, size)
          : "%d x %d @%d".formatted(batch, in, size);
    }

    Runnable run(Pass pass) {
      var x = Cases.images(input().toArray());
      var w = Cases.numbers(weight().toArray());
      var g = Cases.images(output().toArray());
      var forward = new ConvolutionOp.Conv2d(window(), groups, Epilogue.NONE);
      var byInput = new ConvolutionOp.Conv2dInputGradient(window(), groups, input());
      var byWeight = new ConvolutionOp.Conv2dWeightGradient(window(), groups, weight());
      return Cases.step(
          switch (pass) {
            case FORWARD -> () -> x.apply(forward, w);
            case INPUT_GRADIENT -> () -> g.apply(byInput, w);
            case WEIGHT_GRADIENT -> () -> g.apply(byWeight, x);
          });
    }
  }
}
