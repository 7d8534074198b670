package dev.cortado.training.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.autograd.Autograd;
import dev.cortado.nn.Conv2d;
import dev.cortado.nn.Layer;
import dev.cortado.nn.Linear;
import dev.cortado.nn.Sequential;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Optimisers that go on where others were. */
class ResumedOptimizerTest {
  private static final Tensor X = Tensor.normal(RandomKey.of(2), 5, 3);

  static Stream<UpdateRule> rules() {
    return Stream.of(
        new UpdateRule.Sgd(0, 0, false, 0),
        new UpdateRule.Sgd(0.9, 0.1, false, 0.01),
        UpdateRule.Adam.standard(),
        new UpdateRule.RmsProp(0.9, 1e-8, 0.9, true, 0));
  }

  private static Sequential network() {
    return Layer.initialized(new Sequential(new Linear(3, 4), new Linear(4, 2)), RandomKey.of(1));
  }

  private static void steps(Layer network, Optimizer optimizer, int count) {
    for (int i = 0; i < count; i++) {
      try (var scope = Scope.open()) {
        optimizer.step(Autograd.backward(network.apply(X).square().sum()));
      }
    }
  }

  private static void assertSameNumbers(Map<String, Tensor> a, Map<String, Tensor> b) {
    assertThat(a.keySet()).isEqualTo(b.keySet());
    a.forEach(
        (name, tensor) ->
            assertThat(tensor.toDoubles()).as(name).containsExactly(b.get(name).toDoubles()));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void resumingGivesTheBitsOfGoingOn(UpdateRule rule) {
    var network = network();
    network.freeze("0");
    var optimizer = new Optimizer(rule, network.parameters(), 0.01);
    steps(network, optimizer, 3);
    network.unfreeze("0");
    optimizer.admit(network.parameters());
    steps(network, optimizer, 4);

    var twin = Layer.copyOf(network);
    var resumed = new Optimizer(rule, twin.parameters(), 0.01);
    resumed.load(optimizer.state());
    assertThat(resumed.steps()).isEqualTo(7);
    assertSameNumbers(resumed.state(), optimizer.state());

    steps(network, optimizer, 5);
    steps(twin, resumed, 5);
    assertSameNumbers(twin.state(), network.state());
    assertSameNumbers(resumed.state(), optimizer.state());
  }

  /** Channels-last parameters have such a memory, too; the state may come from a file. */
  @Test
  void theStateMayLieInMemoryInAnotherWay() {
    var network = Layer.initialized(new Conv2d(3, 4, 3), RandomKey.of(1));
    network.mapState(x -> x.rank() == 4 ? x.channelsLast() : x);
    var twin = Layer.copyOf(network);
    var optimizer = new Optimizer(UpdateRule.Adam.standard(), network.parameters(), 0.01);
    var images = Tensor.normal(RandomKey.of(5), 2, 3, 6, 6);
    optimizer.step(Autograd.backward(network.apply(images).square().sum()));
    twin.load(network.state(), true);
    var state = new LinkedHashMap<String, Tensor>();
    optimizer.state().forEach((name, x) -> state.put(name, x.contiguous()));
    var resumed = new Optimizer(UpdateRule.Adam.standard(), twin.parameters(), 0.01);
    resumed.load(state);
    optimizer.step(Autograd.backward(network.apply(images).square().sum()));
    resumed.step(Autograd.backward(twin.apply(images).square().sum()));
    assertSameNumbers(twin.state(), network.state());
  }

  @Test
  void whatDoesNotFitIsRefusedAndChangesNothing() {
    var network = network();
    var optimizer = new Optimizer(UpdateRule.Adam.standard(), network.parameters(), 0.01);
    steps(network, optimizer, 2);
    var state = optimizer.state();
    var fresh = new Optimizer(UpdateRule.Adam.standard(), network().parameters(), 0.01);
    // What state() returns is the memory itself, which would change with it.
    var before = new LinkedHashMap<String, double[]>();
    fresh.state().forEach((name, x) -> before.put(name, x.toDoubles()));
    refused(fresh, state, "steps", null, "needs a whole number (I64) for steps");
    refused(fresh, state, "1.bias.1", null, "needs F32[2] for 1.bias.1, got nothing");
    refused(fresh, state, "1.bias.1", Tensor.zeros(3), "F32[2] for 1.bias.1, got F32[3]");
    refused(fresh, state, "1.bias.0", Tensor.zeros(2).to(DType.F64), "for 1.bias.0, got F64[2]");
    refused(fresh, state, "2.weight.0", Tensor.zeros(3), "has something for 2.weight.0");
    refused(fresh, state, "1.bias.2", Tensor.zeros(2), "has something for 1.bias.2");
    refused(fresh, state, "1.bias.since", Tensor.zeros(1), "I64) for 1.bias.since");
    refused(fresh, state, "steps", count(-3), "steps = -3");
    refused(fresh, state, "1.bias.since", count(-1), "1.bias.since = -1: a parameter comes in");
    refused(fresh, state, "1.bias.since", count(3), "after 0 to 2 steps");
    assertThat(fresh.steps()).isZero();
    var after = fresh.state();
    assertThat(after.keySet()).isEqualTo(before.keySet());
    before.forEach((name, x) -> assertThat(after.get(name).toDoubles()).as(name).isEqualTo(x));
  }

  /** Who came in after the last step makes its first one next. */
  @Test
  void whoJustCameInIsAccepted() {
    var network = network();
    var optimizer = new Optimizer(UpdateRule.Adam.standard(), network.parameters(), 0.01);
    steps(network, optimizer, 2);
    var state = new LinkedHashMap<>(optimizer.state());
    state.put("1.bias.since", count(2));
    var resumed = new Optimizer(UpdateRule.Adam.standard(), network.parameters(), 0.01);
    resumed.load(state);
    steps(network, resumed, 1);
    network.state().values().forEach(x -> assertThat(x.isFinite().toDoubles()).containsOnly(1));
  }

  private static Tensor count(long number) {
    return Tensor.of(new long[] {number});
  }

  private static void refused(
      Optimizer optimizer,
      Map<String, Tensor> state,
      String key,
      @org.jspecify.annotations.Nullable Tensor x,
      String says) {
    var changed = new LinkedHashMap<>(state);
    if (x == null) {
      changed.remove(key);
    } else {
      changed.put(key, x);
    }
    assertThatThrownBy(() -> optimizer.load(changed))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining(says);
  }
}
