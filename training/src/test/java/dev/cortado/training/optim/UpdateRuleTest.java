package dev.cortado.training.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import org.junit.jupiter.api.Test;

/** What rules refuse. */
class UpdateRuleTest {
  /** Without a momentum Nesterov's would be plain descent, and nobody would notice. */
  @Test
  void nesterovNeedsAMomentumAndNoDampening() {
    assertThatThrownBy(() -> new UpdateRule.Sgd(0, 0, true, 0))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("got 0.0 and 0.0");
    assertThatThrownBy(() -> new UpdateRule.Sgd(0.9, 0.1, true, 0))
        .hasMessageContaining("no dampening");
    assertThatThrownBy(() -> new UpdateRule.Sgd(0.9, 1.5, false, 0))
        .hasMessageContaining("dampening");
    assertThat(new UpdateRule.Sgd(0.9, 1, false, 0).slots()).isOne();
    assertThat(new UpdateRule.Sgd(0.9, 0, true, 0).slots()).isOne();
  }
}
