package dev.cortado.testkit;

import static dev.cortado.testkit.GoldenElementwise.get;
import static dev.cortado.testkit.GoldenElementwise.one;
import static dev.cortado.testkit.GoldenElementwise.x;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.SpatialMethods;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.ConvolutionOp;
import dev.cortado.tensor.op.Epilogue;
import dev.cortado.tensor.op.Interpolation;
import dev.cortado.tensor.op.NormalizationOp;
import dev.cortado.tensor.op.Window2d;
import dev.cortado.testkit.Golden.Attributes;
import dev.cortado.testkit.GoldenOps.GoldenOp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The golden ops on images: convolution, pooling, normalisation. */
final class GoldenSpatial {
  private GoldenSpatial() {}

  static void register(Map<String, GoldenOp> ops) {
    one(ops, "conv2d", GoldenSpatial::conv2d);
    ops.put("max_pool2d", GoldenSpatial::maxPool);
    one(ops, "avg_pool2d", GoldenSpatial::avgPool);
    one(ops, "adaptive_avg_pool2d", GoldenSpatial::adaptiveAvgPool);
    ops.put("adaptive_max_pool2d", GoldenSpatial::adaptiveMaxPool);
    one(ops, "unfold", GoldenSpatial::unfold);
    one(ops, "interpolate", GoldenSpatial::interpolate);
    one(ops, "interpolate_pos_embedding", GoldenSpatial::positionEmbedding);
    ops.put("batch_norm", GoldenSpatial::batchNorm);
    one(ops, "layer_norm", GoldenSpatial::layerNorm);
    one(ops, "group_norm", GoldenSpatial::groupNorm);
    one(ops, "squeeze_excitation", GoldenSpatial::squeezeExcitation);
  }

  private static int at(int[] pair, int index) {
    return pair[pair.length == 1 ? 0 : index];
  }

  private static Tensor conv2d(Attributes attributes, Map<String, Tensor> in) {
    var w = get(in, "weight");
    int[] stride = attributes.integers("stride", 1);
    int[] dilation = attributes.integers("dilation", 1);
    Window2d window;
    if (attributes.text("padding", "").equals("same")) {
      window =
          Window2d.same(
              x(in).dim(2),
              x(in).dim(3),
              w.dim(2),
              w.dim(3),
              1,
              1,
              at(dilation, 0),
              at(dilation, 1));
    } else {
      window = window(stride, attributes.integers("padding", 0), dilation);
    }
    int groups = attributes.integer("groups", 1);
    if (!in.containsKey("bias")) {
      return x(in).conv2d(w, window, groups);
    }
    var bias = get(in, "bias").reshape(-1, 1, 1);
    return x(in).apply(new ConvolutionOp.Conv2d(window, groups, Epilogue.BIAS), w, bias);
  }

  private static Window2d window(int[] stride, int[] padding, int[] dilation) {
    int v = at(padding, 0);
    int h = at(padding, 1);
    return new Window2d(at(stride, 0), at(stride, 1), v, v, h, h, at(dilation, 0), at(dilation, 1));
  }

  private static Map<String, Tensor> maxPool(Attributes attributes, Map<String, Tensor> in) {
    int[] kernel = attributes.integers("kernel_size");
    var window = pooling(attributes, kernel);
    if (attributes.flag("ceil_mode", false)) {
      window = window.ceil(x(in).dim(2), x(in).dim(3), at(kernel, 0), at(kernel, 1));
    }
    return largest(x(in).maxPool2dWithPlaces(at(kernel, 0), at(kernel, 1), window));
  }

  private static Map<String, Tensor> adaptiveMaxPool(
      Attributes attributes, Map<String, Tensor> in) {
    int[] size = attributes.integers("output_size");
    return largest(x(in).adaptiveMaxPool2d(at(size, 0), at(size, 1)));
  }

  private static Map<String, Tensor> largest(SpatialMethods.Largest largest) {
    return Map.of("y", largest.values(), "indices", largest.places());
  }

  private static Window2d pooling(Attributes attributes, int[] kernel) {
    return window(
        attributes.integers("stride", kernel),
        attributes.integers("padding", 0),
        attributes.integers("dilation", 1));
  }

  private static Tensor avgPool(Attributes attributes, Map<String, Tensor> in) {
    int[] kernel = attributes.integers("kernel_size");
    return x(in)
        .avgPool2d(
            at(kernel, 0),
            at(kernel, 1),
            pooling(attributes, kernel),
            attributes.flag("ceil_mode", false),
            attributes.flag("count_include_pad", true),
            attributes.integer("divisor_override", 0));
  }

  private static Tensor adaptiveAvgPool(Attributes attributes, Map<String, Tensor> in) {
    int[] size = attributes.integers("output_size");
    return x(in).adaptiveAvgPool2d(at(size, 0), at(size, 1));
  }

  private static Tensor unfold(Attributes attributes, Map<String, Tensor> in) {
    int[] kernel = attributes.integers("kernel_size");
    var window =
        window(
            attributes.integers("stride", 1),
            attributes.integers("padding", 0),
            attributes.integers("dilation", 1));
    return x(in).unfold2d(at(kernel, 0), at(kernel, 1), window);
  }

