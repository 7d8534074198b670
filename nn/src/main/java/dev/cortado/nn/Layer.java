package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.TensorSpec;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Something that turns a tensor into another, with a state that can be trained, saved and loaded. A
 * model is a layer whose children are layers.
 *
 * <p>Subclasses register parameters, buffers and children under the names that checkpoints use, and
 * say what they compute in {@link #forward}. Who uses a layer calls {@link #apply}, which also lets
 * hooks look on. Names of deeper parts are dotted: {@code features.0.1.weight}.
 *
 * <p>A new layer has shapes but no numbers; {@link #initialize} draws them, {@link #load} copies
 * them. It is in training mode.
 */
public abstract class Layer {
  private final SequencedMap<String, Parameter> parameters = new LinkedHashMap<>();
  private final SequencedMap<String, Buffer> buffers = new LinkedHashMap<>();
  private final SequencedMap<String, Layer> children = new LinkedHashMap<>();
  private final LayerHooks hooks = new LayerHooks();
  private final GradientHooks gradientHooks = new GradientHooks();
  private @Nullable Layer parent;
  private String name = "";
  private boolean training = true;
  private boolean frozen;

  /** Creates a layer without any part. */
  protected Layer() {}

  /** Returns {@code layer} after {@link #initialize}, for use in an expression. */
  public static <L extends Layer> L initialized(L layer, RandomKey key) {
    layer.initialize(key);
    return layer;
  }

  /** Adds a parameter (F32). Call it in the order in which checkpoints list the parameters. */
  protected final Parameter parameter(String name, Initializer initializer, int... shape) {
    var parameter = new Parameter(new TensorSpec(Shape.of(shape), DType.F32), initializer);
    parameters.put(checked(name), parameter);
    parameter.belongsTo(this, name);
    return parameter;
  }

  /** Adds a buffer (F32). */
  protected final Buffer buffer(String name, Initializer initializer, int... shape) {
    var buffer = new Buffer(new TensorSpec(Shape.of(shape), DType.F32), initializer, true);
    buffers.put(checked(name), buffer);
    buffer.belongsTo(this, name);
    return buffer;
  }

  /** Adds a counter (I64 scalar), which old checkpoints may lack. */
  protected final Buffer counter(String name) {
    var buffer = new Buffer(new TensorSpec(Shape.SCALAR, DType.I64), Initializer.ZEROS, false);
    buffers.put(checked(name), buffer);
    buffer.belongsTo(this, name);
    return buffer;
  }

  /** Adds a child and returns it. */
  protected final <L extends Layer> L child(String name, L layer) {
    children.put(checked(name), layer);
    adopt(name, layer);
    return layer;
  }

  private void adopt(String name, Layer layer) {
    layer.parent = this;
    layer.name = name;
  }

  /** Returns the dotted name from the outermost layer that holds this one: for messages. */
  public final String path() {
    var above = parent;
    return above == null ? name : join(above.path(), name);
  }

  /** Puts another layer in the place of a child and returns it. It takes over the child's mode. */
  protected final <L extends Layer> L replaceChild(String name, L layer) {
    var before = children.get(name);
    if (before == null) {
      throw new IllegalArgumentException("there is no child " + name);
    }
    layer.train(before.training);
    children.put(name, layer);
    adopt(name, layer);
    return layer;
  }

  private String checked(String name) {
    boolean taken =
        parameters.containsKey(name) || buffers.containsKey(name) || children.containsKey(name);
    if (taken || name.isEmpty() || name.contains(".")) {
      throw new IllegalArgumentException(
          "'"
              + name
              + "' is no name for a part of "
              + getClass().getSimpleName()
              + (taken ? ": it is taken" : ""));
    }
    return name;
  }

  /** Computes the layer's output. Subclasses say how; callers use {@link #apply}. */
  public abstract Tensor forward(Tensor x);

  /** Returns the layer's output for {@code x} and lets the hooks look on. */
  public final Tensor apply(Tensor x) {
    return observe(x, this::forward);
  }

  /**
   * Returns {@code forward} of {@code x} and lets the hooks look on: for layers that compute their
   * output in other ways too, for example from several tensors.
   */
  protected final Tensor observe(Tensor x, UnaryOperator<Tensor> forward) {
    UnaryOperator<Tensor> compute = in -> gradientHooks.run(this, in, forward);
    return hooks.isEmpty() ? compute.apply(x) : hooks.run(this, x, compute);
  }

  /**
   * Returns the output for {@code x} with other tensors in the place of parameters, which stay as
   * they are: the model as a function of its parameters, for derivatives by them of any order.
   * Numbers of equal shape and type as the parameters' are expected; those not named stand for
   * themselves. Not for several threads at once.
   *
   * @param tensors by dotted name of the parameter
   */
  public final Tensor applyWith(Map<String, Tensor> tensors, Tensor x) {
    return Substitution.run(this, tensors, () -> apply(x));
  }

  /** Lets {@code hook} look on whenever this layer computes. */
  public final LayerHook.Registration addHook(LayerHook hook) {
    return hooks.add(hook);
  }

  /**
   * Lets {@code hook} see, and replace, the gradients by this layer's output and input whenever
   * backward comes through what it computes from now on.
   */
  public final LayerHook.Registration addGradientHook(GradientHook hook) {
    return gradientHooks.add(hook);
  }

  /**
   * Returns whether a hook looks on here. Layers that compute their children's work in one pass
   * must not do so then.
   */
  public final boolean isObserved() {
    return !hooks.isEmpty() || !gradientHooks.isEmpty();
  }

  /** Returns the children by name. */
  public final SequencedMap<String, Layer> children() {
    return Collections.unmodifiableSequencedMap(children);
  }

  /** Returns this layer's own parameters by name, without those of its children. */
  public final SequencedMap<String, Parameter> ownParameters() {
    return Collections.unmodifiableSequencedMap(parameters);
  }

  /** Returns this layer's own buffers by name, without those of its children. */
  public final SequencedMap<String, Buffer> ownBuffers() {
    return Collections.unmodifiableSequencedMap(buffers);
  }

  /** Returns this layer (under the empty name) and all below it by dotted name. */
  public final SequencedMap<String, Layer> layers() {
    var result = new LinkedHashMap<String, Layer>();
    walk("", result::put);
    return result;
  }

  /** Returns all parameters by dotted name, in torch's order. */
  public final SequencedMap<String, Parameter> parameters() {
    var result = new LinkedHashMap<String, Parameter>();
    walk("", (name, layer) -> layer.parameters.forEach((n, p) -> result.put(join(name, n), p)));
    return result;
  }

  /** Returns all buffers by dotted name, in torch's order. */
  public final SequencedMap<String, Buffer> buffers() {
    var result = new LinkedHashMap<String, Buffer>();
    walk("", (name, layer) -> layer.buffers.forEach((n, b) -> result.put(join(name, n), b)));
    return result;
  }

  /**
   * Returns all parameters and buffers by dotted name in the order of torch's state dict: a layer's
   * parameters, its buffers, its children.
   */
  public final SequencedMap<String, StateEntry> entries() {
    var result = new LinkedHashMap<String, StateEntry>();
    walk(
        "",
        (name, layer) -> {
          layer.parameters.forEach((n, p) -> result.put(join(name, n), p));
          layer.buffers.forEach((n, b) -> result.put(join(name, n), b));
        });
    return result;
  }

  /**
   * Visits this layer (under the empty name) and all below it by dotted name, parents first.
   *
   * <pre>{@code
   * model.visit((name, layer) -> {
   *   if (layer instanceof Linear linear) {
   *     linear.weight().initializer(Initializer.orthogonal(1));
   *   }
   * });
   * }</pre>
   */
  public final void visit(BiConsumer<String, Layer> visitor) {
    walk("", visitor);
  }

  /** Visits this layer, named {@code name}, and all below it, parents first. */
  final void walk(String name, BiConsumer<String, Layer> visitor) {
    visitor.accept(name, this);
    children.forEach((n, child) -> child.walk(join(name, n), visitor));
  }

  static String join(String prefix, String name) {
    return prefix.isEmpty() ? name : prefix + "." + name;
  }

  /** Returns the number of elements of all parameters. */
  public final long parameterCount() {
    return count(parameters().values());
  }

  /** Returns the number of elements of all parameters that are trained. */
  public final long trainableCount() {
    return count(parameters().values().stream().filter(Parameter::trainable).toList());
  }

  private static long count(Collection<Parameter> parameters) {
    return parameters.stream().mapToLong(p -> p.spec().shape().elements()).sum();
  }

  /** Puts everything into training mode, but for what is frozen. */
  public final void train() {
    train(true);
  }

  /** Puts everything into evaluation mode: running statistics, no dropout. */
  public final void eval() {
    train(false);
  }

  /** Puts everything into training or evaluation mode. */
  public final void train(boolean training) {
    walk("", (name, layer) -> layer.training = training);
  }

  /** Sets the mode of this layer alone and returns the one before. */
  final boolean exchangeMode(boolean training) {
    boolean before = this.training;
    this.training = training;
    return before;
  }

  /** Returns whether {@link #freeze} named this layer or one above it. */
  final boolean frozenByName() {
    return frozen;
  }

  /** Freezes or unfreezes this layer alone, with its own parameters. */
  final void frozenByName(boolean frozen) {
    this.frozen = frozen;
    parameters.values().forEach(p -> p.trainable(!frozen));
  }

  /** Returns whether this layer is in training mode, frozen or not. */
  final boolean inTrainingMode() {
    return training;
  }

  /** Returns whether this layer is to act as in training: it is in that mode and not frozen. */
  public final boolean isTraining() {
    return training && !isFrozen();
  }

  /** Returns whether this layer stands still: it, or each of its own parameters, was frozen. */
  public final boolean isFrozen() {
    return frozen
        || (!parameters.isEmpty() && parameters.values().stream().noneMatch(Parameter::trainable));
  }

  /**
   * Freezes what matches: layers with everything below them, and single parameters. Frozen
   * parameters get no gradient; the statistics of frozen batch norms and frozen dropout act as in
   * evaluation, also after {@link #train()}.
   *
   * @param pattern dotted names; {@code *} stands for any characters, {@code ?} for one, {@code
   *     [0-3]} for one of a set; several are separated by commas
   * @throws CortadoException if a part of the pattern matches nothing
   */
  public final void freeze(String pattern) {
    Freezing.set(this, pattern, true);
  }

  /** Undoes {@link #freeze} for what matches. */
  public final void unfreeze(String pattern) {
    Freezing.set(this, pattern, false);
  }

  /**
   * Returns the pattern that is meant by {@code pattern}: itself, unless a model gives common names
   * to groups of its parts.
   */
  protected String expandPattern(String pattern) {
    return pattern;
  }

  /**
   * Returns older names of this layer's state entries, relative to it, with the names they have
   * now. {@link #load} accepts either.
   */
  protected Map<String, String> formerNames() {
    return Map.of();
  }

  /**
   * Draws the first numbers of every parameter and buffer. The key of each is split off by its
   * dotted name.
   */
  public final void initialize(RandomKey key) {
    entries().forEach((name, entry) -> entry.initialize(key.split(name)));
  }

  /**
   * Converts all floating parameters and buffers to F32 or F64. There is one device so far, the
   * processor with its memory, so there is no {@code to(device)}; where there are others, it is
   * {@link #mapState} with the tensor's own way there, as this is with {@link Tensor#to(DType)}.
   */
  public final void to(DType dtype) {
    if (dtype != DType.F32 && dtype != DType.F64) {
      throw new CortadoException("layers compute in F32 or F64, not in " + dtype);
    }
    mapState(
        tensor ->
            tensor.dtype().isFloating() && tensor.dtype() != dtype ? tensor.to(dtype) : tensor);
  }

  /**
   * Puts {@code change} of each parameter's and buffer's tensor in its place: how a model changes
   * its type or the device that it lives on. Where nothing changes, {@code change} returns the
   * tensor it was given. Optimisers have to be made anew afterwards.
   *
   * @param change keeps the shape; its tensors have no numbers where the model has none yet
   */
  public final void mapState(UnaryOperator<Tensor> change) {
    entries().values().forEach(entry -> entry.map(change));
  }

  /**
   * Returns a layer like this one, newly made: the same settings, shapes but no numbers. {@link
   * #copyOf} fills it.
   *
   * @throws CortadoException if this kind of layer does not say how to make another
   */
  protected Layer twin() {
    throw new CortadoException(
        kind() + " cannot be copied: let it override twin() and return a new one like it");
  }

  /** Returns {@link #twin} of a layer of any kind. */
  static Layer twinOf(Layer layer) {
    return layer.twin();
  }

  /**
   * Returns a deep copy: the same numbers in storages of its own, the same mode, the same parts
   * frozen. Hooks are not copied.
   *
   * @throws CortadoException if a layer does not say how to make another like it
   */
  public static <L extends Layer> L copyOf(L layer) {
    return LayerCopy.of(layer);
  }

  /**
   * Returns the tensors of all entries by dotted name in torch's order. They share the layer's
   * numbers.
   */
  @SuppressWarnings("NonApiType") // callers add to it and take from it, in order
  public final LinkedHashMap<String, Tensor> state() {
    var result = new LinkedHashMap<String, Tensor>();
    entries().forEach((name, entry) -> result.put(name, entry.raw()));
    return result;
  }

  /**
   * Copies the numbers of {@code state} into the entries of equal name and shape, converted to the
   * entries' types.
   *
   * @param strict whether everything has to fit; then either all is loaded or nothing
   * @return what was loaded and what did not fit
   * @throws CortadoException if {@code strict} and an entry is missing, unexpected or of another
   *     shape; the message lists them all (the first of each kind, and their number)
   */
  public final LoadReport load(Map<String, Tensor> state, boolean strict) {
    return StateLoading.load(this, state, strict);
  }

  /** Loads a state that has to fit as a whole: {@link #load(Map, boolean)}, strictly. */
  public final LoadReport load(Map<String, Tensor> state) {
    return load(state, true);
  }

  /** Returns the kind of layer for tables and messages: the class's simple name. */
  public String kind() {
    return getClass().getSimpleName();
  }

  /** Returns the settings for {@link #toString}, for example {@code 3, 32, kernel=3}. */
  protected String settings() {
    return "";
  }

  /** Returns the tree of layers, one a line. */
  @Override
  public String toString() {
    var text = new StringBuilder(kind()).append('(').append(settings());
    children.forEach((name, child) -> text.append(line(name, child)));
    return text.append(children.isEmpty() ? ")" : "\n)").toString();
  }

  private static String line(String name, Layer child) {
    return "\n  (" + name + "): " + child.toString().replace("\n", "\n  ");
  }
}
