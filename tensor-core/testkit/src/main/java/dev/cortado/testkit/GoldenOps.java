package dev.cortado.testkit;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import dev.cortado.testkit.Golden.Attributes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the ops of golden cases are in Cortado, and which of them it does not have yet. */
public final class GoldenOps {
  private static final Map<String, GoldenOp> OPS = new TreeMap<>();
  private static final Map<String, String> MISSING = new TreeMap<>();

  static {
    GoldenElementwise.register(OPS);
    GoldenReductions.register(OPS);
    GoldenPlacements.register(OPS);
    GoldenSpatial.register(OPS);
    GoldenLinear.register(OPS);
    GoldenLosses.register(OPS);
    missing("a rule of training: GoldenOptimizerTest there checks it", "optimizer");
    missing("a part of an optimiser: GradientClipTest in training checks it", "clip_grad_norm");
  }

  private GoldenOps() {}

  /** How a golden op is computed: from its attributes and inputs by name to its outputs by name. */
  @FunctionalInterface
  interface GoldenOp {
    Map<String, Tensor> apply(Attributes attributes, Map<String, Tensor> inputs);
  }

  /** An op with one output, y. */
  @FunctionalInterface
  interface OneOutput {
    Tensor apply(Attributes attributes, Map<String, Tensor> inputs);

    default GoldenOp named() {
      return (attributes, inputs) -> Map.of("y", apply(attributes, inputs));
    }
  }

  private static void missing(String why, String... opsOrCases) {
    for (var name : opsOrCases) {
      MISSING.put(name, why);
    }
  }

  /** Returns why {@code golden} is not computed here; empty if it is. */
  public static Optional<String> missing(Golden.Case golden) {
    var why = MISSING.get(golden.op());
    return Optional.ofNullable(why != null ? why : MISSING.get(golden.id()));
  }

  /**
   * Computes a case on the current backend.
   *
   * @param inputs the case's, or others in their place (tracked ones, say)
   * @return the outputs by name
   */
  public static Map<String, Tensor> run(Golden.Case golden, Map<String, Tensor> inputs) {
    var op = OPS.get(golden.op());
    if (op == null) {
      throw new CortadoException("nobody has said what " + golden.op() + " is");
    }
    var viewed = new LinkedHashMap<>(inputs);
    golden
        .attributes()
        .json()
        .path("views")
        .properties()
        .forEach(
            view ->
                viewed.computeIfPresent(
                    view.getKey(), (name, x) -> GoldenPlacements.chain(x, view.getValue())));
    return op.apply(golden.attributes(), viewed);
  }
}
