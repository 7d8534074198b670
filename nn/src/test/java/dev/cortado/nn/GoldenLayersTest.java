package dev.cortado.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Activation;
import dev.cortado.testkit.Golden;
import dev.cortado.testkit.Golden.Attributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Layers, with their parameters and buffers, against another framework's results and gradients. */
class GoldenLayersTest {
  private static final Map<String, BiFunction<Attributes, Map<String, Tensor>, Layer>> LAYERS =
      Map.ofEntries(
          Map.entry("conv2d", GoldenLayersTest::conv2d),
          Map.entry("batch_norm", GoldenLayersTest::batchNorm),
          Map.entry("layer_norm", GoldenLayersTest::layerNorm),
          Map.entry("group_norm", GoldenLayersTest::groupNorm),
          Map.entry("squeeze_excitation", (a, in) -> new SqueezeExcitation(8, 2)),
          Map.entry("linear", GoldenLayersTest::linear),
          Map.entry("max_pool2d", GoldenLayersTest::maxPool),
          Map.entry("avg_pool2d", GoldenLayersTest::avgPool),
          Map.entry("mha", GoldenLayersTest::attention),
          Map.entry("silu", (a, in) -> new ActivationLayer(new Activation.Silu())),
          Map.entry("relu6", (a, in) -> ActivationLayer.relu6()),
          Map.entry("leaky_relu", (a, in) -> leakyRelu(a)),
          Map.entry("mish", (a, in) -> ActivationLayer.mish()),
          Map.entry("softplus", (a, in) -> ActivationLayer.softplus()),
          Map.entry("hardsigmoid", (a, in) -> ActivationLayer.hardsigmoid()),
          Map.entry("hardswish", (a, in) -> ActivationLayer.hardswish()),
          Map.entry("logsigmoid", (a, in) -> ActivationLayer.logSigmoid()),
          Map.entry("elu", (a, in) -> ActivationLayer.elu(a.number("alpha", 1))),
          Map.entry("adaptive_avg_pool2d", (a, in) -> adaptive(a, false)),
          Map.entry("adaptive_max_pool2d", (a, in) -> adaptive(a, true)));

  private static Layer adaptive(Attributes attributes, boolean largest) {
    int[] size = attributes.integers("output_size");
    return largest
        ? new AdaptiveMaxPool2d(size[0], size[1])
        : new AdaptiveAvgPool2d(size[0], size[1]);
  }

  private static ActivationLayer leakyRelu(Attributes attributes) {
    return ActivationLayer.leakyRelu(attributes.number("negative_slope", 0.01));
  }

  private static int at(int[] pair, int index) {
    return pair[pair.length == 1 ? 0 : index];
  }

  private static Kernel2d kernel(Attributes attributes, int[] size, int[] stride) {
    int[] dilation = attributes.integers("dilation", 1);
    return Kernel2d.of(at(size, 0), at(size, 1))
        .withStride(at(stride, 0), at(stride, 1))
        .withDilation(at(dilation, 0), at(dilation, 1));
  }

  private static Padding padding(Attributes attributes) {
    int[] padding = attributes.integers("padding", 0);
    return Padding.of(at(padding, 0), at(padding, 1));
  }

  private static Layer conv2d(Attributes attributes, Map<String, Tensor> in) {
    var w = in.get("weight");
    int groups = attributes.integer("groups", 1);
    var kernel =
        kernel(attributes, new int[] {w.dim(2), w.dim(3)}, attributes.integers("stride", 1));
    var padding =
        attributes.text("padding", "").equals("same") ? Padding.same() : padding(attributes);
    return new Conv2d(
        w.dim(1) * groups,
        w.dim(0),
        new Conv2d.Settings(kernel, padding, PaddingMode.ZEROS, groups, in.containsKey("bias")));
  }

  private static Layer batchNorm(Attributes attributes, Map<String, Tensor> in) {
    int channels = in.get("x").dim(1);
    var settings =
        new BatchNorm.Settings(
            attributes.number("eps", 1e-5),
            attributes.number("momentum", 0.1),
            in.containsKey("weight"),
            in.containsKey("running_mean"));
    var layer =
        in.get("x").rank() == 4
            ? new BatchNorm2d(channels, settings)
            : new BatchNorm1d(channels, settings);
    layer.train(attributes.flag("training", false));
    return layer;
  }

  private static Layer layerNorm(Attributes attributes, Map<String, Tensor> in) {
    var affine =
        in.containsKey("weight") ? LayerNorm.Affine.WEIGHT_AND_BIAS : LayerNorm.Affine.NONE;
    return new LayerNorm(
        Shape.of(attributes.integers("normalized_shape")), attributes.number("eps", 1e-5), affine);
  }

  private static Layer groupNorm(Attributes attributes, Map<String, Tensor> in) {
    return new GroupNorm(
        attributes.integer("num_groups", 1),
        in.get("x").dim(1),
        attributes.number("eps", 1e-5),
        true);
  }

  private static Layer linear(Attributes attributes, Map<String, Tensor> in) {
    var w = in.get("weight");
    return new Linear(w.dim(1), w.dim(0), in.containsKey("bias"));
  }

  private static Layer maxPool(Attributes attributes, Map<String, Tensor> in) {
    int[] size = attributes.integers("kernel_size");
    return new MaxPool2d(
        kernel(attributes, size, attributes.integers("stride", size)),
        padding(attributes),
        attributes.flag("ceil_mode", false));
  }

