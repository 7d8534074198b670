package dev.cortado.testkit;

import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.op.Activation;
import dev.cortado.tensor.op.NormalizationOp;
import java.util.Arrays;
import java.util.List;

/** Specs of normalisations. */
final class NormalizationSpecs {
  private NormalizationSpecs() {}

  static List<OpSpec> all() {
    return List.of(
        OpSpec.of(NormalizationOp.BatchNorm.class, NormalizationSpecs::batchNorm),
        OpSpec.of(NormalizationOp.LayerNorm.class, NormalizationSpecs::layerNorm),
        OpSpec.of(NormalizationOp.LayerNormGradient.class, NormalizationSpecs::layerNormGradient),
        OpSpec.of(NormalizationOp.Softmax.class, d -> softmax(d, false)),
        OpSpec.of(NormalizationOp.Softmax.class, d -> softmax(d, true)),
        OpSpec.of(NormalizationOp.SoftmaxGradient.class, d -> softmaxGradient(d, false)),
        OpSpec.of(NormalizationOp.SoftmaxGradient.class, d -> softmaxGradient(d, true)));
  }

  private static OpCase batchNorm(Draw d) {
    int channels = d.size();
    var x =
        d.maybe()
            ? Shape.of(1 + d.size(4, 5000), channels)
            : Shape.of(d.between(1, 3), channels, 1 + d.size(2, 60), d.size());
    var activation =
        d.of(
            input(0), new Activation.Silu().formula(), input(0).times(3), input(0).times(input(0)));
    var op = new NormalizationOp.BatchNorm(d.of(1e-5, 1e-2), activation);
    var perChannel = Shape.of(channels);
    // Distinct numbers: a variance near 0 would make differences meaningless.
    return OpCase.of(op, d.distinct(x), d.tensor(perChannel), d.tensor(perChannel));
  }

  private static OpCase layerNorm(Draw d) {
    var op = new NormalizationOp.LayerNorm(d.of(1e-5, 1e-2));
    var shape = rows(d, d.shape(0, 2));
    var last = Shape.of(shape.dim(-1));
    return OpCase.of(op, d.distinct(shape), d.tensor(last), d.tensor(last));
  }

  private static Shape rows(Draw d, Shape outer) {
    int[] dims = Arrays.copyOf(outer.toArray(), outer.rank() + 1);
    dims[outer.rank()] = 1 + d.size(5, 5000);
    return Shape.of(dims);
  }

  private static OpCase layerNormGradient(Draw d) {
    // Many rows, too: their sums are taken in chunks.
    var shape = d.maybe() ? rows(d, d.shape(0, 2)) : Shape.of(d.size(3, 2000), 1 + d.size(4, 40));
    var row = shape.with(-1, 1);
    return OpCase.of(
        new NormalizationOp.LayerNormGradient(),
        d.tensor(shape),
        d.tensor(shape),
        d.tensor(row),
        d.tensor(row, 0.1, 2),
        d.tensor(Shape.of(shape.dim(-1))));
  }

  private static OpCase softmaxGradient(Draw d, boolean logarithm) {
    var shape = d.shape(1, 4);
    var op = new NormalizationOp.SoftmaxGradient(d.between(0, shape.rank() - 1), logarithm);
    return OpCase.of(op, d.tensor(shape), d.tensor(shape, -3, 1));
  }

  private static OpCase softmax(Draw d, boolean logarithm) {
    var shape = d.shape(1, 4);
    var op = new NormalizationOp.Softmax(d.between(0, shape.rank() - 1), logarithm);
    return OpCase.of(op, d.tensor(shape));
  }
}
