package dev.cortado.vision.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cortado.nn.Layer;
import dev.cortado.nn.LayerHook;
import dev.cortado.tensor.Backends;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logits and intermediate values of whole models in evaluation, as torchvision computes them. */
class GoldenEvalTest {
  /** Above the noise of the golden double-precision numbers, which have 12 digits. */
  private static final double DOUBLE_NOISE = 1e-9;

  @ParameterizedTest
  @ValueSource(strings = {"tiny_effnet_v1", "tiny_effnet_v2", "tiny_vit", "tiny_vit_rep"})
  void tinyModelsInDoublePrecisionOnTheReference(String name) {
    var golden = GoldenModel.read(name);
    Backends.with(
        Backends.reference(),
        () -> {
          for (var c : golden.cases("eval")) {
            checkPoints(golden, c);
          }
          return name;
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny_effnet_v1", "tiny_effnet_v2", "tiny_vit", "tiny_vit_rep"})
  void tinyModelsInSinglePrecisionOnBothBackends(String name) {
    var golden = GoldenModel.read(name);
    for (var backend : List.of(Backends.reference(), Backends.current())) {
      for (var c : golden.cases("eval")) {
        Backends.with(backend, () -> checkLogits(golden, c));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "efficientnet_b0, native",
    "efficientnet_b0, odd",
    "efficientnet_b0, min",
    "efficientnet_b2, odd",
    "efficientnet_v2_s, small",
    "efficientnet_v2_s, odd",
    "vit_b_16, native",
    "vit_b_32, native"
  })
  void publishedModelsInSinglePrecision(String name, String id) {
    assumeFalse(
        Backends.current().name().equals("reference"),
        "skipped: " + name + " takes minutes on the reference backend");
    var golden = GoldenModel.read(name);
    for (var c : golden.cases("eval")) {
      if (c.get("id").asText().equals(id)) {
        checkLogits(golden, c);
      }
    }
  }

  private static Model checkLogits(GoldenModel golden, JsonNode c) {
    var model = golden.model(DType.F32);
    model.eval();
    var logits = model.apply(GoldenModel.input(c, "", DType.F32));
    var expected = golden.tensor(c.get("id").asText() + "/logits_f64");
    double noise = c.get("logits").get("max_abs_diff_f32_f64").asDouble();
    double tolerance = 8 * noise + 1e-6 * GoldenModel.largest(expected);
    GoldenModel.assertClose(model.name() + " " + c.get("id"), logits, expected, tolerance);
    return model;
  }

  private static void checkPoints(GoldenModel golden, JsonNode c) {
    var model = golden.model(DType.F64);
    model.eval();
    var input = GoldenModel.input(c, "", DType.F64);
    // Unobserved, layers compute several steps in one pass.
    var logits = model.apply(input);
    var expected = golden.tensor(c.get("id").asText() + "/logits_f64");
    double tolerance = DOUBLE_NOISE * GoldenModel.largest(expected);
    GoldenModel.assertClose("logits", logits, expected, tolerance);
    var seen = observe(model, names(c.get("points")), input);
    for (var point : c.get("points").properties()) {
      var output = seen.get(point.getKey());
      assertThat(output).as(point.getKey()).isNotNull();
      checkPoint(point.getKey(), output, point.getValue());
    }
  }

  private static List<String> names(JsonNode points) {
    var names = new ArrayList<String>();
    points.properties().forEach(point -> names.add(point.getKey()));
    return names;
  }

  private static Map<String, Tensor> observe(Model model, List<String> names, Tensor input) {
    var outputs = new LinkedHashMap<String, Tensor>();
    for (var name : names) {
      var layer = model.layers().get(name);
      assertThat(layer).as(name).isNotNull();
      layer.addHook(
          new LayerHook() {
            @Override
            public void after(Layer observed, Tensor x, Tensor y) {
              outputs.put(name, y);
            }
          });
    }
    model.apply(input);
    return outputs;
  }

  private static void checkPoint(String name, Tensor output, JsonNode point) {
    assertThat(output.shape()).as(name).isEqualTo(GoldenModel.shapeOf(point));
    double[] values = output.toDoubles();
    double sum = 0;
    double squares = 0;
    for (double v : values) {
      sum += v;
      squares += v * v;
    }
    double mean = sum / values.length;
    double scale = point.get("absmax").asDouble();
    var close = within(DOUBLE_NOISE * scale);
    assertThat(mean).as(name + " mean").isCloseTo(point.get("mean").asDouble(), close);
    assertThat(Math.sqrt(squares))
        .as(name + " l2")
        .isCloseTo(point.get("l2").asDouble(), within(DOUBLE_NOISE * point.get("l2").asDouble()));
    assertThat(GoldenModel.largest(output)).as(name + " absmax").isCloseTo(scale, close);
    for (int i = 0; i < point.get("first8").size(); i++) {
      assertThat(values[i])
          .as(name + " element " + i)
          .isCloseTo(point.get("first8").get(i).asDouble(), close);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny_vit", "vit_b_32"})
  void transformersAtAnotherResolution(String name) {
    var golden = GoldenModel.read(name);
    var original = golden.model(DType.F64);
    for (var c : golden.cases("eval_interpolated")) {
      int size = c.get("new_image_size").asInt();
      var resized = ((VisionTransformerArchitecture) original.architecture()).withInputSize(size);
      var state = PositionEmbeddings.fit(original.state(), resized);
      var positions = state.get("encoder.pos_embedding");
      var id = c.get("id").asText();
      checkPoint("pos_embedding", positions, c.get("pos_embedding"));
      if (Backends.current().name().equals("reference") && !name.startsWith("tiny")) {
        continue;
      }
      var model = resized.build(original.classes());
      model.load(state, true);
      model.eval();
      var expected = golden.tensor(id + "/logits_f64");
      double noise = c.get("logits").get("max_abs_diff_f32_f64").asDouble();
      double tolerance = 8 * noise + 1e-6 * GoldenModel.largest(expected);
      var logits = model.apply(GoldenModel.input(c, "", DType.F32));
      GoldenModel.assertClose(name + " " + id, logits, expected, tolerance);
    }
  }
}
