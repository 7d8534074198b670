package dev.cortado.vision.model;

import static dev.cortado.testkit.SharedData.shape;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cortado.nn.BatchNorm2d;
import dev.cortado.nn.StateEntry;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.io.Safetensors;
import dev.cortado.tensor.op.TensorSpec;
import dev.cortado.testkit.GoldenGenerator;
import dev.cortado.testkit.SharedData;
import dev.cortado.vision.model.EfficientNetArchitecture.Block;
import dev.cortado.vision.model.EfficientNetArchitecture.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Golden results of one model: its description, its tensors, and the model itself. */
record GoldenModel(JsonNode json, Map<String, Tensor> tensors) {
  static GoldenModel read(String name) {
    var folder = SharedData.path("golden/golden");
    var file = Safetensors.read(folder.resolve(name + ".safetensors"));
    return new GoldenModel(SharedData.json(folder.resolve(name + ".json")), file.tensors());
  }

  List<JsonNode> cases(String kind) {
    var cases = new ArrayList<JsonNode>();
    json.get("cases")
        .forEach(
            c -> {
              if (c.get("kind").asText().equals(kind)) {
                cases.add(c);
              }
            });
    assertThat(cases).isNotEmpty();
    return cases;
  }

  JsonNode onlyCase(String kind) {
    return cases(kind).getFirst();
  }

  /** The model with the generated weights, nothing dropped in training. */
  Model model(DType dtype) {
    var config = json.get("config");
    int classes = config.path("num_classes").asInt(1000);
    var model = architecture(json.get("model").asText(), config).build(classes);
    model.load(generated(model), true);
    model.to(dtype);
    return model;
  }

  static Map<String, Tensor> generated(Model model) {
    var specs = new LinkedHashMap<String, TensorSpec>();
    model.entries().forEach((String name, StateEntry entry) -> specs.put(name, entry.spec()));
    return GoldenGenerator.state(specs);
  }

  private static Architecture architecture(String name, JsonNode config) {
    if (config.isNull()) {
      return switch (Models.architecture(name)) {
        case EfficientNetArchitecture net -> net.withDropout(0, 0);
        case VisionTransformerArchitecture vit -> vit;
      };
    }
    if (config.has("patch_size")) {
      return transformer(name, config);
    }
    var stages = new ArrayList<Stage>();
    for (var s : config.get("blocks")) {
      var kind = s.get(0).asText().equals("mb") ? Block.MBCONV : Block.FUSED;
      stages.add(
          new Stage(
              kind,
              s.get(1).asInt(),
              s.get(2).asInt(),
              s.get(3).asInt(),
              s.get(4).asInt(),
              s.get(5).asInt(),
              s.get(6).asInt()));
    }
    var base = (EfficientNetArchitecture) Models.architecture("efficientnet_b0");
    var norm =
        new BatchNorm2d.Settings(
            config.get("bn_eps").asDouble(), config.get("bn_momentum").asDouble());
    int last = config.path("last_channel").asInt(4 * stages.getLast().out());
    int stem = stages.getFirst().in();
    return new EfficientNetArchitecture(
        name, 32, stem, stages, last, 0, 0, norm, base.activation(), true, false);
  }

  private static VisionTransformerArchitecture transformer(String name, JsonNode config) {
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

  /** The input of a case, of a step of it if {@code suffix} names one. */
  static Tensor input(JsonNode c, String suffix, DType dtype) {
    return GoldenGenerator.image(c.get("input").asText() + suffix, shape(c.get("shape"))).to(dtype);
  }

  static Tensor labels(JsonNode c, String suffix) {
    int count = c.get("shape").get(0).asInt();
    return GoldenGenerator.labels(
        c.get("labels").asText() + suffix, count, c.get("num_classes").asInt());
  }

  Tensor tensor(String name) {
    var tensor = tensors.get(name);
    assertThat(tensor).as(name).isNotNull();
    return tensor;
  }

  /** Compares element by element with an absolute tolerance. */
  static void assertClose(String what, Tensor actual, Tensor expected, double tolerance) {
    assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
    double[] a = actual.toDoubles();
    double[] e = expected.toDoubles();
    for (int i = 0; i < a.length; i++) {
      // Written so that NaN fails.
      if (!(Math.abs(a[i] - e[i]) <= tolerance)) {
        throw new AssertionError(
            "%s, element %d: %s instead of %s, off by %.3g where %.3g is allowed"
                .formatted(what, i, a[i], e[i], Math.abs(a[i] - e[i]), tolerance));
      }
    }
  }

  /** The largest magnitude among the elements. */
  static double largest(Tensor tensor) {
    double largest = 0;
    for (double v : tensor.toDoubles()) {
      largest = Math.max(largest, Math.abs(v));
    }
    return largest;
  }

  static Shape shapeOf(JsonNode node) {
    return Shape.of(shape(node.get("shape")));
  }
}