  private static Tensor interpolate(Attributes attributes, Map<String, Tensor> in) {
    var how =
        switch (attributes.text("mode", "nearest")) {
          case "nearest" -> Interpolation.NEAREST;
          case "nearest-exact" -> Interpolation.NEAREST_EXACT;
          case "bilinear" -> Interpolation.BILINEAR;
          case "bicubic" -> Interpolation.BICUBIC;
          case "area" -> Interpolation.AREA;
          default -> throw new CortadoException("no such mode: " + attributes);
        };
    how = attributes.flag("align_corners", false) ? how.withAlignedCorners() : how;
    how = attributes.flag("antialias", false) ? how.withAntialias() : how;
    if (attributes.has("scale_factor")) {
      double[] factors = attributes.numbers("scale_factor");
      return x(in).interpolateBy(how, factors[0], factors[1]);
    }
    int[] size = attributes.integers("size");
    return x(in).interpolate(how, size[0], size[1]);
  }

  /** The class token's row stays; the others are an image of one vector per patch. */
  private static Tensor positionEmbedding(Attributes attributes, Map<String, Tensor> in) {
    int patches = x(in).dim(1) - 1;
    int from = (int) Math.sqrt(patches);
    int to = attributes.integer("new_grid", 0);
    var image = x(in).narrow(1, 1, patches).reshape(1, from, from, -1).permute(0, 3, 1, 2);
    var resized = image.interpolate(Interpolation.BICUBIC.withAlignedCorners(), to, to);
    var rows = resized.permute(0, 2, 3, 1).reshape(1, to * to, -1);
    return Tensor.cat(1, List.of(x(in).narrow(1, 0, 1), rows));
  }

  private static Tensor or(Map<String, Tensor> in, String name, int size, double otherwise) {
    return in.containsKey(name)
        ? get(in, name)
        : Tensor.full(Shape.of(size), x(in).dtype(), otherwise);
  }

  private static Map<String, Tensor> batchNorm(Attributes attributes, Map<String, Tensor> in) {
    int channels = x(in).dim(1);
    double eps = attributes.number("eps", 1e-5);
    var weight = or(in, "weight", channels, 1);
    var bias = or(in, "bias", channels, 0);
    var outputs = new LinkedHashMap<String, Tensor>();
    if (!attributes.flag("training", false)) {
      var scale = weight.div(get(in, "running_var").add(eps).sqrt()).reshape(-1, 1, 1);
      var mean = get(in, "running_mean").reshape(-1, 1, 1);
      outputs.put("y", x(in).sub(mean).mul(scale).add(bias.reshape(-1, 1, 1)));
      return outputs;
    }
    var op = new NormalizationOp.BatchNorm(eps, Formula.input(0));
    var results = Ops.applyAll(op, List.of(x(in), weight, bias));
    outputs.put("y", results.get(0));
    if (in.containsKey("running_mean")) {
      double m = attributes.number("momentum", 0.1);
      double count = (double) x(in).elements() / channels;
      var mean = get(in, "running_mean").mul(1 - m).add(results.get(1).mul(m));
      var variance =
          get(in, "running_var").mul(1 - m).add(results.get(2).mul(m * count / (count - 1)));
      outputs.put("new_running_mean", mean);
      outputs.put("new_running_var", variance);
    }
    return outputs;
  }

  private static Tensor layerNorm(Attributes attributes, Map<String, Tensor> in) {
    int size = 1;
    for (int dim : attributes.integers("normalized_shape")) {
      size *= dim;
    }
    var rows = x(in).reshape(-1, size);
    var weight = or(in, "weight", size, 1).reshape(-1);
    var bias = or(in, "bias", size, 0).reshape(-1);
    var op = new NormalizationOp.LayerNorm(attributes.number("eps", 1e-5));
    return rows.apply(op, weight, bias).reshape(x(in).shape().toArray());
  }

  private static Tensor groupNorm(Attributes attributes, Map<String, Tensor> in) {
    int groups = attributes.integer("num_groups", 1);
    var rows = x(in).reshape(x(in).dim(0) * groups, -1);
    var ones = Tensor.ones(rows.dim(1));
    var op = new NormalizationOp.LayerNorm(attributes.number("eps", 1e-5));
    return rows.apply(op, ones, Tensor.zeros(rows.dim(1)))
        .reshape(x(in).shape().toArray())
        .mul(get(in, "weight").reshape(-1, 1, 1))
        .add(get(in, "bias").reshape(-1, 1, 1));
  }

  private static Tensor squeezeExcitation(Attributes attributes, Map<String, Tensor> in) {
    var conv = new ConvolutionOp.Conv2d(Window2d.of(1, 0), 1, Epilogue.BIAS);
    var squeezed =
        x(in)
            .mean(true, 2, 3)
            .apply(conv, get(in, "fc1_weight"), get(in, "fc1_bias").reshape(-1, 1, 1));
    var excited =
        squeezed.silu().apply(conv, get(in, "fc2_weight"), get(in, "fc2_bias").reshape(-1, 1, 1));
    return x(in).mul(excited.sigmoid());
  }
}
