package dev.cortado.nn;

import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.tensor.formula.Derivative;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.Epilogue;
import java.util.List;

/** What layers let a product or convolution do to its result while it is in the cache. */
final class Epilogues {
  private Epilogues() {}

  /** The same activation after nothing, and after a bias. */
  record Activated(Epilogue plain, Epilogue biased) {
    static Activated of(Formula activation) {
      return new Activated(new Epilogue(activation, 0), new Epilogue(after(activation, BIASED), 1));
    }
  }

  private static final Formula BIASED = input(0).plus(input(1));
  private static final Formula NORMALIZED = input(0).times(input(1)).plus(input(2));

  /** Extras: bias, residual. */
  static final Epilogue BIAS_AND_RESIDUAL = new Epilogue(BIASED.plus(input(2)), 2);

  /** Extras: residual. */
  static final Epilogue RESIDUAL = Epilogue.BIAS;

  /** A batch norm with fixed statistics, then an activation. Extras: scale, shift. */
  static Epilogue normalized(Formula activation) {
    return new Epilogue(after(activation, NORMALIZED), 2);
  }

  /** The same, then a residual. Extras: scale, shift, residual. */
  static Epilogue normalizedWithResidual(Formula activation) {
    return new Epilogue(after(activation, NORMALIZED).plus(input(3)), 3);
  }

  private static Formula after(Formula activation, Formula first) {
    return Derivative.substitute(activation, List.of(first));
  }
}
