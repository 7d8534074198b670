package dev.cortado.testkit;

import static dev.cortado.testkit.GoldenElementwise.get;
import static dev.cortado.testkit.GoldenElementwise.one;
import static dev.cortado.testkit.GoldenElementwise.x;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Indexed;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.PadMode;
import dev.cortado.testkit.Golden.Attributes;
import dev.cortado.testkit.GoldenOps.GoldenOp;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;

/** The golden ops that arrange elements. */
final class GoldenPlacements {
  private GoldenPlacements() {}

  static void register(Map<String, GoldenOp> ops) {
    one(ops, "view_chain", (a, in) -> chain(x(in), a.json().get("steps")));
    index(ops);
    one(ops, "cat", (a, in) -> Tensor.cat(a.integer("dim", 0), sorted(in)));
    one(ops, "stack", (a, in) -> Tensor.stack(a.integer("dim", 0), sorted(in)));
    ops.put("split", (a, in) -> named(x(in).split(a.integer("dim", 0), a.integers("sizes"))));
    ops.put("chunk", (a, in) -> named(x(in).chunk(a.integer("dim", 0), a.integer("chunks", 1))));
    one(ops, "pad", GoldenPlacements::pad);
  }

  private static void index(Map<String, GoldenOp> ops) {
    one(ops, "gather", (a, in) -> x(in).gather(a.integer("dim", 0), get(in, "index")));
    one(ops, "scatter", GoldenPlacements::scatter);
    one(
        ops,
        "scatter_add",
        (a, in) -> x(in).scatterAdd(a.integer("dim", 0), get(in, "index"), get(in, "src")));
    one(ops, "index_select", (a, in) -> x(in).indexSelect(a.integer("dim", 0), get(in, "index")));
    one(
        ops,
        "index_add",
        (a, in) -> {
          var source = get(in, "src").mul(a.number("alpha", 1));
          return x(in).indexAdd(a.integer("dim", 0), get(in, "index"), source);
        });
    one(ops, "masked_select", (a, in) -> x(in).maskedSelect(get(in, "mask")));
    ops.put("sort", (a, in) -> named(x(in).sort(a.integer("dim", 0), a.flag("descending", false))));
    ops.put(
        "topk",
        (a, in) ->
            named(x(in).topk(a.integer("k", 1), a.integer("dim", 0), a.flag("largest", true))));
    one(
        ops,
        "embedding",
        (a, in) ->
            a.has("padding_idx")
                ? get(in, "weight").embedding(get(in, "index"), a.integer("padding_idx", 0))
                : get(in, "weight").embedding(get(in, "index")));
    one(
        ops,
        "one_hot",
        (a, in) -> get(in, "index").oneHot(a.integer("num_classes", 0)).to(DType.I64));
  }

  private static Tensor scatter(Attributes attributes, Map<String, Tensor> in) {
    int axis = attributes.integer("dim", 0);
    return in.containsKey("src")
        ? x(in).scatter(axis, get(in, "index"), get(in, "src"))
        : x(in).scatter(axis, get(in, "index"), attributes.number("value", 0));
  }

  /** Returns values and indices under the names that they have in golden cases. */
  static Map<String, Tensor> named(Indexed found) {
    return Map.of("y", found.values(), "indices", found.indices());
  }

  private static Map<String, Tensor> named(List<Tensor> parts) {
    var named = new LinkedHashMap<String, Tensor>();
    parts.forEach(part -> named.put("y" + named.size(), part));
    return named;
  }

  private static List<Tensor> sorted(Map<String, Tensor> in) {
    return List.copyOf(new TreeMap<>(in).values());
  }

  /** Applies views, each written as [name, arguments…]. */
  static Tensor chain(Tensor x, JsonNode steps) {
    for (var step : steps) {
      x = view(x, step);
    }
    return x;
  }

  private static Tensor view(Tensor x, JsonNode step) {
    int first = step.path(1).asInt();
    int second = step.path(2).asInt();
    int[] list = Attributes.integers(step.path(1));
    return switch (step.get(0).asText()) {
      case "permute" -> x.permute(list);
      case "reshape" -> x.reshape(list);
      case "transpose" -> x.transpose(first, second);
      case "expand" -> expand(x, list);
      case "unflatten" -> x.unflatten(first, Attributes.integers(step.get(2)));
      case "select" -> x.select(first, Math.floorMod(second, x.dim(first)));
      case "narrow" -> x.narrow(first, second, step.get(3).asInt());
      case "slice" -> x.slice(first, second, step.get(3).asInt(), step.get(4).asInt());
      case "contiguous" -> x.contiguous();
      case "mul_scalar" -> x.mul(step.get(1).asDouble());
      case "unsqueeze" -> x.unsqueeze(first);
      case "squeeze" -> x.squeeze(first);
      case "movedim" -> x.moveAxis(first, second);
      case "flatten" -> x.flatten(first, second);
      case "repeat" -> x.repeat(list);
      case "flip" -> x.flip(list);
      case "roll" -> roll(x, list, Attributes.integers(step.get(2)));
      case "tril" -> x.tril(first);
      case "triu" -> x.triu(first);
      case "diagonal" -> x.diagonal(first, second, step.get(3).asInt());
      case "as_strided" -> overlapping(x, step);
      default -> throw new CortadoException("no view is called " + step.get(0));
    };
  }

  private static Tensor expand(Tensor x, int[] dims) {
    int[] full = dims.clone();
    Arrays.setAll(full, i -> dims[i] == -1 ? x.dim(i - dims.length + x.rank()) : dims[i]);
    return x.expand(full);
  }

  /** The case has rows of neighbours that begin a few elements apart: windows. */
  private static Tensor overlapping(Tensor x, JsonNode step) {
    int[] sizes = Attributes.integers(step.get(1));
    int[] strides = Attributes.integers(step.get(2));
    int start = step.get(3).asInt();
    if (sizes.length != 2 || strides[1] != 1) {
      throw new CortadoException("no windows: " + step);
    }
    int length = (sizes[0] - 1) * strides[0] + sizes[1];
    return x.narrow(0, start, length).unfold(0, sizes[1], strides[0]);
  }

  private static Tensor roll(Tensor x, int[] shifts, int[] axes) {
    for (int k = 0; k < axes.length; k++) {
      x = x.roll(shifts[k], axes[k]);
    }
    return x;
  }

  /** Returns the slices along {@code axis} that {@code place} names for 0 … size−1. */
  private static Tensor pick(Tensor x, int axis, int size, IntUnaryOperator place) {
    long[] indices = new long[size];
    Arrays.setAll(indices, i -> place.applyAsInt(i));
    return x.indexSelect(axis, Tensor.of(indices, size));
  }

  private static Tensor pad(Attributes attributes, Map<String, Tensor> in) {
    int[] pad = attributes.integers("pad");
    return switch (attributes.text("mode", "constant")) {
      case "constant" -> x(in).pad(attributes.number("value", 0), pad);
      case "reflect" -> x(in).pad(PadMode.REFLECT, pad);
      case "replicate" -> x(in).pad(PadMode.REPLICATE, pad);
      case "circular" -> x(in).pad(PadMode.CIRCULAR, pad);
      default -> throw new CortadoException("no way of padding: " + attributes);
    };
  }
}
