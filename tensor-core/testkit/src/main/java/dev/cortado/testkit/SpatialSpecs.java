package dev.cortado.testkit;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.op.Interpolation;
import dev.cortado.tensor.op.SpatialOp;
import dev.cortado.tensor.op.Taps;
import dev.cortado.tensor.op.TensorSpec;
import dev.cortado.tensor.op.Window2d;
import java.util.List;

/** Specs of linear maps between the places of images. */
final class SpatialSpecs {
  private SpatialSpecs() {}

  static List<OpSpec> all() {
    return List.of(
        OpSpec.of(SpatialOp.Resample.class, SpatialSpecs::means),
        OpSpec.of(SpatialOp.Resample.class, SpatialSpecs::interpolation)
            .named("resample by interpolation"),
        OpSpec.of(SpatialOp.Resample.class, SpatialSpecs::transposed).named("resample transposed"),
        OpSpec.of(SpatialOp.Unfold.class, SpatialSpecs::unfold),
        OpSpec.of(SpatialOp.Fold.class, SpatialSpecs::fold));
  }

  private static Shape images(Draw d, int least) {
    return Shape.of(d.between(1, 2), d.size(3, 140), least + d.size(4, 33), least + d.size(4, 33));
  }

  /** Convex sums: no number on the way is larger than the largest input. */
  private static OpCase means(Draw d) {
    var x = images(d, 0);
    var op =
        new SpatialOp.Resample(
            d.maybe() ? Taps.identity(x.dim(2)) : Taps.adaptiveMeans(x.dim(2), d.between(1, 6)),
            Taps.adaptiveMeans(x.dim(3), d.between(1, 6)));
    return OpCase.of(op, d.tensor(x));
  }

  private static SpatialOp.Resample drawn(Draw d, Shape x) {
    var how =
        d.of(
            Interpolation.NEAREST,
            Interpolation.NEAREST_EXACT,
            Interpolation.BILINEAR,
            Interpolation.BILINEAR.withAlignedCorners(),
            Interpolation.BILINEAR.withAntialias(),
            Interpolation.BICUBIC,
            Interpolation.BICUBIC.withAlignedCorners(),
            Interpolation.BICUBIC.withAntialias());
    return new SpatialOp.Resample(
        how.to(x.dim(2), d.between(1, 9)),
        d.maybe() ? how.to(x.dim(3), d.between(1, 9)) : how.by(x.dim(3), 1.7));
  }

  private static OpCase interpolation(Draw d) {
    var x = images(d, 0);
    return OpCase.of(drawn(d, x), d.finite(x));
  }

  private static OpCase transposed(Draw d) {
    var x = images(d, 0);
    var op = drawn(d, x);
    var y = op.infer(List.of(new TensorSpec(x, d.type()))).getFirst().shape();
    return OpCase.of(
        new SpatialOp.Resample(op.rows().transposed(), op.columns().transposed()), d.finite(y));
  }

  private record Windows(int kernelH, int kernelW, Window2d window, Shape x) {}

  private static Windows windows(Draw d) {
    int kernelH = d.between(1, 3);
    int kernelW = d.between(1, 3);
    var window = d.window();
    return new Windows(kernelH, kernelW, window, images(d, 4));
  }

  private static OpCase unfold(Draw d) {
    var s = windows(d);
    return OpCase.of(new SpatialOp.Unfold(s.kernelH, s.kernelW, s.window), d.tensor(s.x));
  }

  private static OpCase fold(Draw d) {
    var s = windows(d);
    var unfold = new SpatialOp.Unfold(s.kernelH, s.kernelW, s.window);
    var y = unfold.infer(List.of(new TensorSpec(s.x, d.type()))).getFirst().shape();
    var op = new SpatialOp.Fold(s.kernelH, s.kernelW, s.window, s.x.dim(2), s.x.dim(3));
    return OpCase.of(op, d.tensor(y));
  }
}
