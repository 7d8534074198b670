package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.testkit.Conformance;
import dev.cortado.testkit.OpSpec;
import dev.cortado.testkit.OpSpecs;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every op over sizes, layouts, extreme numbers and thread counts, with the loops that are written
 * for a size: that those for all sizes have the same bits is shown where convolutions and products
 * are. Runs once for each lane width; see the module's pom.
 */
class SimdConformanceTest {
  private static final int CASES = Integer.getInteger("cortado.conformance.cases", 32);

  static List<OpSpec> specs() {
    return OpSpecs.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("specs")
  void wholeNumbersAreExact(OpSpec spec) {
    var conformance = new Conformance(SimdBackend.INSTANCE);
    Tiers.with(
        Tiers.Mode.SPECIAL,
        () -> {
          for (long seed = 0; seed < CASES / 4; seed++) {
            conformance.checkWhole(spec, seed);
          }
        });
  }

  @Test
  void manyOpsTakeWholeNumbers() {
    var conformance = new Conformance(SimdBackend.INSTANCE);
    long takers =
        specs().stream()
            .filter(s -> conformance.checkWhole(s, 1) || conformance.checkWhole(s, 2))
            .count();
    assertThat(takers).isGreaterThan(40);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("specs")
  void agreesWithTheDefinition(OpSpec spec) {
    Tiers.with(
        Tiers.Mode.SPECIAL, () -> new Conformance(SimdBackend.INSTANCE).check(spec, 0, CASES));
  }
}
