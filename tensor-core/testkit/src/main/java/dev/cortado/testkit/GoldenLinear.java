package dev.cortado.testkit;

import static dev.cortado.testkit.GoldenElementwise.a;
import static dev.cortado.testkit.GoldenElementwise.b;
import static dev.cortado.testkit.GoldenElementwise.get;
import static dev.cortado.testkit.GoldenElementwise.one;
import static dev.cortado.testkit.GoldenElementwise.x;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Arithmetic;
import dev.cortado.testkit.Golden.Attributes;
import dev.cortado.testkit.GoldenOps.GoldenOp;
import java.util.LinkedHashMap;
import java.util.Map;

/** The golden ops that are made of matrix products, attention among them. */
final class GoldenLinear {
  private GoldenLinear() {}

  static void register(Map<String, GoldenOp> ops) {
    one(ops, "matmul", (a, in) -> a(in).matmul(b(in)));
    one(ops, "bmm", (a, in) -> a(in).bmm(b(in)));
    one(
        ops,
        "addmm",
        (a, in) -> get(in, "c").addmm(a(in), b(in), a.number("beta", 1), a.number("alpha", 1)));
    one(
        ops,
        "linear",
        (a, in) ->
            in.containsKey("bias")
                ? x(in).linear(get(in, "weight"), get(in, "bias"))
                : x(in).matmul(get(in, "weight").t()));
    one(ops, "outer", (a, in) -> a(in).outer(b(in)));
    one(ops, "sdpa", GoldenLinear::attention);
    ops.put("mha", GoldenLinear::multiHead);
  }

  private static Tensor attention(Attributes attributes, Map<String, Tensor> in) {
    var q = get(in, "q");
    double usual = 1 / Math.sqrt(q.dim(-1));
    double scale = attributes.number("scale", usual);
    if (scale == usual && !attributes.flag("is_causal", false)) {
      return in.containsKey("mask")
          ? q.attention(get(in, "k"), get(in, "v"), get(in, "mask"))
          : q.attention(get(in, "k"), get(in, "v"));
    }
    var scores = q.matmul(get(in, "k").t()).mul(scale);
    if (attributes.flag("is_causal", false)) {
      scores = masked(scores, causal(scores.dim(-2), scores.dim(-1)));
    }
    if (in.containsKey("mask")) {
      var mask = get(in, "mask");
      scores = mask.dtype() == DType.BOOL ? masked(scores, mask) : scores.add(mask);
    }
    return scores.softmax(-1).matmul(get(in, "v"));
  }

  /** −∞ where {@code takesPart} is false. */
  private static Tensor masked(Tensor scores, Tensor takesPart) {
    var never = Tensor.full(Shape.SCALAR, scores.dtype(), Double.NEGATIVE_INFINITY);
    return takesPart.apply(new Arithmetic.Where(), scores, never);
  }

  private static Tensor causal(int rows, int columns) {
    byte[] mask = new byte[rows * columns];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = (byte) (i % columns <= i / columns ? 1 : 0);
    }
    return Tensor.wrap(DType.BOOL, mask, Shape.of(rows, columns));
  }

  private static Map<String, Tensor> multiHead(Attributes attributes, Map<String, Tensor> in) {
    boolean batchFirst = attributes.flag("batch_first", true);
    int heads = attributes.integer("num_heads", 1);
    var q = batchFirst ? get(in, "q") : get(in, "q").transpose(0, 1);
    var k = in.containsKey("k") ? get(in, "k") : q;
    var v = in.containsKey("v") ? get(in, "v") : q;
    var queries = heads(projected(q, in, 0), heads);
    var scores =
        queries.matmul(heads(projected(k, in, 1), heads).t()).mul(1 / Math.sqrt(queries.dim(-1)));
    if (in.containsKey("key_padding_mask")) {
      var ignored = get(in, "key_padding_mask").to(DType.F32);
      var takesPart = ignored.lessThan(0.5).reshape(q.dim(0), 1, 1, k.dim(1));
      scores = masked(scores, takesPart);
    }
    var weights = scores.softmax(-1);
    var mixed = weights.matmul(heads(projected(v, in, 2), heads)).transpose(1, 2);
    var y =
        mixed
            .reshape(q.shape().toArray())
            .linear(get(in, "out_proj_weight"), get(in, "out_proj_bias"));
    var outputs = new LinkedHashMap<String, Tensor>();
    outputs.put("y", batchFirst ? y : y.transpose(0, 1));
    if (attributes.flag("need_weights", false)) {
      boolean average = attributes.flag("average_attn_weights", true);
      outputs.put("weights", average ? weights.mean(1) : weights);
    }
    return outputs;
  }

  private static Tensor projected(Tensor x, Map<String, Tensor> in, int part) {
    int width = x.dim(-1);
    return x.linear(
        get(in, "in_proj_weight").narrow(0, part * width, width),
        get(in, "in_proj_bias").narrow(0, part * width, width));
  }

  private static Tensor heads(Tensor x, int heads) {
    return x.reshape(x.dim(0), x.dim(1), heads, x.dim(2) / heads).transpose(1, 2);
  }
}
