package dev.cortado.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class DrawTest {
  @Test
  void theSameSeedIsTheSameCase() {
    for (var spec : OpSpecs.all()) {
      var a = spec.draw(Draw.rough(5));
      var b = spec.draw(Draw.rough(5));
      assertThat(a).hasToString(b.toString());
      for (int i = 0; i < a.inputs().size(); i++) {
        assertThat(a.inputs().get(i).toDoubles()).isEqualTo(b.inputs().get(i).toDoubles());
      }
    }
  }

  @Test
  void neighbouringSeedsGoThroughTheBordersOfVectors() {
    var sizes = new HashSet<Integer>();
    boolean nan = false;
    boolean large = false;
    boolean f64 = false;
    for (int seed = 0; seed < 72; seed++) {
      var draw = Draw.rough(seed);
      int size = draw.size();
      sizes.add(size);
      large |= size > 4000;
      f64 |= draw.type() == DType.F64;
      for (double value : draw.tensor(Shape.of(100)).toDoubles()) {
        nan |= Double.isNaN(value);
      }
    }
    assertThat(sizes).contains(0, 1, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 65, 257);
    assertThat(large).isTrue();
    assertThat(nan).isTrue();
    assertThat(f64).isTrue();
  }

  @Test
  void layoutsHoldTheSameNumbers() {
    var x = Tensor.normal(RandomKey.of(1), 2, 3, 4, 5);
    for (var layout : Layouts.DISTINCT) {
      for (int seed = 0; seed < 20; seed++) {
        var y = layout.of(x, Draw.rough(seed));
        assertThat(y.shape()).isEqualTo(x.shape());
        assertThat(y.toFloats()).as("%s", layout).isEqualTo(x.toFloats());
      }
    }
    var stepped = Layouts.STEPPED.of(x, Draw.rough(1));
    assertThat(stepped.layout().stride(3)).isGreaterThan(1);
    assertThat(Layouts.CHANNELS_LAST.of(x, Draw.rough(1)).layout().isChannelsLast(x.shape()))
        .isTrue();
    assertThat(Layouts.EXPANDED.of(x, Draw.rough(1)).shape()).isEqualTo(x.shape());
  }
}
