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
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import dev.cortado.testkit.GoldenGenerator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
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
    checkPublished(GoldenModel.read(name), DType.F32);
  }

  /** The only published one that the reference computes in seconds. */
  @Test
  void efficientNetInDoublePrecisionOnTheReference() {
    Backends.with(
        Backends.reference(),
        () -> {
          checkPublished(GoldenModel.read("efficientnet_b0"), DType.F64);
          return true;
        });
  }

  private static void checkPublished(GoldenModel golden, DType dtype) {
    var c = golden.onlyCase("train");
    var model = golden.model(dtype);
    var loss = loss(model, c, dtype);
    checkNumber("loss", loss.item(), c, "loss", dtype);
    var gradients = Autograd.backward(loss);
    var zero = zeroGradients(c);
    double[] squares = new double[1];
    model
        .parameters()
        .forEach(
            (key, parameter) -> {
              double[] values = gradients.of(parameter.tensor()).toDoubles();
              double norm = norm(values);
              squares[0] += norm * norm;
              if (!zero.contains(key)) {
                checkFacts("gradient of " + key, values, c.get("gradients").get(key), dtype);
              }
            });
    checkNumber("norm of all gradients", Math.sqrt(squares[0]), c, "grad_norm", dtype);
    checkStatistics(model, c, dtype);
  }

  private static void checkStatistics(Model model, JsonNode c, DType dtype) {
    model
        .buffers()
        .forEach(
            (key, buffer) -> {
              double[] values = buffer.value().toDoubles();
              if (key.endsWith("num_batches_tracked")) {
                assertThat(values).as(key).containsExactly(1);
              } else {
                checkFacts(key, values, c.get("buffers_after_one_forward").get(key), dtype);
              }
            });
  }

  private static void checkNumber(
      String what, double actual, JsonNode c, String field, DType dtype) {
    double expected = c.get(field + "_f64").asDouble();
    double noise = slack(dtype, Math.abs(expected - c.get(field + "_f32").asDouble()));
    assertThat(actual).as(what).isCloseTo(expected, within(noise + relative(dtype) * expected));
  }

  /** In F64 both sides agree to what the facts have of digits. */
  private static double relative(DType dtype) {
    return dtype == DType.F64 ? 1e-9 : 1e-6;
  }

  private static double norm(double[] values) {
    double squares = 0;
    for (double v : values) {
      squares += v * v;
    }
    return Math.sqrt(squares);
  }

  /** Norms differ by less than the norm of the difference. */
  private static void checkFacts(String what, double[] values, JsonNode facts, DType dtype) {
    double l2 = facts.get("l2_f64").asDouble();
    double tolerance = slack(dtype, facts.get("diff_l2").asDouble()) + relative(dtype) * l2;
    assertThat(norm(values)).as("norm of %s", what).isCloseTo(l2, within(tolerance));
    for (int i = 0; i < facts.get("first8_f64").size(); i++) {
      double expected = facts.get("first8_f64").get(i).asDouble();
      assertThat(values[i]).as("%s, element %d", what, i).isCloseTo(expected, within(tolerance));
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

  @ParameterizedTest
  @ValueSource(strings = {"efficientnet_b0", "vit_b_16"})
  void fineTuningTheHeadOnly(String name) {
    assumeFalse(
        Backends.current().name().equals("reference"),
        "skipped: " + name + " takes minutes on the reference backend");
    fineTuneAll(GoldenModel.read(name), DType.F32);
  }

  @Test
  void fineTuningInDoublePrecisionOnTheReference() {
    Backends.with(
        Backends.reference(),
        () -> {
          fineTuneAll(GoldenModel.read("efficientnet_b0"), DType.F64);
          return true;
        });
  }

  private static void fineTuneAll(GoldenModel golden, DType dtype) {
    for (var c : golden.cases("finetune")) {
      var model = golden.model(dtype);
      int classes = 3;
      model.replaceHead(classes, RandomKey.of(0));
      for (var key : model.classifierKeys()) {
        var entry = model.entries().get(key);
        var seedTag = c.get("head_seed_tag").asText();
        entry.assign(GoldenGenerator.entry(seedTag, key, entry.spec().shape()).to(dtype));
      }
      boolean frozen = c.get("trunk_mode").asText().equals("eval");
      if (frozen) {
        model.freeze("features");
      }
      fineTune(golden, c, model, dtype);
    }
  }

  /** Steps of SGD with momentum on the head: buf = m · buf + g, p = p − lr · buf. */
  private static void fineTune(GoldenModel golden, JsonNode c, Model model, DType dtype) {
    double rate = c.get("optimizer").get("lr").asDouble();
    double momentum = c.get("optimizer").get("momentum").asDouble();
    var buffers = new HashMap<String, Tensor>();
    for (int step = 0; step < c.get("steps").asInt(); step++) {
      var images = GoldenModel.input(c, ".step" + step, dtype);
      var features = Autograd.noGrad(() -> model.features(images));
      var labels =
          GoldenGenerator.labels(
              c.get("labels").asText() + ".step" + step, images.dim(0), model.classes());
      var loss = Losses.crossEntropy(model.head(features), labels);
      double expected = c.get("losses_f64").get(step).asDouble();
      double noise = Math.abs(expected - c.get("losses_f32").get(step).asDouble());
      assertThat(loss.item())
          .as("%s, loss of step %d", c.get("id"), step)
          .isCloseTo(expected, within(slack(dtype, noise) + 2 * relative(dtype) * expected));
      var gradients = Autograd.backward(loss);
      for (var key : model.classifierKeys()) {
        var parameter = model.parameters().get(key);
        var gradient = gradients.of(parameter.tensor());
        var buffer = buffers.merge(key, gradient, (old, g) -> old.mul(momentum).add(g));
        parameter.assign(parameter.value().sub(buffer.mul(rate)));
      }
    }
    double noise = c.get("head_max_abs_diff_f32_f64").asDouble();
    for (var part : List.of("weight", "bias")) {
      var expected = golden.tensor(c.get("id").asText() + "/head." + part + "_f64");
      var actual = model.state().get(model.classifierName() + "." + part);
      // The expected numbers were rounded to F32.
      double rounding = 1e-7 * GoldenModel.largest(expected);
      double tolerance =
          slack(dtype, noise) + rounding + relative(dtype) * GoldenModel.largest(expected);
      GoldenModel.assertClose(c.get("id") + " head." + part, actual, expected, tolerance);
    }
  }
}
