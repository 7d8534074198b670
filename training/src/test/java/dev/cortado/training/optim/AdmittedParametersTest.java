package dev.cortado.training.optim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.autograd.Autograd;
import dev.cortado.nn.Layer;
import dev.cortado.nn.Linear;
import dev.cortado.nn.Sequential;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Parameters that an optimiser gets to know only on the way. */
class AdmittedParametersTest {
  private static final Tensor X = Tensor.normal(RandomKey.of(2), 5, 3);

  private static Sequential network() {
    return Layer.initialized(new Sequential(new Linear(3, 4), new Linear(4, 2)), RandomKey.of(1));
  }

  private static void step(Layer network, Optimizer optimizer) {
    optimizer.step(Autograd.backward(network.apply(X).square().sum()));
  }

  @Test
  void theyStartAsWithANewOptimizerAndTheOthersGoOn() {
    var network = network();
    network.freeze("0");
    var optimizer = new Optimizer(UpdateRule.Adam.standard(), network.parameters(), 0.01);
    for (int i = 0; i < 20; i++) {
      step(network, optimizer);
    }
    var unchanged = network().state();
    assertThat(network.state().get("0.weight").toFloats())
        .isEqualTo(unchanged.get("0.weight").toFloats());

    var twin = Layer.copyOf(network);
    network.unfreeze("0");
    optimizer.admit(network.parameters());
    step(network, optimizer);
    twin.unfreeze("0");
    step(twin, new Optimizer(UpdateRule.Adam.standard(), twin.parameters(), 0.01));

    float[] moved = network.state().get("0.weight").toFloats();
    assertThat(moved).isNotEqualTo(unchanged.get("0.weight").toFloats());
    assertThat(moved).isEqualTo(twin.state().get("0.weight").toFloats());
    // Those that were there before remember: a new optimiser would have moved them otherwise.
    assertThat(network.state().get("1.weight").toFloats())
        .isNotEqualTo(twin.state().get("1.weight").toFloats());
    assertThat(optimizer.state()).containsKey("0.weight.since").doesNotContainKey("1.weight.since");
    assertThat(optimizer.state().get("0.weight.since").item()).isEqualTo(20);
  }

  @Test
  void nobodyIsAdmittedTwice() {
    var network = network();
    var once = new Optimizer(UpdateRule.Adam.standard(), network.parameters(), 0.01);
    var twin = Layer.copyOf(network);
    var again = new Optimizer(UpdateRule.Adam.standard(), twin.parameters(), 0.01);
    for (int i = 0; i < 3; i++) {
      step(network, once);
      again.admit(twin.parameters());
      step(twin, again);
    }
    assertThat(twin.state().get("0.weight").toFloats())
        .isEqualTo(network.state().get("0.weight").toFloats());
  }
}
