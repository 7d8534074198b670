package dev.cortado.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.io.Safetensors;
import dev.cortado.tensor.io.TensorFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that another framework computed: {@code shared/golden} beside the repository. Whoever
 * does not have them skips, visibly, the tests that need them.
 */
public final class Golden {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Golden() {}

  /**
   * One case of an op.
   *
   * @param group the file it stands in
   * @param op the op's name in that framework
   * @param outputs what must come out, by name
   * @param gradients what the gradient by each input must be, by name; those of other inputs are
   *     not stated
   */
  public record Case(
      String group,
      String id,
      String op,
      Attributes attributes,
      Map<String, Tensor> inputs,
      Map<String, Expected> outputs,
      Map<String, Expected> gradients) {
    @Override
    public String toString() {
      return group + "/" + id;
    }
  }

  /**
   * A tensor that must come out.
   *
   * @param noise the largest error that the other framework itself makes in F32
   * @param seed the incoming gradient of this output; null if it has none
   */
  public record Expected(Tensor value, double noise, @Nullable Tensor seed) {
    /** Returns the first element of {@code got} that is wrong, as a sentence; null if all agree. */
    public @Nullable String difference(Tensor got) {
      if (!got.spec().equals(value.spec())) {
        return "got " + got.spec() + ", expected " + value.spec();
      }
      if (!value.dtype().isFloating()) {
        int at = Arrays.mismatch(got.toLongs(), value.toLongs());
        return at < 0 ? null : "element " + at + " is another whole number";
      }
      double[] have = got.toDoubles();
      double[] want = value.toDoubles();
      for (int i = 0; i < want.length; i++) {
        double limit = limit(want[i]);
        boolean same = Double.compare(have[i], want[i]) == 0 || have[i] == want[i];
        if (!same && !(Math.abs(have[i] - want[i]) <= limit)) {
          return "element " + i + " is " + have[i] + ", expected " + want[i] + " ± " + limit;
        }
      }
      return null;
    }

    private double limit(double want) {
      return Double.isFinite(want) ? 4 * noise + 1e-6 * Math.abs(want) + 2e-7 : 0;
    }
  }

  /** Returns the folder of golden files; empty if there is none. */
  public static Optional<Path> folder() {
    for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      var candidate = at.resolve("shared").resolve("golden");
      if (Files.isDirectory(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** Returns the cases of every group of ops, in the order of the files' names. */
  public static List<Case> ops(Path folder) {
    try (var files = Files.list(folder.resolve("ops"))) {
      var cases = new ArrayList<Case>();
      files
          .filter(file -> file.toString().endsWith(".safetensors"))
          .sorted()
          .forEach(file -> cases.addAll(group(file)));
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Case> group(Path tensors) {
    var numbers = Safetensors.read(tensors);
    var name = String.valueOf(tensors.getFileName()).replace(".safetensors", "");
    try {
      var cases = new ArrayList<Case>();
      for (var node : JSON.readTree(tensors.resolveSibling(name + ".json").toFile()).get("cases")) {
        cases.add(read(name, node, numbers));
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Case read(String group, JsonNode node, TensorFile numbers) {
    var id = node.get("id").asText();
    var inputs = new LinkedHashMap<String, Tensor>();
    names(node, "inputs").forEach(name -> inputs.put(name, numbers.tensor(id + "/in/" + name)));
    var outputs = new LinkedHashMap<String, Expected>();
    names(node, "outputs")
        .forEach(
            name -> outputs.put(name, expected(node.get("outputs"), numbers, id, "out", name)));
    var gradients = new LinkedHashMap<String, Expected>();
    names(node, "grads")
        .forEach(
            name -> gradients.put(name, expected(node.get("grads"), numbers, id, "gin", name)));
    var attributes = new Attributes(node.get("attrs"));
    return new Case(group, id, node.get("op").asText(), attributes, inputs, outputs, gradients);
  }

  private static List<String> names(JsonNode node, String field) {
    var names = new ArrayList<String>();
    node.path(field).fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static Expected expected(
      JsonNode nodes, TensorFile numbers, String id, String kind, String name) {
    var seed = kind.equals("out") ? numbers.tensors().get(id + "/gout/" + name) : null;
    double noise = nodes.get(name).path("f32_err").asDouble(0);
    return new Expected(numbers.tensor(id + "/" + kind + "/" + name), noise, seed);
  }

  /** The settings of a case. */
  public record Attributes(JsonNode json) {
    /** Returns whether {@code name} is stated. */
    public boolean has(String name) {
      return json.hasNonNull(name);
    }

    /** Returns a whole number. */
    public int integer(String name, int otherwise) {
      return has(name) ? json.get(name).asInt() : otherwise;
    }

    /** Returns a number. */
    public double number(String name, double otherwise) {
      return has(name) ? json.get(name).asDouble() : otherwise;
    }

    /** Returns a truth value. */
    public boolean flag(String name, boolean otherwise) {
      return has(name) ? json.get(name).asBoolean() : otherwise;
    }

    /** Returns a word. */
    public String text(String name, String otherwise) {
      return has(name) ? json.get(name).asText() : otherwise;
    }

    /** Returns whole numbers; a single one stands for a list of one. */
    public int[] integers(String name, int... otherwise) {
      return has(name) ? integers(json.get(name)) : otherwise;
    }

    static int[] integers(JsonNode node) {
      if (!node.isArray()) {
        return new int[] {node.asInt()};
      }
      int[] values = new int[node.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = node.get(i).asInt();
      }
      return values;
    }

    /** Returns numbers. */
    public double[] numbers(String name) {
      if (!has(name)) {
        throw new CortadoException("the case states no " + name);
      }
      double[] values = new double[json.get(name).size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = json.get(name).get(i).asDouble();
      }
      return values;
    }
  }
}
