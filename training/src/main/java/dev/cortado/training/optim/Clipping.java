package dev.cortado.training.optim;

import dev.cortado.autograd.Gradients;
import dev.cortado.nn.Parameter;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import java.util.SequencedMap;

/**
 * Makes gradients smaller that are too large, so that one strange batch does not throw away what
 * was learned. Pascanu et al. 2012.
 */
public final class Clipping {
  /** torch's, so that a norm of 0 divides nothing by 0. */
  private static final double EPS = 1e-6;

  private Clipping() {}

  /**
   * Gradients that are small enough.
   *
   * @param gradients those to step with
   * @param norm that of all gradients together before
   */
  public record Clipped(Gradients gradients, double norm) {}

  /**
   * Scales all gradients by {@code min(1, largest / (norm + 10⁻⁶))}, where the norm is the root of
   * the sum of all their squares: their direction stays.
   *
   * @param parameters in the order in which their squares are added up
   * @throws CortadoException if {@code largest} is not positive
   */
  public static Clipped byNorm(
      Gradients gradients, SequencedMap<String, Parameter> parameters, double largest) {
    check(largest);
    double squares = 0;
    for (var parameter : parameters.values()) {
      var gradient = parameter.trainable() ? gradients.find(parameter.tensor()) : null;
      if (gradient != null && gradient.isPresent()) {
        squares += gradient.get().square().sum().item();
      }
    }
    double norm = Math.sqrt(squares);
    double factor = Math.min(1, largest / (norm + EPS));
    return new Clipped(factor == 1 ? gradients : gradients.map(g -> g.mul(factor)), norm);
  }

  /**
   * Cuts every number of every gradient off at ±{@code largest}.
   *
   * @throws CortadoException if {@code largest} is not positive
   */
  public static Gradients byValue(Gradients gradients, double largest) {
    check(largest);
    return gradients.map((Tensor g) -> g.clamp(-largest, largest));
  }

  private static void check(double largest) {
    if (!(largest > 0)) {
      throw new CortadoException("gradients are clipped at a positive number, not " + largest);
    }
  }
}
