package dev.cortado.training.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cortado.autograd.Autograd;
import dev.cortado.nn.Initializer;
import dev.cortado.nn.Layer;
import dev.cortado.nn.Parameter;
import dev.cortado.tensor.Backends;
import dev.cortado.tensor.Tensor;
import dev.cortado.testkit.Golden;
import dev.cortado.testkit.Golden.Attributes;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Five steps of each optimiser, beside those of another framework. */
class GoldenOptimizerTest {
  static Stream<Golden.Case> cases() {
    var folder = Golden.folder();
    assumeTrue(folder.isPresent(), "skipped: there is no ../shared/golden");
    var cases =
        Golden.ops(folder.orElseThrow()).stream().filter(c -> c.op().equals("optimizer")).toList();
    assertThat(cases).hasSize(13);
    return cases.stream();
  }

  /** Seven numbers. */
  private static final class Numbers extends Layer {
    final Parameter values = parameter("values", Initializer.ZEROS, 7);

    @Override
    public Tensor forward(Tensor x) {
      return values.tensor().mul(x).sum(); // the gradient is x
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyStepIsTheSame(Golden.Case golden) {
    check(golden, steps(golden));
    check(golden, Backends.with(Backends.reference(), () -> steps(golden)));
  }

  private static void check(Golden.Case golden, Tensor steps) {
    var expected = golden.outputs().get("y");
    assertThat(expected).isNotNull();
    assertThat(expected.difference(steps)).isNull();
  }

  /** Returns the parameter after each step, [steps, n]. */
  private static Tensor steps(Golden.Case golden) {
    var start = golden.inputs().get("p0");
    var gradients = golden.inputs().get("g");
    assertThat(start).isNotNull();
    assertThat(gradients).isNotNull();
    var numbers = new Numbers();
    numbers.values.assign(start.copy());
    var settings = golden.attributes();
    var optimizer =
        new Optimizer(rule(settings), numbers.parameters(), settings.number("lr", Double.NaN));
    var after = new ArrayList<Tensor>();
    for (int step = 0; step < gradients.dim(0); step++) {
      if (settings.has("lrs")) {
        optimizer.learningRate(settings.numbers("lrs")[step]);
      }
      var loss = numbers.apply(gradients.select(0, step));
      optimizer.step(Autograd.backward(loss));
      after.add(numbers.values.value().copy());
    }
    assertThat(optimizer.steps()).isEqualTo(after.size());
    return Tensor.cat(0, after).reshape(after.size(), 7);
  }

  private static UpdateRule rule(Attributes settings) {
    var name = settings.text("name", "");
    // What a case does not state is torch's default.
    double decay = settings.number("weight_decay", name.equals("AdamW") ? 0.01 : 0);
    if (name.equals("SGD")) {
      return new UpdateRule.Sgd(
          settings.number("momentum", 0),
          settings.number("dampening", 0),
          settings.flag("nesterov", false),
          decay);
    }
    if (name.equals("RMSprop")) {
      return new UpdateRule.RmsProp(
          settings.number("alpha", 0.99),
          settings.number("eps", 1e-8),
          settings.number("momentum", 0),
          settings.flag("centered", false),
          decay);
    }
    if (name.equals("Adagrad")) {
      return new UpdateRule.Adagrad(
          settings.number("lr_decay", 0), settings.number("eps", 1e-10), 0, decay);
    }
    double[] betas = settings.has("betas") ? settings.numbers("betas") : new double[] {0.9, 0.999};
    return new UpdateRule.Adam(
        betas[0],
        betas[1],
        settings.number("eps", 1e-8),
        decay,
        name.equals("AdamW"),
        settings.flag("amsgrad", false));
  }
}
