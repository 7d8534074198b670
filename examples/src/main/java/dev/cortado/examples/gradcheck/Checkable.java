package dev.cortado.examples.gradcheck;

import dev.cortado.autograd.GradCheck;
import dev.cortado.nn.testkit.LayerSpec;
import dev.cortado.nn.testkit.LayerSpecs;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Ops;
import dev.cortado.testkit.Draw;
import dev.cortado.testkit.OpSpec;
import dev.cortado.testkit.OpSpecs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/**
 * Something whose derivatives can be checked on cases that are drawn.
 *
 * @param name unique
 * @param kind the class it belongs to, which goes for a name, too
 * @param check checks one case
 */
public record Checkable(String name, String kind, Check check) {
  /** The accepted error of second derivatives, which differences tell less well. */
  private static final double SECOND_ORDER_TOLERANCE = 1e-6;

  /** Checks one case. */
  @FunctionalInterface
  public interface Check {
    /**
     * Draws a case and checks it.
     *
     * @param seed decides the case
     * @param size the largest dimension
     * @param secondOrder whether the gradients of the gradients are checked, too
     * @return one report, or two
     */
    List<GradCheck.Report> run(long seed, int size, boolean secondOrder);
  }

  /** Returns all ops through which gradients flow. */
  public static List<Checkable> ops() {
    return OpSpecs.all().stream().filter(OpSpec::differentiable).map(Checkable::of).toList();
  }

  /** Returns all layers. */
  public static List<Checkable> layers() {
    return LayerSpecs.all().stream().map(Checkable::of).toList();
  }

  /** Returns all ops through which gradients flow, and all layers that are not called like one. */
  public static List<Checkable> opsAndLayers() {
    var all = new ArrayList<>(ops());
    var taken = new HashSet<String>();
    for (var op : all) {
      taken.add(bare(op.name()));
      taken.add(bare(op.kind()));
    }
    layers().stream().filter(layer -> !taken.contains(bare(layer.name()))).forEach(all::add);
    return List.copyOf(all);
  }

  /** Returns the names of the ops through which no gradient flows. */
  public static List<String> flatOps() {
    return OpSpecs.all().stream().filter(s -> !s.differentiable()).map(OpSpec::name).toList();
  }

  private static Checkable of(OpSpec spec) {
    return new Checkable(
        spec.name(),
        spec.type().getSimpleName(),
        (seed, size, secondOrder) -> {
          var drawn = spec.draw(new Draw(seed, size, DType.F64));
          var name = drawn.toString();
          var first =
              GradCheck.DEFAULT.check(name, x -> Ops.applyAll(drawn.op(), x), drawn.inputs());
          if (!secondOrder) {
            return List.of(first);
          }
          var second =
              GradCheck.DEFAULT
                  .withTolerance(SECOND_ORDER_TOLERANCE)
                  .checkSecond(name, x -> Ops.applyAll(drawn.op(), x), drawn.inputs());
          return List.of(first, second);
        });
  }

  private static Checkable of(LayerSpec spec) {
    return new Checkable(
        spec.name(),
        spec.name(),
        (seed, size, secondOrder) -> {
          var drawn = spec.draw(seed, size, DType.F64);
          var first = drawn.check(GradCheck.DEFAULT, false);
          return secondOrder
              ? List.of(
                  first, drawn.check(GradCheck.DEFAULT.withTolerance(SECOND_ORDER_TOLERANCE), true))
              : List.of(first);
        });
  }

  /** Returns the letters and digits alone: by them names are compared. */
  static String bare(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }
}
