package dev.cortado.autograd;

import dev.cortado.tensor.op.SpatialOp;
import dev.cortado.tensor.op.SpatialOp.Fold;
import dev.cortado.tensor.op.SpatialOp.Resample;
import dev.cortado.tensor.op.SpatialOp.Unfold;

/** The rules of linear maps between places: the gradient takes the transposed map. */
final class SpatialRules {
  private SpatialRules() {}

  static Rule of(SpatialOp op) {
    return switch (op) {
      // Y = R·X·Cᵀ in each plane, so the gradient is Rᵀ·G·C.
      case Resample r ->
          Rule.unary(
              Saves.NOTHING,
              at ->
                  at.gradient(0)
                      .apply(new Resample(r.rows().transposed(), r.columns().transposed())));
      // Each pixel is copied into the windows that see it: their gradients add up.
      case Unfold u ->
          Rule.unary(
              Saves.NOTHING,
              at -> {
                var x = at.inputShape(0);
                var fold = new Fold(u.kernelH(), u.kernelW(), u.window(), x.dim(2), x.dim(3));
                return at.gradient(0).apply(fold);
              });
      case Fold f ->
          Rule.unary(
              Saves.NOTHING,
              at -> at.gradient(0).apply(new Unfold(f.kernelH(), f.kernelW(), f.window())));
    };
  }
}
