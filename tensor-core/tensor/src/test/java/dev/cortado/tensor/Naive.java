package dev.cortado.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Index arithmetic the slow way, and tensors whose elements tell where they came from. */
final class Naive {
  private Naive() {}

  /** Returns every index of {@code shape} in row-major order. */
  static List<int[]> indices(Shape shape) {
    var all = new ArrayList<int[]>();
    if (shape.elements() > 0) {
      collect(shape, new int[shape.rank()], 0, all);
    }
    return all;
  }

  private static void collect(Shape shape, int[] index, int axis, List<int[]> all) {
    if (axis == shape.rank()) {
      all.add(index.clone());
      return;
    }
    for (int i = 0; i < shape.dim(axis); i++) {
      index[axis] = i;
      collect(shape, index, axis + 1, all);
    }
  }

  /** Returns where the element at {@code index} lies in the storage. */
  static int place(Layout layout, int[] index) {
    int at = layout.offset();
    for (int i = 0; i < index.length; i++) {
      at += index[i] * layout.stride(i);
    }
    return at;
  }

  /** Returns the elements of {@code x} in row-major order, read one by one. */
  static List<Double> elements(Tensor x) {
    return indices(x.shape()).stream().map(i -> x.host().get(place(x.layout(), i))).toList();
  }

  /** Returns shapes of few elements; sizes 0 and 1 are frequent. */
  static Arbitrary<Shape> shapes(int minRank, int maxRank) {
    return Arbitraries.of(0, 1, 1, 2, 2, 3, 4, 5, 7)
        .list()
        .ofMinSize(minRank)
        .ofMaxSize(maxRank)
        .map(dims -> Shape.of(dims.stream().mapToInt(Integer::intValue).toArray()));
  }

  /** Returns a tensor of {@code shape} that is a view of a larger one, in a random way. */
  static Tensor view(Shape shape, java.util.Random random) {
    int rank = shape.rank();
    Integer[] order = new Integer[rank];
    Arrays.setAll(order, i -> i);
    java.util.Collections.shuffle(Arrays.asList(order), random);
    int[] memory = new int[rank];
    int[] back = new int[rank];
    int[] start = new int[rank];
    boolean[] repeat = new boolean[rank];
    for (int i = 0; i < rank; i++) {
      int axis = order[i];
      repeat[i] = random.nextInt(6) == 0 && shape.dim(axis) > 0;
      start[i] = repeat[i] ? 0 : random.nextInt(2);
      memory[i] = repeat[i] ? 1 : shape.dim(axis) + start[i] + random.nextInt(2);
      back[axis] = i;
    }
    var x = Tensor.arange(Shape.of(memory).elements()).reshape(memory);
    for (int i = 0; i < rank; i++) {
      x = repeat[i] ? x : x.narrow(i, start[i], shape.dim(order[i]));
    }
    return x.permute(back).expand(shape.toArray());
  }
}
