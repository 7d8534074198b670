package dev.cortado.autograd;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.AttentionOp;
import dev.cortado.tensor.op.Cast;
import dev.cortado.tensor.op.ConvolutionOp;
import dev.cortado.tensor.op.CustomOp;
import dev.cortado.tensor.op.Elementwise;
import dev.cortado.tensor.op.IndexOp;
import dev.cortado.tensor.op.MatMul;
import dev.cortado.tensor.op.NormalizationOp;
import dev.cortado.tensor.op.Op;
import dev.cortado.tensor.op.PoolingOp;
import dev.cortado.tensor.op.RandomOp;
import dev.cortado.tensor.op.Recurrence;
import dev.cortado.tensor.op.ReductionOp;
import dev.cortado.tensor.op.Sort;
import dev.cortado.tensor.op.SpatialOp;
import dev.cortado.tensor.op.ViewOp;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** The derivative rule of every op. The compiler sees to it that none is missing. */
final class Rules {
  private Rules() {}

  static Rule of(Op op) {
    return switch (op) {
      case Elementwise e -> ElementwiseRules.of(e);
      case ViewOp v -> ViewRules.of(v);
      case ReductionOp r -> ReductionRules.of(r);
      case MatMul m -> MatMulRules.of(m);
      case ConvolutionOp c -> ConvolutionRules.of(c);
      case PoolingOp p -> PoolingRules.of(p);
      case SpatialOp s -> SpatialRules.of(s);
      case AttentionOp a -> AttentionRules.of(a);
      case NormalizationOp n -> NormalizationRules.of(n);
      case IndexOp i -> IndexRules.of(i);
      case Sort s -> IndexRules.sort(s);
      case Recurrence r -> ScanRules.of(r);
      case RandomOp r -> Rule.zero();
      case Cast c -> Rule.unary(Saves.NOTHING, Rules::cast);
      case GradientHook h -> Rule.unary(Saves.NOTHING, at -> h.replaced(at.gradient(0)));
      case CustomOp c -> custom(c);
    };
  }

  /** Back to the input's type, but never into one that only stores numbers. */
  private static Tensor cast(Backward at) {
    DType type = at.inputSpec(0).dtype();
    return type.isComputable() ? at.gradient(0).to(type) : at.gradient(0);
  }

  private static Rule custom(CustomOp op) {
    return new Rule() {
      @Override
      public Saves saves(Wanted wanted) {
        return Saves.EVERYTHING; // its code may read anything
      }

      @Override
      public @Nullable Tensor[] gradients(Backward at) {
        var inputs = new ArrayList<Tensor>();
        for (int i = 0; i < at.inputs(); i++) {
          inputs.add(at.input(i));
        }
        var outputs = new ArrayList<Tensor>();
        var gradients = new ArrayList<Tensor>();
        for (int k = 0; k < at.outputs(); k++) {
          outputs.add(at.output(k));
          gradients.add(at.gradient(k));
        }
        return op.gradient(inputs, outputs, gradients).toArray(new Tensor[0]);
      }
    };
  }
}
