package dev.cortado.tensor.op;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.formula.Formula;
import java.util.List;

/**
 * An elementwise formula applied to the result of a product or convolution while it is still in the
 * cache. {@code input(0)} is the result; inputs 1 … {@code extras} are further inputs of the op,
 * which broadcast to the result.
 */
public record Epilogue(Formula formula, int extras) {
  /** The result as it is. */
  public static final Epilogue NONE = new Epilogue(Formula.input(0), 0);

  /** result + input(1): a bias. */
  public static final Epilogue BIAS = new Epilogue(Formula.input(0).plus(Formula.input(1)), 1);

  /** Returns whether this leaves the result as it is. */
  public boolean isNone() {
    return formula instanceof Formula.Input i && i.index() == 0;
  }

  /** Checks that the further inputs broadcast to the result. */
  void check(Op op, TensorSpec result, List<TensorSpec> extra) {
    for (var input : extra) {
      if (!input.shape().broadcastsTo(result.shape()) || input.dtype() != result.dtype()) {
        throw new CortadoException(
            op.name()
                + ": "
                + input
                + " of the epilogue does not broadcast to the result "
                + result);
      }
    }
  }

  /** Returns this as an op over (result, extras…). */
  public Fused asOp() {
    return Fused.of(extras + 1, formula);
  }
}
