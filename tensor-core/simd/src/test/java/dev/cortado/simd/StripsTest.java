package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class StripsTest {
  @Property
  void cutsRowsEvenlyAndWithoutGaps(
      @ForAll @IntRange(min = 1, max = 5000) int rows,
      @ForAll @IntRange(min = 1, max = 24) int most) {
    var strips = Strips.of(rows, most);
    int at = 0;
    for (int s = 0; s < strips.count(); s++) {
      assertThat(strips.at(s)).isEqualTo(at);
      assertThat(strips.height(s)).isBetween(1, most);
      assertThat(strips.height(0) - strips.height(s)).isBetween(0, 1);
      at += strips.height(s);
    }
    assertThat(strips.at(strips.count())).isEqualTo(at).isEqualTo(rows);
    // Lower strips than necessary are only cut where that makes all of them equal.
    if (strips.count() > Math.ceilDiv(rows, most)) {
      assertThat(strips.tall()).isEqualTo(strips.count());
      assertThat(strips.height())
          .isGreaterThanOrEqualTo(rows % 8 == 0 ? Math.min(8, most * 5 / 6) : most * 5 / 6);
    }
  }
}
