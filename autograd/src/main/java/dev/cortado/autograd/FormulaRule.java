package dev.cortado.autograd;

import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Derivative;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.formula.Program;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The one rule of everything elementwise. For results {@code y_k = f_k(x_0, x_1, …)} with incoming
 * gradients {@code g_k}, the gradient by x_i is {@code Σ_k g_k · ∂f_k/∂x_i}, summed over the axes
 * along which x_i was repeated. That sum over k is a formula over (x_0, …, g_0, …) itself, so all
 * inputs that were not repeated share one pass over memory, and so do all that were repeated along
 * the same axes.
 */
final class FormulaRule implements Rule {
  private final List<Formula> formulas;
  private final int arity;
  private final Formula[][] derivatives;
  private final Map<Long, Saves> saves = new ConcurrentHashMap<>();
  private final Map<PlanKey, Plan> plans = new ConcurrentHashMap<>();

  FormulaRule(List<Formula> formulas, int arity) {
    this.formulas = formulas;
    this.arity = arity;
    derivatives = new Formula[formulas.size()][arity];
    for (int k = 0; k < formulas.size(); k++) {
      for (int i = 0; i < arity; i++) {
        derivatives[k][i] = Derivative.of(formulas.get(k), i);
      }
    }
  }

  /** Which gradients are wanted, which come in, and the axes of repetition of each input. */
  private record PlanKey(long wanted, long incoming, List<Integer> repeated) {}

  /** One pass over memory: the call, and the inputs whose gradients its results are. */
  private record Pass(FormulaCall call, List<Integer> targets) {}

  /**
   * What to do.
   *
   * @param same for each input the number of the incoming gradient that it gets as it is, or −1
   */
  private record Plan(List<Integer> same, List<Pass> passes) {}

  @Override
  public Saves saves(Wanted wanted) {
    long mask = wanted.mask(arity);
    var known = saves.get(mask);
    if (known == null) {
      known = findSaves(mask);
      saves.put(mask, known);
    }
    return known;
  }

  private Saves findSaves(long wanted) {
    var result = Saves.NOTHING;
    for (int i = 0; i < arity; i++) {
      if ((wanted >> i & 1) != 0) {
        for (var derivative : derivatives) {
          for (int input : Program.of(derivative[i]).inputs()) {
            result = result.input(input);
          }
        }
      }
    }
    return result;
  }

  @Override
  public @Nullable Tensor[] gradients(Backward at) {
    Shape[] shapes = new Shape[arity];
    for (int i = 0; i < arity; i++) {
      shapes[i] = at.inputShape(i);
    }
    return gradients(at, at::input, shapes, at.outputSpec(0).shape(), at.gradients());
  }

  /**
   * Returns the gradient by each input; null where it is not wanted or zero.
   *
   * @param inputs gives the inputs that {@link #saves} asked for
   * @param full the common shape of all inputs, and of the gradients
   * @param gradients the incoming gradient of each formula; null for none
   */
  @Nullable Tensor[] gradients(
      Wanted wanted,
      IntFunction<Tensor> inputs,
      Shape[] shapes,
      Shape full,
      @Nullable Tensor[] gradients) {
    long incoming = 0;
    for (int k = 0; k < gradients.length; k++) {
      incoming |= gradients[k] != null ? Saves.bit(k) : 0;
    }
    var repeated = new ArrayList<Integer>(arity);
    for (var shape : shapes) {
      repeated.add(Broadcasting.repeated(shape, full));
    }
    var plan = plan(new PlanKey(wanted.mask(arity), incoming, repeated));
    @Nullable Tensor[] results = new Tensor[arity];
    for (int i = 0; i < arity; i++) {
      int same = plan.same.get(i);
      if (same >= 0) {
        results[i] = shaped(gradients[same], shapes[i]);
      }
    }
    for (var pass : plan.passes) {
      var values = pass.call.apply(i -> i < arity ? inputs.apply(i) : present(gradients, i));
      for (int j = 0; j < pass.targets.size(); j++) {
        int i = pass.targets.get(j);
        results[i] = Broadcasting.reshaped(values.get(j), shapes[i]);
      }
    }
    return results;
  }

  private static @Nullable Tensor shaped(@Nullable Tensor gradient, Shape shape) {
    return gradient == null ? null : Broadcasting.reshaped(gradient, shape);
  }

  private Tensor present(@Nullable Tensor[] gradients, int input) {
    var gradient = gradients[input - arity];
    if (gradient == null) {
      throw new IllegalStateException("a plan reads a gradient that does not come in");
    }
    return gradient;
  }

  private Plan plan(PlanKey key) {
    var known = plans.get(key);
    if (known == null) {
      known = makePlan(key);
      plans.put(key, known);
    }
    return known;
  }

  private Plan makePlan(PlanKey key) {
    var same = new ArrayList<>(Collections.nCopies(arity, -1));
    var byAxes = new LinkedHashMap<Integer, List<Integer>>();
    Formula[] terms = new Formula[arity];
    for (int i = 0; i < arity; i++) {
      terms[i] = term(i, key);
      if (terms[i].isZero()) {
        continue;
      }
      int axes = key.repeated.get(i);
      if (axes == 0 && terms[i] instanceof Formula.Input g) {
        same.set(i, g.index() - arity);
      } else {
        byAxes.computeIfAbsent(axes, a -> new ArrayList<>()).add(i);
      }
    }
    var passes = new ArrayList<Pass>();
    byAxes.forEach(
        (axes, targets) -> {
          var formulas = targets.stream().map(i -> terms[i]).toList();
          var call =
              axes == 0
                  ? FormulaCall.each(formulas)
                  : FormulaCall.sums(formulas, Broadcasting.axes(axes), true);
          passes.add(new Pass(call, targets));
        });
    return new Plan(same, passes);
  }

  /** Returns Σ_k g_k · ∂f_k/∂x_i over the gradients that come in; g_k is input arity + k. */
  private Formula term(int input, PlanKey key) {
    Formula sum = Formula.constant(0);
    if ((key.wanted >> input & 1) == 0) {
      return sum;
    }
    for (int k = 0; k < formulas.size(); k++) {
      if ((key.incoming >> k & 1) != 0) {
        sum = sum.plus(chain(derivatives[k][input], Formula.input(arity + k)));
      }
    }
    return sum;
  }

  /**
   * Returns {@code derivative · g}. A choice between derivatives becomes a choice between products,
   * so that where it is 0 the gradient is 0 whatever comes in.
   */
  static Formula chain(Formula derivative, Formula g) {
    return derivative instanceof Formula.Select s
        ? Formula.select(s.condition(), chain(s.yes(), g), chain(s.no(), g))
        : derivative.times(g);
  }
}
