package dev.cortado.training.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cortado.autograd.Autograd;
import dev.cortado.nn.BatchNorm2d;
import dev.cortado.nn.Losses;
import dev.cortado.tensor.Backends;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.io.Safetensors;
import dev.cortado.tensor.op.TensorSpec;
import dev.cortado.testkit.GoldenGenerator;
import dev.cortado.testkit.SharedData;
import dev.cortado.vision.model.Architecture;
import dev.cortado.vision.model.EfficientNetArchitecture;
import dev.cortado.vision.model.EfficientNetArchitecture.Block;
import dev.cortado.vision.model.EfficientNetArchitecture.Stage;
import dev.cortado.vision.model.Model;
import dev.cortado.vision.model.Models;
import dev.cortado.vision.model.VisionTransformerArchitecture;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Models after three steps of each optimiser, beside another framework's. */
class GoldenStepsTest {
  /**
   * They divide by the gradient's size, so that a gradient of rounding errors alone counts: in F32
   * these parameters are left out. In F64 the errors are too small to count, and with an eps of
   * 1e-4 always.
   */
  private static final Set<String> NOISY = Set.of("adam", "adamw", "rmsprop");

  /**
   * How many times PyTorch's own F32 error may be. For the same reason twice as much for those
   * optimisers: a bias of four elements, whose gradient nearly cancels, moves by a thousandth of a
   * step with the order of a sum.
   */
  private static double errors(String optimizer) {
    return NOISY.contains(optimizer) ? 16 : 8;
  }

  static Stream<Arguments> tinyModels() {
    return Stream.of(
            steps("tiny_effnet_v1", "sgd_plain", "sgd", "sgd_dampening", "adam", "adamw"),
            steps("tiny_effnet_v1", "adamw_eps1e-4", "rmsprop"),
            steps("tiny_effnet_v2", "sgd", "rmsprop", "adamw_eps1e-4"),
            steps("tiny_vit", "sgd_plain", "adam", "adamw_eps1e-4", "rmsprop"),
            steps("tiny_vit_rep", "sgd", "adamw_eps1e-4"))
        .flatMap(steps -> steps);
  }

  private static Stream<Arguments> steps(String model, String... optimizers) {
    return Stream.of(optimizers).map(optimizer -> Arguments.of(model, optimizer));
  }

  @ParameterizedTest
  @MethodSource("tinyModels")
  void threeStepsLeadToTheSameParameters(String name, String optimizer) {
    var folder = SharedData.path("golden/golden");
    var golden = SharedData.json(folder.resolve(name + ".json"));
    var numbers = Safetensors.read(folder.resolve(name + ".safetensors"));
    var c = find(golden.get("cases"), "kind", "train");
    var settings = find(c.get("optimizers"), "id", optimizer);
    var facts = c.get("after_steps").get(optimizer);
    // In F64, so that what differs is the rule and not the rounding of gradients.
    var model =
        Backends.with(Backends.reference(), () -> trained(name, golden, c, settings, facts));
    model
        .parameters()
        .forEach(
            (key, parameter) -> {
              var expected = numbers.tensor("train/" + optimizer + "/param/" + key);
              assertSame(key, parameter.value(), expected);
            });
  }

  /** The same in F32, on the fastest backend, within what F32 moves PyTorch's own. */
  @ParameterizedTest
  @MethodSource("tinyModels")
  void threeStepsInF32LeadToTheSameParameters(String name, String optimizer) {
    var golden = SharedData.json("golden/golden/" + name + ".json");
    var c = find(golden.get("cases"), "kind", "train");
    var facts = c.get("after_steps").get(optimizer);
    var model = model(name, golden.get("config"));
    train(model, c, find(c.get("optimizers"), "id", optimizer), facts, DType.F32);
    assertParameters(model, optimizer, c, facts);
  }

