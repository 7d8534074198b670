package dev.cortado.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class WalkProperties {
  @Provide
  Arbitrary<Shape> shapes() {
    return Naive.shapes(0, 5);
  }

  @Property
  void visitsTheSameElementsOfAllTensorsTogether(
      @ForAll("shapes") Shape shape,
      @ForAll @IntRange(min = 1, max = 3) int count,
      @ForAll Random random) {
    var layouts = new Layout[count];
    layouts[0] = Naive.view(shape, random).layout().denseLike(shape);
    for (int k = 1; k < count; k++) {
      layouts[k] = Naive.view(shape, random).layout();
    }
    var expected = new HashMap<Integer, int[]>();
    for (var index : Naive.indices(shape)) {
      int[] at = new int[count];
      for (int k = 0; k < count; k++) {
        at[k] = Naive.place(layouts[k], index);
      }
      expected.put(at[0], at);
    }
    if (shape.elements() == 0) {
      return;
    }
    var walk = Walk.of(shape, layouts);
    assertThat(walk.rows() * walk.length()).isEqualTo(shape.elements());
    int[] at = new int[count];
    for (int row = 0; row < walk.rows(); row++) {
      walk.offsets(row, at);
      for (int i = 0; i < walk.length(); i++) {
        var together = expected.remove(at[0] + i * walk.innerStride(0));
        assertThat(together).as("row %d, element %d is new", row, i).isNotNull();
        for (int k = 0; k < count; k++) {
          assertThat(at[k] + i * walk.innerStride(k)).isEqualTo(together[k]);
        }
      }
    }
    assertThat(expected).isEmpty();
  }

  @Property
  void denseTensorsOfOneLayoutAreOneRow(@ForAll("shapes") Shape shape, @ForAll Random random) {
    var layout = Naive.view(shape, random).layout().denseLike(shape);
    if (shape.elements() > 0) {
      assertThat(Walk.of(shape, layout, layout).rows()).isEqualTo(1);
    }
  }
}
