package dev.cortado.testkit;

import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.op.Activation;
import dev.cortado.tensor.op.NormalizationOp;
import java.util.List;

/** Specs of normalisations. */
final class NormalizationSpecs {
  private NormalizationSpecs() {}

  static List<OpSpec> all() {
    return List.of(
        OpSpec.of(NormalizationOp.BatchNorm.class, NormalizationSpecs::batchNorm),
        OpSpec.of(NormalizationOp.LayerNorm.class, NormalizationSpecs::layerNorm),
        OpSpec.of(NormalizationOp.Softmax.class, d -> softmax(d, false)).named("softmax"),
        OpSpec.of(NormalizationOp.Softmax.class, d -> softmax(d, true)).named("log softmax"));
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
    var rows = d.shape(0, 2);
    int[] dims = java.util.Arrays.copyOf(rows.toArray(), rows.rank() + 1);
    int size = 1 + d.size(5, 5000);
    dims[rows.rank()] = size;
    var op = new NormalizationOp.LayerNorm(d.of(1e-5, 1e-2));
    var last = Shape.of(size);
    return OpCase.of(op, d.distinct(Shape.of(dims)), d.tensor(last), d.tensor(last));
  }

  private static OpCase softmax(Draw d, boolean logarithm) {
    var shape = d.shape(1, 4);
    var op = new NormalizationOp.Softmax(d.between(0, shape.rank() - 1), logarithm);
    return OpCase.of(op, d.tensor(shape));
  }
}