  /** In F32 on the fastest backend; on the reference these take minutes. */
  @ParameterizedTest
  @CsvSource({
    "efficientnet_b0, sgd",
    "efficientnet_b0, adamw",
    "efficientnet_b0, adamw_eps1e-4",
    "vit_b_16, sgd",
    "vit_b_16, adamw",
  })
  void threeStepsOfPublishedModels(String name, String optimizer) {
    assumeFalse(
        Backends.current().name().equals("reference"),
        "skipped: " + name + " takes minutes on the reference backend");
    var golden = SharedData.json("golden/golden/" + name + ".json");
    var c = find(golden.get("cases"), "kind", "train");
    var facts = c.get("after_steps").get(optimizer);
    var model =
        switch (Models.architecture(name)) {
          case EfficientNetArchitecture net ->
              net.withDropout(0, 0).build(c.get("num_classes").asInt());
          case VisionTransformerArchitecture vit -> vit.build(c.get("num_classes").asInt());
        };
    load(model);
    train(model, c, find(c.get("optimizers"), "id", optimizer), facts, DType.F32);
    assertParameters(model, optimizer, c, facts);
    model
        .buffers()
        .forEach(
            (key, buffer) -> {
              if (key.endsWith("num_batches_tracked")) {
                assertThat(buffer.value().item()).isEqualTo(3);
              } else {
                assertFacts(key, buffer.value(), facts.get("buffers").get(key), errors(optimizer));
              }
            });
  }

  private static void assertParameters(Model model, String optimizer, JsonNode c, JsonNode facts) {
    var skipped = NOISY.contains(optimizer) ? zeroGradients(c) : Set.of();
    model
        .parameters()
        .forEach(
            (key, parameter) -> {
              if (!skipped.contains(key)) {
                var expected = facts.get("parameters").get(key);
                assertFacts(key, parameter.value(), expected, errors(optimizer));
              }
            });
  }

  private static void assertFacts(String key, Tensor actual, JsonNode facts, double errors) {
    double[] values = actual.toDoubles();
    double squares = 0;
    for (double v : values) {
      squares += v * v;
    }
    double l2 = facts.get("l2_f64").asDouble();
    double tolerance = errors * facts.get("diff_l2").asDouble() + 1e-6 * l2;
    assertThat(Math.sqrt(squares)).as("norm of %s", key).isCloseTo(l2, within(tolerance));
    for (int i = 0; i < facts.get("first8_f64").size(); i++) {
      double expected = facts.get("first8_f64").get(i).asDouble();
      assertThat(values[i]).as("%s, element %d", key, i).isCloseTo(expected, within(tolerance));
    }
  }

  private static Model trained(
      String name, JsonNode golden, JsonNode c, JsonNode settings, JsonNode facts) {
    var model = model(name, golden.get("config"));
    model.to(DType.F64);
    train(model, c, settings, facts, DType.F64);
    return model;
  }

  private static void train(
      Model model, JsonNode c, JsonNode settings, JsonNode facts, DType dtype) {
    model.train();
    var optimizer =
        new Optimizer(rule(settings), model.parameters(), settings.get("lr").asDouble(), clip(c));
    for (int step = 0; step < c.get("steps").asInt(); step++) {
      int[] shape = SharedData.shape(c.get("shape"));
      var images = GoldenGenerator.image(c.get("input").asText() + ".step" + step, shape);
      var labels =
          GoldenGenerator.labels(
              c.get("labels").asText() + ".step" + step, shape[0], c.get("num_classes").asInt());
      var logits = model.apply(images.to(dtype));
      var loss = Losses.crossEntropy(logits, labels, c.path("label_smoothing").asDouble());
      double expected = facts.get("losses_f64").get(step).asDouble();
      double tolerance = dtype == DType.F64 ? 1e-9 : 8 * noise(facts) + 1e-6 * expected;
      assertThat(loss.item()).as("loss %d", step).isCloseTo(expected, within(tolerance));
      optimizer.step(Autograd.backward(loss));
    }
  }

  /** By how much F32 moves the loss: what one step shows by chance says little, so the most. */
  private static double noise(JsonNode facts) {
    double noise = 0;
    for (int step = 0; step < facts.get("losses_f64").size(); step++) {
      double difference =
          facts.get("losses_f64").get(step).asDouble()
              - facts.get("losses_f32").get(step).asDouble();
      noise = Math.max(noise, Math.abs(difference));
    }
    return noise;
  }

