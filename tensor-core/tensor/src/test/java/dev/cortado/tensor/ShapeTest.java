package dev.cortado.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShapeTest {
  @Test
  void countsElements() {
    assertThat(Shape.SCALAR.elements()).isEqualTo(1);
    assertThat(Shape.of()).isSameAs(Shape.SCALAR);
    assertThat(Shape.of(2, 3, 4).elements()).isEqualTo(24);
    assertThat(Shape.of(2, 0, 4).elements()).isZero();
  }

  @Test
  void copiesItsSizes() {
    int[] dims = {2, 3};
    var shape = Shape.of(dims);
    dims[0] = 9;
    shape.toArray()[1] = 9;
    assertThat(shape).isEqualTo(Shape.of(2, 3)).hasToString("[2, 3]");
  }

  @Test
  void countsNegativeAxesFromTheEnd() {
    var shape = Shape.of(2, 3, 4);
    assertThat(shape.dim(-1)).isEqualTo(4);
    assertThat(shape.axis(-3)).isZero();
    assertThat(shape.with(-2, 7)).isEqualTo(Shape.of(2, 7, 4));
    assertThatThrownBy(() -> shape.dim(3))
        .isInstanceOf(CortadoException.class)
        .hasMessage("axis 3 does not exist in shape [2, 3, 4] of rank 3");
    assertThatThrownBy(() -> shape.axis(-4)).isInstanceOf(CortadoException.class);
  }

  @Test
  void refusesSizesThatCannotBe() {
    assertThatThrownBy(() -> Shape.of(2, -1))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("negative");
    assertThatThrownBy(() -> Shape.of(65536, 65536))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("[65536, 65536] has too many elements");
    int most = Integer.MAX_VALUE;
    assertThatThrownBy(() -> Shape.of(most, most, most, most))
        .as("more elements than a long can count")
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("elements");
    assertThat(Shape.of(most, most, most, 0).elements()).isZero();
  }

  @Test
  void broadcastsByTheRuleOfNumPy() {
    assertThat(Shape.broadcast("add", Shape.of(3, 1), Shape.of(4))).isEqualTo(Shape.of(3, 4));
    assertThat(Shape.broadcast("add", Shape.SCALAR, Shape.of(2))).isEqualTo(Shape.of(2));
    assertThat(Shape.broadcast("add", Shape.of(0), Shape.of(1))).isEqualTo(Shape.of(0));
    assertThat(Shape.of(3, 1).broadcastsTo(Shape.of(2, 3, 5))).isTrue();
    assertThat(Shape.of(3).broadcastsTo(Shape.of(3, 1))).isFalse();
    assertThat(Shape.of(1, 1, 1).broadcastsTo(Shape.of(2, 2))).isFalse();
    assertThatThrownBy(() -> Shape.broadcast("add", Shape.of(2, 3), Shape.of(2)))
        .isInstanceOf(CortadoException.class)
        .hasMessage(
            "add: shapes [2, 3] and [2] do not broadcast: dimension -1 is 3 and 2; they must be"
                + " equal, or one of them 1");
  }
}
