package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Tiles and reaches say the same as the definition of a sliding kernel, product by product. */
class SlideTest {
  private record Product(int output, int input, int tap) {}

  @Provide
  Arbitrary<Slide> slides() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 40),
            Arbitraries.integers().between(1, 7),
            Arbitraries.integers().between(1, 4),
            Arbitraries.integers().between(1, 3),
            Arbitraries.integers().between(0, 8),
            Arbitraries.of(true, false))
        .as(
            (inputs, kernel, stride, dilation, pad, back) -> {
              int reach = (kernel - 1) * dilation + 1;
              int size = Math.max(inputs, reach);
              int outputs = (size + 2 * pad - reach) / stride + 1;
              var slide = new Slide(outputs, size, kernel, stride, dilation, pad, false);
              return back ? slide.back() : slide;
            });
  }

  /** What the definition says, forward: output·stride + tap·dilation - pad = input. */
  private static List<Product> definition(Slide s) {
    var products = new ArrayList<Product>();
    for (int output = 0; output < s.outputs(); output++) {
      for (int input = 0; input < s.inputs(); input++) {
        for (int tap = 0; tap < s.kernel(); tap++) {
          int window = s.transposed() ? input : output;
          int pixel = s.transposed() ? output : input;
          if (window * s.stride() + tap * s.dilation() - s.pad() == pixel) {
            products.add(new Product(output, input, tap));
          }
        }
      }
    }
    return products;
  }

  @Property(tries = 300)
  void tilesHoldEveryProductOnce(
      @ForAll("slides") Slide s, @ForAll @IntRange(min = 1, max = 16) int most) {
    var products = new ArrayList<Product>();
    int next = 0;
    for (var piece : s.tiles(most)) {
      int size = piece.stencil().pixels();
      assertThat(piece.output()).isEqualTo(next);
      assertThat(size).isLessThanOrEqualTo(Math.max(most, s.transposed() ? s.stride() : 1));
      for (int t = 0; t < piece.tiles(); t++) {
        for (var tap : piece.stencil().taps()) {
          int input = piece.input() + t * piece.inputStep() + tap.input();
          products.add(new Product(next + tap.pixel(), input, tap.weight()));
        }
        next += size;
      }
    }
    assertThat(next).isEqualTo(s.outputs());
    assertThat(products).containsExactlyInAnyOrderElementsOf(definition(s));
  }

  @Property(tries = 300)
  void reachesHoldEveryProductOnce(@ForAll("slides") Slide s) {
    var products = new ArrayList<Product>();
    var reaches = s.reaches();
    for (int output = 0; output < reaches.length; output++) {
      var reach = reaches[output];
      for (int i = 0; i < reach.count(); i++) {
        int input = reach.input() + i * reach.inputStep();
        products.add(new Product(output, input, reach.tap() + i * reach.tapStep()));
      }
    }
    assertThat(products).containsExactlyInAnyOrderElementsOf(definition(s));
  }

  @Property(tries = 300)
  void meetsHoldEveryProductOnce(
      @ForAll("slides") Slide s, @ForAll @IntRange(min = 1, max = 2) int most) {
    var products = new ArrayList<Product>();
    int next = 0;
    for (var meet : Slide.meets(s.reaches(), 0, s.outputs(), most)) {
      assertThat(meet.output()).isEqualTo(next);
      assertThat(meet.outputs()).isBetween(1, most);
      int upper = meet.upper() + meet.both();
      for (int i = 0; i < upper + meet.lower(); i++) {
        int input = meet.input() + i * meet.inputStep();
        int below = i - meet.upper();
        if (i < upper) {
          products.add(new Product(next, input, meet.tap() + i * meet.tapStep()));
        }
        if (below >= 0) {
          products.add(new Product(next + 1, input, meet.tapBelow() + below * meet.tapStep()));
        }
      }
      next += meet.outputs();
    }
    assertThat(next).isEqualTo(s.outputs());
    assertThat(products).containsExactlyInAnyOrderElementsOf(definition(s));
  }

  @Test
  void rowsInsideAnImageMeetInPairs() {
    for (var s :
        List.of(
            new Slide(28, 28, 5, 1, 1, 2, false),
            new Slide(14, 28, 5, 2, 1, 2, false),
            new Slide(28, 14, 5, 2, 1, 2, true),
            new Slide(28, 14, 3, 2, 1, 1, true))) {
      var meets = Slide.meets(s.reaches(), 0, s.outputs(), 2);
      assertThat(meets).hasSize(s.outputs() / 2).allMatch(m -> m.outputs() == 2);
    }
  }
}
