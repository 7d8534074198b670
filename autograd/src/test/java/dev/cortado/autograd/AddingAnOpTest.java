package dev.cortado.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.Backends;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Tensor;
import dev.cortado.testkit.Conformance;
import dev.cortado.testkit.Draw;
import dev.cortado.testkit.OpCase;
import dev.cortado.testkit.OpSpec;
import org.junit.jupiter.api.Test;

/** The example of docs/adding-an-op.md is proven as every op is. */
class AddingAnOpTest {
  /** What {@link Softsign} may be given: anything, but for derivatives not the kink at 0. */
  private static final OpSpec SPEC =
      new OpSpec(
          "Softsign",
          Softsign.class,
          true,
          d -> OpCase.of(new Softsign(), d.awayFrom(d.shape(0, 4), -8, 8, 0)));

  @Test
  void isTheFormula() {
    var x = Tensor.of(new float[] {-3, 0, 1}, 3);
    assertThat(x.apply(new Softsign()).toFloats()).containsExactly(-0.75f, 0, 0.5f);
  }

  @Test
  void derivativesAgreeWithDifferences() {
    for (long seed = 0; seed < 40; seed++) {
      var drawn = SPEC.draw(new Draw(seed, 4, DType.F64));
      GradCheck.DEFAULT.check(drawn.op(), drawn.inputs()).orThrow();
    }
  }

  @Test
  void everyBackendAgreesWithTheDefinition() {
    new Conformance(Backends.current()).check(SPEC, 0, 40);
  }

  @Test
  void theDerivativeAtTheKinkIsOne() {
    var x = Autograd.track(Tensor.of(new float[] {0}, 1));
    assertThat(Autograd.backward(x.apply(new Softsign())).of(x).item()).isEqualTo(1);
  }
}
