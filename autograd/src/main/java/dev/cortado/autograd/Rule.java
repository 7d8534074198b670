package dev.cortado.autograd;

import dev.cortado.tensor.Tensor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The derivative rule of an op, written with tensor ops: recording these gives the derivative of
 * the derivative.
 */
interface Rule {
  /** Returns what has to be kept for the gradients by the {@code wanted} inputs. */
  Saves saves(Wanted wanted);

  /**
   * Returns the gradient by each input; null where it is not wanted or zero everywhere. A gradient
   * may share its elements with an incoming one: nobody writes into gradients.
   */
  @Nullable Tensor[] gradients(Backward at);

  /** Returns the rule of an op whose result does not vary with its inputs. */
  static Rule zero() {
    return of(Saves.NOTHING, at -> new Tensor[at.inputs()]);
  }

  /** Returns a rule that always keeps the same. */
  static Rule of(Saves saves, Function<Backward, @Nullable Tensor[]> gradients) {
    return of(wanted -> saves, gradients);
  }

  /** Returns a rule that keeps what the wanted inputs ask for. */
  static Rule of(Function<Wanted, Saves> saves, Function<Backward, @Nullable Tensor[]> gradients) {
    return new Rule() {
      @Override
      public Saves saves(Wanted wanted) {
        return saves.apply(wanted);
      }

      @Override
      public @Nullable Tensor[] gradients(Backward at) {
        return gradients.apply(at);
      }
    };
  }

  /** Returns the rule of an op with one input and one result: gradient in, gradient out. */
  static Rule unary(Saves saves, Function<Backward, Tensor> gradient) {
    return of(saves, at -> new Tensor[] {gradient.apply(at)});
  }
}
