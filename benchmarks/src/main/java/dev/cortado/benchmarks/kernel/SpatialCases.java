package dev.cortado.benchmarks.kernel;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Interpolation;
import dev.cortado.tensor.op.Window2d;
import java.util.ArrayList;
import java.util.List;

/** Pooling and resampling of image batches that lie channels-last. */
final class SpatialCases {
  private SpatialCases() {}

  static List<KernelCase> all() {
    var cases = new ArrayList<KernelCase>();
    both(cases, "max pool 3x3 s2", x -> x.maxPool2d(3, Window2d.of(2, 1)), 8, 64, 112, 112);
    both(cases, "average pool 2x2 s2", x -> x.avgPool2d(2, Window2d.of(2, 0)), 8, 96, 56, 56);
    // Its gradient is a view of the result's: nothing moves, so there is nothing to measure.
    forward(cases, "global average pool", x -> x.adaptiveAvgPool2d(1, 1), 8, 144, 56, 56);
    both(
        cases,
        "bilinear to twice the size",
        x -> x.interpolateBy(Interpolation.BILINEAR, 2, 2),
        8,
        64,
        56,
        56);
    both(cases, "windows of 3x3", x -> x.unfold2d(3, 3, Window2d.of(1, 1)), 8, 32, 56, 56);
    return cases;
  }

  /** One op on images. */
  private interface Work {
    Tensor of(Tensor images);
  }

  /** Both passes read what they start from and write what they come to, once. */
  private static double moved(Work op, int... shape) {
    var x = Cases.images(1, shape[1], shape[2], shape[3]);
    return (double) shape[0] * (x.elements() + op.of(x).elements());
  }

  private static void forward(List<KernelCase> cases, String name, Work op, int... shape) {
    cases.add(
        KernelCase.floats(
            name + " forward",
            ElementwiseCases.text(shape),
            moved(op, shape),
            () -> {
              var images = Cases.images(shape);
              return Cases.step(() -> op.of(images));
            }));
  }

  private static void both(List<KernelCase> cases, String name, Work op, int... shape) {
    forward(cases, name, op, shape);
    cases.add(
        KernelCase.floats(
            name + " backward",
            ElementwiseCases.text(shape),
            moved(op, shape),
            () -> {
              var images = Autograd.track(Cases.images(shape));
              return Cases.backward(op.of(images), List.of(images));
            }));
  }
}
