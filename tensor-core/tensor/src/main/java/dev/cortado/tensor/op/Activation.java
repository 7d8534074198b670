package dev.cortado.tensor.op;

import static dev.cortado.tensor.formula.Formula.constant;
import static dev.cortado.tensor.formula.Formula.erf;
import static dev.cortado.tensor.formula.Formula.input;
import static dev.cortado.tensor.formula.Formula.select;

import dev.cortado.tensor.formula.Formula;

/** Activation functions. */
public interface Activation extends Elementwise {
  /** x itself: no activation. */
  record Identity() implements Activation {
    @Override
    public Formula formula() {
      return input(0);
    }
  }

  /** max(x, 0); the derivative at 0 is 0, NaN stays NaN. Nair &amp; Hinton 2010. */
  record Relu() implements Activation {
    @Override
    public Formula formula() {
      var x = input(0);
      return select(x.atMost(constant(0)), constant(0), x);
    }
  }

  /** min(max(x, 0), 6); the derivative at both kinks is 0. Howard et al. 2017 (MobileNets). */
  record Relu6() implements Activation {
    @Override
    public Formula formula() {
      var x = input(0);
      var upper = select(constant(6).atMost(x), constant(6), x);
      return select(x.atMost(constant(0)), constant(0), upper);
    }
  }

  /** x · sigmoid(x). Elfwing et al. 2017; Ramachandran et al. 2017 (Swish). */
  record Silu() implements Activation {
    @Override
    public Formula formula() {
      var x = input(0);
      return x.times(Formula.sigmoid(x));
    }
  }

  /**
   * x · Φ(x) with the normal distribution's Φ, exactly: not the tanh approximation. Hendrycks &amp;
   * Gimpel 2016.
   */
  record Gelu() implements Activation {
    private static final double SQRT_HALF = Math.sqrt(0.5);

    @Override
    public Formula formula() {
      var x = input(0);
      return x.times(erf(x.times(SQRT_HALF)).plus(1)).times(0.5);
    }
  }

  /** x where positive, else slope · x. Maas et al. 2013. */
  record LeakyRelu(double slope) implements Activation {
    @Override
    public Formula formula() {
      var x = input(0);
      return select(constant(0).lessThan(x), x, x.times(slope));
    }
  }

  /**
   * x · min(max(x + 3, 0), 6) / 6; the derivative is 0 at −3 and 1 at 3. Howard et al. 2019
   * (MobileNetV3).
   */
  record Hardswish() implements Activation {
    @Override
    public Formula formula() {
      var x = input(0);
      var line = x.plus(3).dividedBy(6);
      var gate = select(constant(3).atMost(x), constant(1), line);
      return x.times(select(x.atMost(constant(-3)), constant(0), gate));
    }
  }
}
