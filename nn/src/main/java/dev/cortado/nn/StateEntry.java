package dev.cortado.nn;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.Backends;
import dev.cortado.tensor.Copy;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.ShapeOnlyStorage;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.TensorSpec;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One tensor of a layer's state: what a checkpoint holds under one name. It starts with a shape and
 * a type but no numbers; they come from {@link Layer#initialize} or {@link Layer#load}.
 */
public abstract sealed class StateEntry permits Parameter, Buffer {
  private Tensor value;
  private Initializer initializer;
  private @Nullable Layer owner;
  private String name = "";

  StateEntry(TensorSpec spec, Initializer initializer) {
    this.value = shapeOnly(spec);
    this.initializer = initializer;
  }

  private static Tensor shapeOnly(TensorSpec spec) {
    return Backends.shapesOnly(() -> Tensor.empty(spec.shape(), spec.dtype(), "state"));
  }

  /** Returns shape and type. */
  public final TensorSpec spec() {
    return value.spec();
  }

  /** Returns whether there are numbers already. */
  public final boolean hasNumbers() {
    return !(value.storage() instanceof ShapeOnlyStorage);
  }

  /** Returns whether a checkpoint must have it. */
  public boolean required() {
    return true;
  }

  /**
   * Returns the plain tensor, which knows nothing of gradients. Optimisers write into it.
   *
   * @throws CortadoException if there are no numbers yet
   */
  public final Tensor value() {
    if (!hasNumbers() && !Backends.current().name().equals("shapes")) {
      throw new CortadoException(
          description() + " has no numbers yet: call initialize(key) or load(state) first");
    }
    return value;
  }

  /** Notes in which layer this is, and under which name: for messages. */
  final void belongsTo(Layer layer, String name) {
    this.owner = layer;
    this.name = name;
  }

  private String description() {
    var layer = owner;
    return layer == null
        ? "the state " + spec() + " of a layer"
        : Layer.join(layer.path(), name) + " " + spec() + " of " + layer.kind();
  }

  /** Returns the tensor, with or without numbers. */
  final Tensor raw() {
    return value;
  }

  /** Puts another tensor in the place of the present one. Type and shape may change. */
  public void assign(Tensor tensor) {
    value = tensor.detach();
  }

  /** Chooses how {@link Layer#initialize} draws the numbers. */
  public final void initializer(Initializer initializer) {
    this.initializer = initializer;
  }

  final void initialize(RandomKey key) {
    var spec = spec();
    assign(Scope.outside(() -> Autograd.noGrad(() -> initializer.draw(key, spec))));
  }

  /** Copies the numbers of a tensor of equal shape, converted to this entry's type. */
  final void copyFrom(Tensor source) {
    if (source.storage() instanceof ShapeOnlyStorage) {
      return;
    }
    var plain = source.detach();
    if (hasNumbers()) {
      Copy.into(plain.to(value.dtype()), value);
      value.storage().overwritten("load");
    } else {
      assign(Scope.outside(() -> fresh(plain, value.dtype())));
    }
  }

  /** Returns the numbers row-major in a storage of their own. */
  @SuppressWarnings("ReferenceEquality") // the question is whether it is the same one
  private static Tensor fresh(Tensor plain, DType dtype) {
    var converted = plain.to(dtype).contiguous();
    return converted.storage() == plain.storage() ? converted.copy() : converted;
  }

  /** Puts {@code change} of the tensor in its place, with or without numbers. */
  @SuppressWarnings("ReferenceEquality") // the question is whether it is the same one
  final void map(UnaryOperator<Tensor> change) {
    var changed = Scope.outside(() -> Autograd.noGrad(() -> change.apply(value)));
    if (!changed.shape().equals(value.shape())) {
      throw new CortadoException("the state " + spec() + " cannot become " + changed.spec());
    }
    if (changed != value) {
      assign(changed);
    }
  }

  /** Takes over another entry's type and numbers, in a storage of its own, and its initialiser. */
  final void copyAll(StateEntry other) {
    initializer = other.initializer;
    var tensor = other.raw();
    assign(
        other.hasNumbers()
            ? Scope.outside(() -> fresh(tensor.detach(), tensor.dtype()))
            : shapeOnly(tensor.spec()));
  }

  /** Returns type and shape. */
  @Override
  public String toString() {
    return spec().toString();
  }
}
