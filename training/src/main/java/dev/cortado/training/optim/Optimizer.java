package dev.cortado.training.optim;

import dev.cortado.autograd.Gradients;
import dev.cortado.nn.Parameter;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Derivative;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.Fused;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Moves parameters against their gradients, by an {@link UpdateRule}, in place and in one pass for
 * each parameter.
 */
public final class Optimizer {
  private final UpdateRule rule;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final GradientClip clip;
  private double learningRate;
  private long steps;

  /** A parameter, its memory, and after how many steps it came in. */
  private record Entry(Parameter parameter, List<Tensor> slots, long since) {}

  /**
   * Creates an optimiser for the trainable ones of {@code parameters}.
   *
   * @throws CortadoException if none is trainable, or the learning rate is negative or no number
   */
  public Optimizer(UpdateRule rule, Map<String, Parameter> parameters, double learningRate) {
    this(rule, parameters, learningRate, GradientClip.NONE);
  }

  /**
   * Creates an optimiser that clips gradients before it follows them.
   *
   * @throws CortadoException if no parameter is trainable, or the learning rate is negative or no
   *     number
   */
  public Optimizer(
      UpdateRule rule, Map<String, Parameter> parameters, double learningRate, GradientClip clip) {
    this.rule = rule;
    this.clip = clip;
    learningRate(learningRate);
    admit(parameters);
    if (entries.isEmpty()) {
      throw new CortadoException(
          "nothing to train: all " + parameters.size() + " parameters are frozen");
    }
  }

  /**
   * Takes up those of {@code parameters} that have become trainable since. Their memory starts from
   * nothing and their steps are counted from now on, so that the first of them is as large as that
   * of a new optimiser. The others stay as they are; one that was frozen keeps its memory.
   */
  public void admit(Map<String, Parameter> parameters) {
    parameters.forEach(
        (name, parameter) -> {
          if (parameter.trainable() && !entries.containsKey(name)) {
            entries.put(name, new Entry(parameter, slots(parameter.value()), steps));
          }
        });
  }

  private List<Tensor> slots(Tensor parameter) {
    var slots = new ArrayList<Tensor>();
    for (int i = 0; i < rule.slots(); i++) {
      slots.add(Scope.outside(() -> zerosLike(parameter)));
    }
    return slots;
  }

  /** Returns zeros in the parameter's own layout, so that a step walks all tensors alike. */
  private static Tensor zerosLike(Tensor x) {
    var zeros = Tensor.full(x.shape(), x.dtype(), 0);
    Layout layout = x.layout().denseLike(x.shape());
    return new Tensor(x.shape(), layout, zeros.storage(), null);
  }

  /** Returns the rule. */
  public UpdateRule rule() {
    return rule;
  }

  /** Returns the learning rate of the next step. */
  public double learningRate() {
    return learningRate;
  }

  /** Sets the learning rate of the next step; 0 changes no parameter. */
  public void learningRate(double rate) {
    if (!(rate >= 0) || Double.isInfinite(rate)) {
      throw new CortadoException("the learning rate must be 0 or a positive number, got " + rate);
    }
    this.learningRate = rate;
  }

  /** Returns how many steps have been made. */
  public long steps() {
    return steps;
  }

  /** Makes one step. Parameters on which the loss does not depend stay as they are. */
  public void step(Gradients gradients) {
    steps++;
    double norm = clip instanceof GradientClip.ByNorm ? norm(gradients) : Double.NaN;
    var ops = new HashMap<Long, Fused>();
    for (var entry : entries.values()) {
      var op = ops.computeIfAbsent(steps - entry.since(), step -> op(step, norm));
      gradients.find(entry.parameter().tensor()).ifPresent(g -> update(op, entry, g));
    }
  }

  /** Returns the rule's formulas with the clipped gradient in the gradient's place. */
  private Fused op(long step, double norm) {
    int arity = 2 + rule.slots();
    var formulas = rule.formulas(learningRate, step);
    if (clip instanceof GradientClip.None) {
      return new Fused(formulas, arity);
    }
    var inputs = new ArrayList<Formula>();
    for (int i = 0; i < arity; i++) {
      inputs.add(Formula.input(i));
    }
    inputs.set(1, clip.clipped(Formula.input(1), norm));
    return new Fused(formulas.stream().map(f -> Derivative.substitute(f, inputs)).toList(), arity);
  }

