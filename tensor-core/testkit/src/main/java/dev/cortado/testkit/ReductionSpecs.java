package dev.cortado.testkit;

import static dev.cortado.tensor.formula.Formula.input;
import static dev.cortado.tensor.formula.Formula.sigmoid;

import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.Recurrence;
import dev.cortado.tensor.op.ReductionOp;
import java.util.ArrayList;
import java.util.List;

/** Specs of reductions. */
final class ReductionSpecs {
  private ReductionSpecs() {}

  static List<OpSpec> all() {
    return List.of(
        OpSpec.of(ReductionOp.SumOf.class, ReductionSpecs::sum),
        OpSpec.of(ReductionOp.SumOf.class, ReductionSpecs::sumsOfFormulas).named("sum of formulas"),
        OpSpec.of(ReductionOp.Extremum.class, d -> extremum(d, true)),
        OpSpec.of(ReductionOp.Extremum.class, d -> extremum(d, false)),
        OpSpec.flat(ReductionOp.ArgMax.class, ReductionSpecs::argMax),
        OpSpec.flat(ReductionOp.ArgMin.class, ReductionSpecs::argMin),
        OpSpec.of(Recurrence.class, ReductionSpecs::recurrence));
  }

  private static OpCase sum(Draw d) {
    var shape = d.shape(0, 4);
    var axes = new Axes(d.axes(shape.rank()));
    var op = new ReductionOp.SumOf(List.of(input(0)), 1, axes, d.maybe());
    return OpCase.of(op, d.tensor(shape));
  }

  private static OpCase sumsOfFormulas(Draw d) {
    var all =
        List.of(
            input(0).times(input(1)),
            input(1).plus(input(2)),
            sigmoid(input(0)).times(input(2)),
            input(0).times(input(0)),
            input(2));
    var terms = new ArrayList<Formula>();
    for (int i = d.between(1, 3); i > 0; i--) {
      terms.add(all.get(d.between(0, all.size() - 1)));
    }
    var shapes = d.broadcasting(3);
    int rank = shapes.stream().mapToInt(s -> s.rank()).max().orElse(0);
    var op = new ReductionOp.SumOf(terms, 3, new Axes(d.axes(rank)), d.maybe());
    return new OpCase(op, shapes.stream().map(d::tensor).toList());
  }

  private static OpCase extremum(Draw d, boolean largest) {
    var shape = d.shape(0, 4);
    var op = new ReductionOp.Extremum(largest, new Axes(d.axes(shape.rank())), d.maybe());
    return OpCase.of(op, d.distinct(shape));
  }

  private static OpCase argMax(Draw d) {
    var shape = d.shape(1, 4);
    var op = new ReductionOp.ArgMax(d.between(0, shape.rank() - 1), d.maybe());
    return OpCase.of(op, d.distinct(shape));
  }

  private static OpCase argMin(Draw d) {
    var shape = d.shape(1, 4);
    var op = new ReductionOp.ArgMin(d.between(0, shape.rank() - 1), d.maybe());
    return OpCase.of(op, d.distinct(shape));
  }

  private static OpCase recurrence(Draw d) {
    var shape = d.shape(1, 3);
    var op = new Recurrence(d.between(0, shape.rank() - 1), d.maybe());
    return OpCase.of(op, d.tensor(shape, -1, 1), d.tensor(shape));
  }
}
