package dev.cortado.vision.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cortado.autograd.Autograd;
import dev.cortado.autograd.Gradients;
import dev.cortado.nn.Losses;
import dev.cortado.nn.Parameter;
import dev.cortado.tensor.Backends;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Tensor;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loss, every gradient and every buffer of tiny models after one step of training. */
class GoldenTrainTest {
  @ParameterizedTest
  @ValueSource(strings = {"tiny_effnet_v1", "tiny_effnet_v2", "tiny_vit", "tiny_vit_rep"})
  void inDoublePrecisionOnTheReference(String name) {
    Backends.with(
        Backends.reference(),
        () -> {
          // Golden numbers are F64; what both sides round differently stays below this.
          check(GoldenModel.read(name), DType.F64, 1e-10);
          return name;
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny_effnet_v1", "tiny_effnet_v2", "tiny_vit", "tiny_vit_rep"})
  void inSinglePrecision(String name) {
    check(GoldenModel.read(name), DType.F32, 1e-6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"efficientnet_b0", "vit_b_16"})
  void publishedModelsInSinglePrecision(String name) {
    assumeFalse(
        Backends.current().name().equals("reference"),
        "skipped: " + name + " takes minutes on the reference backend");
    var golden = GoldenModel.read(name);
    var c = golden.onlyCase("train");
    var model = golden.model(DType.F32);
    var loss = loss(model, c, DType.F32);
    double expected = c.get("loss_f64").asDouble();
    double noise = Math.abs(expected - c.get("loss_f32").asDouble());
    assertThat(loss.item()).isCloseTo(expected, within(8 * noise + 1e-6 * expected));
    var gradients = Autograd.backward(loss);
    var zero = zeroGradients(c);
    model
        .parameters()
        .forEach(
            (key, parameter) -> {
              if (!zero.contains(key)) {
                checkNorm(key, gradients.of(parameter.tensor()), c.get("gradients").get(key));
              }
            });
  }

  /** Norms differ by less than the norm of the difference. */
  private static void checkNorm(String key, Tensor gradient, JsonNode facts) {
    double squares = 0;
    for (double v : gradient.toDoubles()) {
      squares += v * v;
    }
    double l2 = facts.get("l2_f64").asDouble();
    double tolerance = 8 * facts.get("diff_l2").asDouble() + 1e-6 * l2;
    assertThat(Math.sqrt(squares)).as("norm of %s", key).isCloseTo(l2, within(tolerance));
    double[] values = gradient.toDoubles();
    for (int i = 0; i < facts.get("first8_f64").size(); i++) {
      double expected = facts.get("first8_f64").get(i).asDouble();
      assertThat(values[i]).as("%s, element %d", key, i).isCloseTo(expected, within(tolerance));
    }
  }

  private static Tensor loss(Model model, JsonNode c, DType dtype) {
    var logits = model.apply(GoldenModel.input(c, ".step0", dtype));
    var labels = GoldenModel.labels(c, ".step0");
    return Losses.crossEntropy(logits, labels, c.path("label_smoothing").asDouble());
  }

  private static void check(GoldenModel golden, DType dtype, double relative) {
    var c = golden.onlyCase("train");
    var model = golden.model(dtype);
    var loss = loss(model, c, dtype);
    double expected = c.get("loss_f64").asDouble();
    double noise = Math.abs(expected - c.get("loss_f32").asDouble());
    // The loss in the JSON has 12 digits.
    assertThat(loss.item())
        .isCloseTo(expected, within(slack(dtype, noise) + Math.max(relative, 1e-11) * expected));
    checkGradients(golden, c, model, Autograd.backward(loss), relative);
    checkBuffers(golden, c, model, relative);
  }

  private static double slack(DType dtype, double noise) {
    return dtype == DType.F32 ? 8 * noise : 0;
  }

  private static void checkGradients(
      GoldenModel golden, JsonNode c, Model model, Gradients gradients, double relative) {
    var zero = zeroGradients(c);
    double norm = c.get("grad_norm_f64").asDouble();
    model
        .parameters()
        .forEach(
            (name, parameter) -> {
              var actual = gradients.of(parameter.tensor());
              var expected = golden.tensor("train/grad/" + name);
              var facts = c.get("gradients").get(name);
              double noise = slack(type(parameter), facts.get("max_abs_diff").asDouble());
              double scale = zero.contains(name) ? norm : GoldenModel.largest(expected);
              GoldenModel.assertClose(
                  "gradient of " + name, actual, expected, noise + relative * scale);
            });
  }

  private static DType type(Parameter parameter) {
    return parameter.spec().dtype();
  }

  /** Gradients that are 0 but for rounding noise, which has no scale of its own. */
  private static Set<String> zeroGradients(JsonNode c) {
    var names = new HashSet<String>();
    c.get("zero_gradient_keys").forEach(name -> names.add(name.asText()));
    return names;
  }

  private static void checkBuffers(GoldenModel golden, JsonNode c, Model model, double relative) {
    model
        .buffers()
        .forEach(
            (name, buffer) -> {
              if (name.endsWith("num_batches_tracked")) {
                assertThat(buffer.value().item()).isEqualTo(1);
                return;
              }
              Tensor expected = golden.tensor("train/buffer/" + name);
              var facts = c.get("buffers_after_one_forward").get(name);
              double noise = slack(buffer.spec().dtype(), facts.get("max_abs_diff").asDouble());
              GoldenModel.assertClose(
                  name, buffer.value(), expected, noise + relative * GoldenModel.largest(expected));
            });
  }
}