  private double norm(Gradients gradients) {
    var own = new ArrayList<Tensor>();
    for (var entry : entries.values()) {
      gradients.find(entry.parameter().tensor()).ifPresent(own::add);
    }
    return GradientClip.norm(own);
  }

  private static void update(Fused op, Entry entry, Tensor gradient) {
    var value = entry.parameter().value();
    var inputs = new ArrayList<Tensor>(2 + entry.slots().size());
    inputs.add(value);
    inputs.add(gradient.detach());
    inputs.addAll(entry.slots());
    var outputs = new ArrayList<Tensor>(1 + entry.slots().size());
    outputs.add(value);
    outputs.addAll(entry.slots());
    Ops.into(op, inputs, outputs);
  }

  /**
   * Returns the rule's memory by {@code parameter name + "." + slot number}, for checkpoints; after
   * how many steps a parameter came in by {@code name + ".since"}, if not from the beginning.
   */
  public Map<String, Tensor> state() {
    var state = new LinkedHashMap<String, Tensor>();
    entries.forEach(
        (name, entry) -> {
          for (int i = 0; i < entry.slots().size(); i++) {
            state.put(name + "." + i, entry.slots().get(i));
          }
          if (entry.since() > 0) {
            state.put(name + ".since", Tensor.of(new long[] {entry.since()}));
          }
        });
    state.put("steps", Tensor.of(new long[] {steps}));
    return state;
  }

  /**
   * Goes on where the optimiser was whose {@link #state} this is, bit for bit: with the same rule
   * and parameters of the same names. The parameters' numbers and the learning rate are not in the
   * state.
   *
   * @throws CortadoException if something is missing, unexpected, or of another shape or type, or a
   *     parameter came in before the first step or after the last; then nothing has changed
   */
  public void load(Map<String, Tensor> state) {
    var rest = new LinkedHashMap<>(state);
    long made = count(rest.remove("steps"), "steps", state);
    if (made < 0) {
      throw new CortadoException(
          "the optimiser's state says steps = " + made + "; nobody made fewer than 0 steps");
    }
    var resumed = new LinkedHashMap<String, Entry>();
    entries.forEach(
        (name, entry) -> {
          var slots = new ArrayList<Tensor>();
          for (int i = 0; i < entry.slots().size(); i++) {
            var key = name + "." + i;
            slots.add(slotLike(entry.slots().get(i), rest.remove(key), key));
          }
          var since = rest.remove(name + ".since");
          long from = since == null ? 0 : count(since, name + ".since", state);
          if (from < 0 || from > made) {
            throw new CortadoException(
                "the optimiser's state says "
                    + name
                    + ".since = "
                    + from
                    + ": a parameter comes in after 0 to "
                    + made
                    + " steps, as many as were made");
          }
          resumed.put(name, new Entry(entry.parameter(), slots, from));
        });
    if (!rest.isEmpty()) {
      throw new CortadoException(
          "the optimiser's state has something for "
              + rest.keySet().iterator().next()
              + ", which is not trained here, or not by this rule");
    }
    entries.putAll(resumed);
    steps = made;
  }

  private static long count(@Nullable Tensor x, String key, Map<String, Tensor> state) {
    if (x == null || x.elements() != 1 || x.dtype() != DType.I64) {
      throw new CortadoException(
          "the optimiser's state needs a whole number (I64) for "
              + key
              + ", got "
              + (x == null ? state.keySet() : x.spec()));
    }
    return x.toLongs()[0];
  }

  /** Returns a copy of {@code x} that lies in memory as {@code slot} does. */
  private static Tensor slotLike(Tensor slot, @Nullable Tensor x, String key) {
    if (x == null || !x.spec().equals(slot.spec())) {
      throw new CortadoException(
          "the optimiser's state needs "
              + slot.spec()
              + " for "
              + key
              + ", got "
              + (x == null ? "nothing" : x.spec()));
    }
    var copy = Scope.outside(() -> zerosLike(slot));
    Ops.into(Fused.of(1, Formula.input(0)), List.of(x.detach()), List.of(copy));
    return copy;
  }
}
