package dev.cortado.testkit;

import static dev.cortado.testkit.GoldenElementwise.get;
import static dev.cortado.testkit.GoldenElementwise.one;
import static dev.cortado.testkit.GoldenElementwise.x;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.IndexOp;
import dev.cortado.tensor.op.PadMode;
import dev.cortado.testkit.Golden.Attributes;
import dev.cortado.testkit.GoldenOps.GoldenOp;
import java.util.ArrayList;
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
    one(ops, "index_select", (a, in) -> x(in).indexSelect(a.integer("dim", 0), get(in, "index")));
    one(
        ops,
        "index_add",
        (a, in) -> {
          int axis = x(in).shape().axis(a.integer("dim", 0));
          var add = new IndexOp.IndexAdd(axis, x(in).dim(axis));
          return x(in).add(get(in, "src").apply(add, get(in, "index")).mul(a.number("alpha", 1)));
        });
    one(ops, "embedding", (a, in) -> embedding(get(in, "weight"), get(in, "index")));
    one(
        ops,
        "one_hot",
        (a, in) -> get(in, "index").oneHot(a.integer("num_classes", 0)).to(DType.I64));
    one(ops, "cat", (a, in) -> Tensor.cat(a.integer("dim", 0), sorted(in)));
    one(ops, "stack", GoldenPlacements::stack);
    ops.put("split", (a, in) -> parts(a, x(in), a.integers("sizes")));
    ops.put("chunk", GoldenPlacements::chunk);
    one(ops, "pad", GoldenPlacements::pad);
  }

  private static List<Tensor> sorted(Map<String, Tensor> in) {
    return List.copyOf(new TreeMap<>(in).values());
  }

  private static Tensor embedding(Tensor weight, Tensor index) {
    int[] dims = Arrays.copyOf(index.shape().toArray(), index.rank() + 1);
    dims[index.rank()] = weight.dim(1);
    return weight.indexSelect(0, index.reshape(-1)).reshape(dims);
  }

  private static Tensor stack(Attributes attributes, Map<String, Tensor> in) {
    int rank = sorted(in).getFirst().rank();
    int axis = Math.floorMod(attributes.integer("dim", 0), rank + 1);
    return Tensor.cat(axis, sorted(in).stream().map(x -> x.unsqueeze(axis)).toList());
  }

  private static Map<String, Tensor> chunk(Attributes attributes, Map<String, Tensor> in) {
    int size = x(in).dim(attributes.integer("dim", 0));
    int chunks = attributes.integer("chunks", 1);
    int each = (size + chunks - 1) / chunks;
    int[] sizes = new int[(size + each - 1) / each];
    Arrays.setAll(sizes, i -> Math.min(each, size - i * each));
    return parts(attributes, x(in), sizes);
  }

  private static Map<String, Tensor> parts(Attributes attributes, Tensor x, int[] sizes) {
    var parts = new LinkedHashMap<String, Tensor>();
    int start = 0;
    for (int size : sizes) {
      parts.put("y" + parts.size(), x.narrow(attributes.integer("dim", 0), start, size));
      start += size;
    }
    return parts;
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
      case "unflatten" -> unflatten(x, first, Attributes.integers(step.get(2)));
      case "select" -> x.select(first, Math.floorMod(second, x.dim(first)));
      case "narrow" -> x.narrow(first, second, step.get(3).asInt());
      case "slice" -> slice(x, first, second, step.get(3).asInt(), step.get(4).asInt());
      case "contiguous" -> x.contiguous();
      case "mul_scalar" -> x.mul(step.get(1).asDouble());
      case "unsqueeze" -> x.unsqueeze(first);
      case "squeeze" -> x.squeeze(first);
      case "movedim" -> moveAxis(x, x.shape().axis(first), x.shape().axis(second));
      case "flatten" -> flatten(x, first, second);
      case "repeat" -> repeat(x, list);
      case "flip" -> flip(x, list);
      case "roll" -> roll(x, list, Attributes.integers(step.get(2)));
      case "tril" -> x.mul(triangle(x, first, true));
      case "triu" -> x.mul(triangle(x, first, false));
      default -> throw new CortadoException("no view is called " + step.get(0));
    };
  }

  private static Tensor expand(Tensor x, int[] dims) {
    int[] full = dims.clone();
    Arrays.setAll(full, i -> dims[i] == -1 ? x.dim(i - dims.length + x.rank()) : dims[i]);
    return x.expand(full);
  }

  private static Tensor unflatten(Tensor x, int axis, int[] sizes) {
    var dims = new ArrayList<Integer>();
    for (int i = 0; i < x.rank(); i++) {
      if (i == axis) {
        Arrays.stream(sizes).forEach(dims::add);
      } else {
        dims.add(x.dim(i));
      }
    }
    return x.reshape(dims.stream().mapToInt(Integer::intValue).toArray());
  }

  private static Tensor flatten(Tensor x, int from, int to) {
    var dims = new ArrayList<Integer>();
    for (int i = 0; i < x.rank(); i++) {
      if (i > from && i <= to) {
        dims.set(from, dims.get(from) * x.dim(i));
      } else {
        dims.add(x.dim(i));
      }
    }
    return x.reshape(dims.stream().mapToInt(Integer::intValue).toArray());
  }

  private static Tensor moveAxis(Tensor x, int from, int to) {
    var order = new ArrayList<Integer>();
    for (int i = 0; i < x.rank(); i++) {
      if (i != from) {
        order.add(i);
      }
    }
    order.add(to, from);
    return x.permute(order.stream().mapToInt(Integer::intValue).toArray());
  }

  private static Tensor slice(Tensor x, int axis, int start, int end, int step) {
    return pick(x, axis, (end - start + step - 1) / step, i -> start + i * step);
  }

  private static Tensor repeat(Tensor x, int[] times) {
    while (x.rank() < times.length) {
      x = x.unsqueeze(0);
    }
    for (int axis = 0; axis < times.length; axis++) {
      int size = x.dim(axis);
      x = pick(x, axis, size * times[axis], i -> i % size);
    }
    return x;
  }

  private static Tensor flip(Tensor x, int[] axes) {
    for (int axis : axes) {
      int size = x.dim(axis);
      x = pick(x, axis, size, i -> size - 1 - i);
    }
    return x;
  }

  private static Tensor roll(Tensor x, int[] shifts, int[] axes) {
    for (int k = 0; k < axes.length; k++) {
      int size = x.dim(axes[k]);
      int shift = shifts[k];
      x = pick(x, axes[k], size, i -> Math.floorMod(i - shift, size));
    }
    return x;
  }

  /** Returns the slices along {@code axis} that {@code place} names for 0 … size−1. */
  private static Tensor pick(Tensor x, int axis, int size, IntUnaryOperator place) {
    long[] indices = new long[size];
    Arrays.setAll(indices, i -> place.applyAsInt(i));
    return x.indexSelect(axis, Tensor.of(indices, size));
  }

  private static Tensor triangle(Tensor x, int diagonal, boolean lower) {
    int rows = x.dim(-2);
    int columns = x.dim(-1);
    float[] mask = new float[rows * columns];
    for (int i = 0; i < mask.length; i++) {
      int above = i % columns - i / columns;
      mask[i] = (lower ? above <= diagonal : above >= diagonal) ? 1 : 0;
    }
    return Tensor.of(mask, rows, columns);
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
