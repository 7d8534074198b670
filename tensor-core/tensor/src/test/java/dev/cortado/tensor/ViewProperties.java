package dev.cortado.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Views and copies against index arithmetic, element by element. */
class ViewProperties {
  @Provide
  Arbitrary<Shape> shapes() {
    return Naive.shapes(0, 5);
  }

  @Property(tries = 2000)
  void reshapeKeepsTheRowMajorOrder(@ForAll("shapes") Shape shape, @ForAll Random random) {
    var x = Naive.view(shape, random);
    var target = regrouped(shape, random);
    var y = x.reshape(target.toArray());
    assertThat(y.shape()).isEqualTo(target);
    assertThat(Naive.elements(y)).isEqualTo(Naive.elements(x));
  }

  @Property(tries = 2000)
  void reshapeCopiesOnlyWhereNoViewExists(@ForAll("shapes") Shape shape, @ForAll Random random) {
    var x = Naive.view(shape, random);
    var target = regrouped(shape, random);
    boolean shared = x.reshape(target.toArray()).storage() == x.storage();
    assertThat(shared).isEqualTo(viewExists(x, target));
  }

  @Property
  void permuteNarrowAndExpandNeverCopy(@ForAll("shapes") Shape shape, @ForAll Random random) {
    var x = Naive.view(shape, random);
    var order = new ArrayList<Integer>();
    for (int i = 0; i < shape.rank(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    var y = x.permute(order.stream().mapToInt(i -> i).toArray());
    assertThat(y.storage()).isSameAs(x.storage());
    for (var index : Naive.indices(y.shape())) {
      int[] from = new int[index.length];
      for (int i = 0; i < index.length; i++) {
        from[order.get(i)] = index[i];
      }
      assertThat(Naive.place(y.layout(), index)).isEqualTo(Naive.place(x.layout(), from));
    }
    if (shape.rank() > 0) {
      int axis = random.nextInt(shape.rank());
      int start = random.nextInt(shape.dim(axis) + 1);
      int length = random.nextInt(shape.dim(axis) - start + 1);
      var part = x.narrow(axis, start, length);
      assertThat(part.storage()).isSameAs(x.storage());
      for (var index : Naive.indices(part.shape())) {
        int[] from = index.clone();
        from[axis] += start;
        assertThat(Naive.place(part.layout(), index)).isEqualTo(Naive.place(x.layout(), from));
      }
    }
  }

  @Property
  void copiesHoldTheSameElementsInAnotherOrder(
      @ForAll("shapes") Shape shape, @ForAll Random random) {
    var x = Naive.view(shape, random);
    var elements = Naive.elements(x);
    var contiguous = x.contiguous();
    assertThat(contiguous.layout().isContiguous(shape)).isTrue();
    assertThat(Naive.elements(contiguous)).isEqualTo(elements);
    var copy = x.copy();
    assertThat(copy.storage()).isNotSameAs(x.storage());
    assertThat(copy.layout().isDense(shape)).isTrue();
    assertThat(Naive.elements(copy)).isEqualTo(elements);
    if (shape.rank() == 4) {
      var last = x.channelsLast();
      assertThat(last.layout().isChannelsLast(shape)).isTrue();
      assertThat(Naive.elements(last)).isEqualTo(elements);
    }
    float[] floats = x.toFloats();
    assertThat(floats).hasSize(elements.size());
    for (int i = 0; i < floats.length; i++) {
      assertThat((double) floats[i]).isEqualTo(elements.get(i));
    }
  }

  /** Returns another shape of as many elements: neighbours joined, sizes split, ones added. */
  private static Shape regrouped(Shape shape, Random random) {
    if (shape.elements() == 0) {
      return random.nextBoolean() ? Shape.of(0) : Shape.of(3, 0, 2);
    }
    var dims = new ArrayList<Integer>();
    int joined = 1;
    for (int i = 0; i < shape.rank(); i++) {
      joined *= shape.dim(i);
      if (random.nextBoolean()) {
        split(joined, dims, random);
        joined = 1;
      }
    }
    split(joined, dims, random);
    return Shape.of(dims.stream().mapToInt(i -> i).toArray());
  }

  private static void split(int size, List<Integer> dims, Random random) {
    int divisor = 1 + random.nextInt(3);
    if (random.nextBoolean() && size % divisor == 0) {
      dims.add(size / divisor);
      dims.add(divisor);
    } else if (size != 1 || random.nextBoolean()) {
      dims.add(size);
    }
  }

  /** A view exists if some strides map every index of {@code target} to the right place. */
  private static boolean viewExists(Tensor x, Shape target) {
    var from = Naive.indices(x.shape()).stream().map(i -> Naive.place(x.layout(), i)).toList();
    var to = Naive.indices(target);
    int[] strides = new int[target.rank()];
    var places = new HashMap<List<Integer>, Integer>();
    for (int i = 0; i < to.size(); i++) {
      places.put(Arrays.stream(to.get(i)).boxed().toList(), from.get(i));
    }
    for (int axis = 0; axis < strides.length && !to.isEmpty(); axis++) {
      if (target.dim(axis) > 1) {
        int[] unit = new int[strides.length];
        unit[axis] = 1;
        strides[axis] = places.get(Arrays.stream(unit).boxed().toList()) - from.getFirst();
      }
    }
    for (int i = 0; i < to.size(); i++) {
      int at = from.getFirst();
      for (int axis = 0; axis < strides.length; axis++) {
        at += to.get(i)[axis] * strides[axis];
      }
      if (at != from.get(i)) {
        return false;
      }
    }
    return true;
  }
}
