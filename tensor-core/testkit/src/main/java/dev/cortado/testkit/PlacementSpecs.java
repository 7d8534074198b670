package dev.cortado.testkit;

import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.IndexOp;
import dev.cortado.tensor.op.RandomOp;
import dev.cortado.tensor.op.ViewOp;
import java.util.ArrayList;
import java.util.List;

/** Specs of ops that arrange elements: views, placing by index, and what has no input at all. */
final class PlacementSpecs {
  private PlacementSpecs() {}

  static List<OpSpec> all() {
    return List.of(
        OpSpec.of(ViewOp.Permute.class, PlacementSpecs::permute),
        OpSpec.of(ViewOp.Reshape.class, PlacementSpecs::reshape),
        OpSpec.of(ViewOp.Expand.class, PlacementSpecs::expand),
        OpSpec.of(ViewOp.Narrow.class, PlacementSpecs::narrow),
        OpSpec.of(
            ViewOp.Contiguous.class,
            d -> OpCase.of(new ViewOp.Contiguous(false), d.tensor(d.shape(0, 4)))),
        OpSpec.of(
            ViewOp.Contiguous.class,
            d -> OpCase.of(new ViewOp.Contiguous(true), d.tensor(d.shape(4, 4)))),
        OpSpec.flat(
            IndexOp.OneHot.class,
            d -> OpCase.of(new IndexOp.OneHot(5), d.indices(d.shape(0, 2), 5))),
        OpSpec.of(IndexOp.Cat.class, PlacementSpecs::cat),
        OpSpec.of(IndexOp.ZeroPad.class, PlacementSpecs::zeroPad),
        OpSpec.of(IndexOp.IndexSelect.class, PlacementSpecs::indexSelect),
        OpSpec.of(IndexOp.IndexAdd.class, PlacementSpecs::indexAdd),
        OpSpec.flat(RandomOp.class, PlacementSpecs::random).named("random"));
  }

  private static OpCase permute(Draw d) {
    var shape = d.shape(0, 4);
    return OpCase.of(new ViewOp.Permute(d.order(shape.rank())), d.tensor(shape));
  }

  private static OpCase reshape(Draw d) {
    var shape = d.shape(0, 4);
    int n = shape.elements();
    var target =
        switch (d.between(0, 2)) {
          case 0 -> Shape.of(n);
          case 1 -> Shape.of(n % 2 == 0 ? 2 : 1, n % 2 == 0 ? n / 2 : n, 1);
          default -> shape.permute(d.order(shape.rank()).stream().mapToInt(i -> i).toArray());
        };
    return OpCase.of(new ViewOp.Reshape(target), d.tensor(shape));
  }

  private static OpCase expand(Draw d) {
    var full = d.shape(0, 4);
    return OpCase.of(new ViewOp.Expand(full), d.tensor(d.narrower(full)));
  }

  private static OpCase narrow(Draw d) {
    var shape = d.shape(1, 4);
    int axis = d.between(0, shape.rank() - 1);
    int start = d.between(0, Math.max(0, shape.dim(axis) - 1));
    int length = d.between(Math.min(1, shape.dim(axis)), shape.dim(axis) - start);
    return OpCase.of(new ViewOp.Narrow(axis, start, length), d.tensor(shape));
  }

  private static OpCase cat(Draw d) {
    var shape = d.shape(1, 4);
    int axis = d.between(0, shape.rank() - 1);
    var parts = new ArrayList<Tensor>();
    for (int i = d.between(1, 3); i > 0; i--) {
      parts.add(d.tensor(shape.with(axis, d.size())));
    }
    return new OpCase(new IndexOp.Cat(axis), parts);
  }

  private static OpCase zeroPad(Draw d) {
    var shape = d.shape(1, 4);
    int axis = d.between(0, shape.rank() - 1);
    var op = new IndexOp.ZeroPad(axis, d.between(0, 2), d.between(0, 2));
    return OpCase.of(op, d.tensor(shape));
  }

  private static OpCase indexSelect(Draw d) {
    var shape = d.shape(1, 4);
    int axis = d.between(0, shape.rank() - 1);
    int count = shape.dim(axis) == 0 ? 0 : d.between(1, 5);
    var indices = d.indices(Shape.of(count), shape.dim(axis));
    return OpCase.of(new IndexOp.IndexSelect(axis), d.tensor(shape), indices);
  }

  private static OpCase indexAdd(Draw d) {
    var shape = d.shape(1, 4);
    int axis = d.between(0, shape.rank() - 1);
    int size = d.between(1, 5);
    var indices = d.indices(Shape.of(shape.dim(axis)), size);
    return OpCase.of(new IndexOp.IndexAdd(axis, size), d.tensor(shape), indices);
  }

  private static OpCase random(Draw d) {
    var distribution =
        d.of(
            RandomOp.Distribution.UNIFORM,
            RandomOp.Distribution.NORMAL,
            new RandomOp.TruncatedNormal(-d.number(0, 2), d.number(0.1, 2)),
            new RandomOp.Bernoulli(d.number(0, 1)));
    var key = RandomKey.of(d.between(0, 1000));
    return OpCase.of(new RandomOp(distribution, key, d.shape(0, 4), d.type()));
  }
}