  private static void assertSame(String key, Tensor actual, Tensor expected) {
    assertThat(actual.shape()).as(key).isEqualTo(expected.shape());
    double[] a = actual.toDoubles();
    double[] e = expected.toDoubles();
    for (int i = 0; i < a.length; i++) {
      // What is expected was computed in F64 and rounded to F32.
      double rounding = Math.ulp((float) e[i]) / 2.0;
      assertThat(a[i]).as("%s, element %d", key, i).isCloseTo(e[i], within(rounding + 1e-9));
    }
  }

  private static JsonNode find(JsonNode list, String field, String value) {
    for (var node : list) {
      if (node.get(field).asText().equals(value)) {
        return node;
      }
    }
    throw new AssertionError("there is no " + field + " " + value);
  }

  /** Gradients that are zero but for rounding, which Adam turns into whole steps. */
  private static Set<String> zeroGradients(JsonNode c) {
    var keys = new HashSet<String>();
    c.get("zero_gradient_keys").forEach(key -> keys.add(key.asText()));
    return keys;
  }

  private static GradientClip clip(JsonNode c) {
    return c.hasNonNull("clip_grad_norm")
        ? new GradientClip.ByNorm(c.get("clip_grad_norm").asDouble())
        : GradientClip.NONE;
  }

  private static UpdateRule rule(JsonNode settings) {
    double decay = settings.path("weight_decay").asDouble(0);
    var name = settings.get("name").asText();
    if (name.equals("SGD")) {
      return new UpdateRule.Sgd(
          settings.path("momentum").asDouble(0),
          settings.path("dampening").asDouble(0),
          settings.path("nesterov").asBoolean(false),
          decay);
    }
    if (name.equals("RMSprop")) {
      return new UpdateRule.RmsProp(
          settings.get("alpha").asDouble(),
          settings.get("eps").asDouble(),
          settings.get("momentum").asDouble(),
          false,
          decay);
    }
    var betas = settings.get("betas");
    return new UpdateRule.Adam(
        betas.get(0).asDouble(),
        betas.get(1).asDouble(),
        settings.get("eps").asDouble(),
        decay,
        name.equals("AdamW"));
  }

  private static Model model(String name, JsonNode config) {
    var architecture = config.has("patch_size") ? transformer(name, config) : net(name, config);
    var model = architecture.build(config.get("num_classes").asInt());
    load(model);
    return model;
  }

  private static void load(Model model) {
    var specs = new LinkedHashMap<String, TensorSpec>();
    model.entries().forEach((key, entry) -> specs.put(key, entry.spec()));
    model.load(GoldenGenerator.state(specs), true);
  }

  private static Architecture net(String name, JsonNode config) {
    var stages = new ArrayList<Stage>();
    for (var s : config.get("blocks")) {
      var kind = s.get(0).asText().equals("mb") ? Block.MBCONV : Block.FUSED;
      int[] n = new int[7];
      for (int i = 1; i < n.length; i++) {
        n[i] = s.get(i).asInt();
      }
      stages.add(new Stage(kind, n[1], n[2], n[3], n[4], n[5], n[6]));
    }
    var base = (EfficientNetArchitecture) Models.architecture("efficientnet_b0");
    return new EfficientNetArchitecture(
        name,
        32,
        stages.getFirst().in(),
        stages,
        config.path("last_channel").asInt(4 * stages.getLast().out()),
        0,
        0,
        new BatchNorm2d.Settings(
            config.get("bn_eps").asDouble(), config.get("bn_momentum").asDouble()),
        base.activation(),
        true,
        false);
  }

  private static Architecture transformer(String name, JsonNode config) {
    return new VisionTransformerArchitecture(
        name,
        config.get("image_size").asInt(),
        config.get("patch_size").asInt(),
        config.get("num_layers").asInt(),
        config.get("num_heads").asInt(),
        config.get("hidden_dim").asInt(),
        config.get("mlp_dim").asInt(),
        config.path("representation_size").asInt(0),
        0,
        0);
  }
}
