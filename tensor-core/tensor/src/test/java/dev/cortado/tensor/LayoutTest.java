package dev.cortado.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class LayoutTest {
  @Provide
  Arbitrary<Shape> shapes() {
    return Naive.shapes(0, 5);
  }

  @Example
  void namesTheCommonOrders() {
    var shape = Shape.of(2, 3, 4, 5);
    assertThat(Layout.contiguous(shape)).isEqualTo(Layout.of(0, 60, 20, 5, 1));
    assertThat(Layout.channelsLast(shape)).isEqualTo(Layout.of(0, 60, 1, 15, 3));
    assertThat(Layout.channelsLast(shape).isChannelsLast(shape)).isTrue();
    assertThat(Layout.contiguous(shape).isChannelsLast(shape)).isFalse();
    assertThatThrownBy(() -> Layout.channelsLast(Shape.of(2, 3)))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("[2, 3]");
  }

  @Example
  void oneChannelOrOnePixelIsBothOrders() {
    var gray = Shape.of(2, 1, 4, 5);
    assertThat(Layout.contiguous(gray).isChannelsLast(gray)).isTrue();
    var pixel = Shape.of(2, 3, 1, 1);
    assertThat(Layout.channelsLast(pixel).isContiguous(pixel)).isTrue();
  }

  @Property
  void contiguousIsRowMajorWithoutGaps(@ForAll("shapes") Shape shape) {
    var layout = Layout.contiguous(shape);
    assertThat(layout.isContiguous(shape)).isTrue();
    assertThat(layout.isDense(shape)).isTrue();
    int expected = 0;
    for (var index : Naive.indices(shape)) {
      assertThat(Naive.place(layout, index)).isEqualTo(expected++);
    }
  }

  @Property
  void whatNothingLiesInIsInEveryOrder(@ForAll("shapes") Shape shape, @ForAll Random random) {
    if (shape.elements() == 0) {
      var layout = Naive.view(shape, random).layout();
      assertThat(layout.isContiguous(shape)).isTrue();
      assertThat(layout.isDense(shape)).isTrue();
      assertThat(layout.isChannelsLast(shape)).isEqualTo(shape.rank() == 4);
    }
  }

  @Property
  void knowsWhatIsContiguousAndWhatIsDense(@ForAll("shapes") Shape shape, @ForAll Random random) {
    var layout = Naive.view(shape, random).layout();
    var places = Naive.indices(shape).stream().map(i -> Naive.place(layout, i)).toList();
    boolean ascending = true;
    for (int i = 0; i < places.size(); i++) {
      ascending &= places.get(i) == layout.offset() + i;
    }
    assertThat(layout.isContiguous(shape)).isEqualTo(ascending);
    var distinct = new HashSet<>(places);
    boolean filled =
        places.isEmpty()
            || (distinct.size() == places.size()
                && places.stream().mapToInt(i -> i).max().getAsInt() - layout.offset()
                    == places.size() - 1);
    assertThat(layout.isDense(shape)).isEqualTo(filled);
  }

  @Property
  void denseLikeKeepsTheOrderInMemory(@ForAll("shapes") Shape shape, @ForAll Random random) {
    var layout = Naive.view(shape, random).layout();
    var dense = layout.denseLike(shape);
    assertThat(dense.offset()).isZero();
    assertThat(dense.isDense(shape)).isTrue();
    for (int a = 0; a < shape.rank(); a++) {
      for (int b = 0; b < shape.rank(); b++) {
        if (shape.dim(a) > 1 && shape.dim(b) > 1 && layout.stride(a) > layout.stride(b)) {
          assertThat(dense.stride(a)).isGreaterThan(dense.stride(b));
        }
      }
    }
  }
}