  private static Layer avgPool(Attributes attributes, Map<String, Tensor> in) {
    int[] size = attributes.integers("kernel_size");
    return new AvgPool2d(
        kernel(attributes, size, attributes.integers("stride", size)),
        padding(attributes),
        attributes.flag("ceil_mode", false),
        attributes.flag("count_include_pad", true),
        attributes.integer("divisor_override", 0));
  }

  private static Layer attention(Attributes attributes, Map<String, Tensor> in) {
    return new MultiheadAttention(in.get("q").dim(2), attributes.integer("num_heads", 1));
  }

  @TestFactory
  Stream<DynamicTest> computeWhatTheyDoElsewhere() {
    return cases().stream()
        .map(golden -> DynamicTest.dynamicTest(golden.toString(), () -> check(golden)));
  }

  @Test
  void hardlyAnyCaseIsLeftOut() {
    assertThat(cases()).hasSizeGreaterThan(70);
  }

  private static List<Golden.Case> cases() {
    var folder = Golden.folder();
    assumeTrue(folder.isPresent(), "skipped: no shared/golden beside the repository");
    return Golden.ops(folder.orElseThrow()).stream()
        .filter(golden -> layer(golden) != null && !golden.attributes().has("views"))
        .toList();
  }

  private static @Nullable Layer layer(Golden.Case golden) {
    var maker = LAYERS.get(golden.op());
    return maker == null ? null : maker.apply(golden.attributes(), golden.inputs());
  }

  /** The name of a golden input in a layer: fc1_weight is fc1.weight. */
  private static String nameIn(Layer layer, String name) {
    var dotted = name.replaceFirst("^(fc1|fc2|out_proj)_", "$1.");
    return layer.entries().containsKey(dotted) ? dotted : "";
  }

  private static void check(Golden.Case golden) {
    var layer = layer(golden);
    assert layer != null;
    layer.initialize(TestLayers.KEY);
    var leaves = new LinkedHashMap<String, Tensor>();
    var parameters = new LinkedHashMap<String, Tensor>();
    golden
        .inputs()
        .forEach(
            (name, x) -> {
              var leaf = golden.gradients().containsKey(name) ? Autograd.track(x) : x;
              leaves.put(name, leaf);
              var inLayer = nameIn(layer, name);
              if (layer.parameters().containsKey(inLayer)) {
                parameters.put(inLayer, leaf);
              } else if (!inLayer.isEmpty()) {
                layer.load(Map.of(inLayer, x), false);
              }
            });
    var outputs = outputs(golden, layer, parameters, leaves);
    var problems = new LinkedHashMap<String, String>();
    outputs.forEach(
        (name, got) -> note(problems, name, golden.outputs().get(name).difference(got)));
    assertThat(outputs).isNotEmpty();
    checkGradients(golden, leaves, outputs, problems);
    assertThat(problems).isEmpty();
  }

  private static void note(Map<String, String> problems, String name, @Nullable String difference) {
    if (difference != null) {
      problems.put(name, difference);
    }
  }

  private static Map<String, Tensor> outputs(
      Golden.Case golden, Layer layer, Map<String, Tensor> parameters, Map<String, Tensor> inputs) {
    var outputs = new LinkedHashMap<String, Tensor>();
    if (layer instanceof MultiheadAttention attention) {
      outputs.putAll(attend(golden, attention, parameters, inputs));
      return outputs;
    }
    outputs.put("y", layer.applyWith(parameters, inputs.get("x")));
    if (golden.outputs().containsKey("new_running_mean")) {
      outputs.put("new_running_mean", layer.state().get("running_mean"));
      outputs.put("new_running_var", layer.state().get("running_var"));
      assertThat(layer.state().get("num_batches_tracked").item()).isEqualTo(1);
    }
    return outputs;
  }

  private static Map<String, Tensor> attend(
      Golden.Case golden,
      MultiheadAttention layer,
      Map<String, Tensor> parameters,
      Map<String, Tensor> in) {
    boolean batchFirst = golden.attributes().flag("batch_first", true);
    var q = batchFirst ? in.get("q") : in.get("q").transpose(0, 1);
    var input =
        in.containsKey("k")
            ? AttentionInput.of(q, in.get("k"), in.get("v"))
            : AttentionInput.self(q);
    var padding = in.get("key_padding_mask");
    var masked = padding == null ? input : input.withKeyPadding(padding);
    var result = new AttentionOutput[1];
    Substitution.run(
        layer,
        parameters,
        () -> {
          result[0] = layer.attendWithWeights(masked);
          return result[0].output();
        });
    var y = result[0].output();
    var outputs = new LinkedHashMap<String, Tensor>();
    outputs.put("y", batchFirst ? y : y.transpose(0, 1));
    if (golden.outputs().containsKey("weights")) {
      boolean average = golden.attributes().flag("average_attn_weights", true);
      outputs.put("weights", average ? result[0].weights().mean(1) : result[0].weights());
    }
    return outputs;
  }

  private static void checkGradients(
      Golden.Case golden,
      Map<String, Tensor> leaves,
      Map<String, Tensor> outputs,
      Map<String, String> problems) {
    var names = List.copyOf(golden.gradients().keySet());
    var starts = new ArrayList<Tensor>();
    var seeds = new ArrayList<Tensor>();
    golden
        .outputs()
        .forEach(
            (name, expected) -> {
              if (expected.seed() != null && outputs.containsKey(name)) {
                starts.add(outputs.get(name));
                seeds.add(expected.seed());
              }
            });
    var got = Autograd.gradients(starts, names.stream().map(leaves::get).toList(), seeds, false);
    for (int i = 0; i < names.size(); i++) {
      var difference = golden.gradients().get(names.get(i)).difference(got.get(i));
      note(problems, "gradient by " + names.get(i), difference);
    }
  }
}
