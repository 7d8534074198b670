package dev.cortado.testkit;

import static dev.cortado.testkit.GoldenElementwise.get;
import static dev.cortado.testkit.GoldenElementwise.one;
import static dev.cortado.testkit.GoldenElementwise.x;

import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.ConvolutionOp;
import dev.cortado.tensor.op.Epilogue;
import dev.cortado.tensor.op.NormalizationOp;
import dev.cortado.tensor.op.PoolingOp;
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
    one(ops, "adaptive_avg_pool2d", (a, in) -> x(in).mean(true, 2, 3));
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
      int v = at(dilation, 0) * (w.dim(2) - 1);
      int h = at(dilation, 1) * (w.dim(3) - 1);
      window =
          new Window2d(1, 1, v / 2, v - v / 2, h / 2, h - h / 2, at(dilation, 0), at(dilation, 1));
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

  /** The window of a pool; rounding sizes up means a longer border below and to the right. */
  private static Window2d pooling(Attributes attributes, Shape x, int[] kernel) {
    int[] stride = attributes.integers("stride", kernel);
    var w = window(stride, attributes.integers("padding", 0), attributes.integers("dilation", 1));
    if (!attributes.flag("ceil_mode", false)) {
      return w;
    }
    int bottom = w.bottom() + missing(x.dim(2) + 2 * w.top(), at(kernel, 0), w.strideH());
    int right = w.right() + missing(x.dim(3) + 2 * w.left(), at(kernel, 1), w.strideW());
    return new Window2d(w.strideH(), w.strideW(), w.top(), bottom, w.left(), right, 1, 1);
  }

  private static int missing(int size, int kernel, int stride) {
    return Math.floorMod(kernel - size, stride);
  }

  private static Map<String, Tensor> maxPool(Attributes attributes, Map<String, Tensor> in) {
    int[] kernel = attributes.integers("kernel_size");
    var window = pooling(attributes, x(in).shape(), kernel);
    var op = new PoolingOp.MaxPool2d(at(kernel, 0), at(kernel, 1), window);
    var results = Ops.applyAll(op, List.of(x(in)));
    return Map.of("y", results.get(0), "indices", results.get(1));
  }

  private static Tensor avgPool(Attributes attributes, Map<String, Tensor> in) {
    int[] kernel = attributes.integers("kernel_size");
    var window = pooling(attributes, x(in).shape(), kernel);
    boolean border = attributes.flag("count_include_pad", true);
    return x(in).apply(new PoolingOp.AvgPool2d(at(kernel, 0), at(kernel, 1), window, border));
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
