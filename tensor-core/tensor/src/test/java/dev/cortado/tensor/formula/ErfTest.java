package dev.cortado.tensor.formula;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ErfTest {
  @Test
  void agreesWithCommonsMath() {
    for (double x = -7; x <= 7; x += 0.00731) {
      double expected = org.apache.commons.math3.special.Erf.erf(x);
      assertThat(Erf.erf(x)).as("erf(%s)", x).isCloseTo(expected, within(4e-15));
    }
  }

  @Test
  void isPreciseRelativelyNearZero() {
    for (double x = 1e-300; x < 1e-3; x *= 10) {
      double expected = x * 2 / Math.sqrt(Math.PI) * (1 - x * x / 3);
      assertThat(Erf.erf(x) / expected).isCloseTo(1, within(1e-12));
    }
  }

  @Test
  void isOddAndKeepsWhatIsNoNumber() {
    assertThat(Erf.erf(-0.0)).isEqualTo(-0.0);
    assertThat(Erf.erf(Double.NaN)).isNaN();
    assertThat(Erf.erf(Double.POSITIVE_INFINITY)).isEqualTo(1);
    assertThat(Erf.erf(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
    for (double x = 0; x < 8; x += 0.1) {
      assertThat(Erf.erf(-x)).isEqualTo(-Erf.erf(x));
    }
  }
}
