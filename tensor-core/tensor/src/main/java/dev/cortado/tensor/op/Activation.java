package dev.cortado.tensor.op;

import static dev.cortado.tensor.formula.Formula.constant;
import static dev.cortado.tensor.formula.Formula.erf;
import static dev.cortado.tensor.formula.Formula.input;
import static dev.cortado.tensor.formula.Formula.select;
import static dev.cortado.tensor.formula.Formula.softplus;
import static dev.cortado.tensor.formula.Formula.tanh;
import static dev.cortado.tensor.formula.Formula.unary;

import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.formula.UnaryFunction;

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

  /**
   * min(max(x / 6 + ½, 0), 1); the derivative at both kinks is 0. Courbariaux et al. 2015, as in
   * Howard et al. 2019 (MobileNetV3).
   */
  record Hardsigmoid() implements Activation {
    @Override
    public Formula formula() {
      var x = input(0);
      var line = x.dividedBy(6).plus(0.5);
      var upper = select(constant(3).atMost(x), constant(1), line);
      return select(x.atMost(constant(-3)), constant(0), upper);
    }
  }

  /**
   * min(max(x, low), high); unlike {@link Arithmetic.Clamp}'s, the derivative at both kinks is 0.
   * Collobert 2004.
   */
  record Hardtanh(double low, double high) implements Activation {
    @Override
    public Formula formula() {
      var x = input(0);
      var upper = select(constant(high).atMost(x), constant(high), x);
      return select(x.atMost(constant(low)), constant(low), upper);
    }
  }

  /**
   * ½x · (1 + tanh(√(2/π) · (x + 0.044715 x³))): the approximation of {@link Gelu} that older
   * transformers were trained with. Hendrycks &amp; Gimpel 2016.
   */
  record GeluTanh() implements Activation {
    @Override
    public Formula formula() {
      var x = input(0);
      var inner = x.plus(x.times(x).times(x).times(0.044715)).times(Math.sqrt(2 / Math.PI));
      return x.times(tanh(inner).plus(1)).times(0.5);
    }
  }

  /**
   * ln(1 + e^(beta·x)) / beta; x itself where beta · x exceeds the threshold, with derivative 1.
   * Dugas et al. 2000.
   */
  record Softplus(double beta, double threshold) implements Activation {
    /** beta 1, threshold 20: torch's. */
    public static final Softplus STANDARD = new Softplus(1, 20);

    @Override
    public Formula formula() {
      var x = input(0);
      var scaled = x.times(beta);
      return select(constant(threshold).lessThan(scaled), x, softplus(scaled).dividedBy(beta));
    }
  }

  /** ln(1 / (1 + e⁻ˣ)), without rounding small values to 0. */
  record LogSigmoid() implements Activation {
    @Override
    public Formula formula() {
      return softplus(input(0).negate()).negate();
    }
  }

  /** x · tanh(ln(1 + eˣ)). Misra 2019. */
  record Mish() implements Activation {
    @Override
    public Formula formula() {
      var x = input(0);
      return x.times(tanh(softplus(x)));
    }
  }

  /** x where positive, else alpha · (eˣ − 1); the derivative at 0 is alpha. Clevert et al. 2015. */
  record Elu(double alpha) implements Activation {
    @Override
    public Formula formula() {
      var x = input(0);
      return select(constant(0).lessThan(x), x, unary(UnaryFunction.EXPM1, x).times(alpha));
    }
  }

  /** x where positive, else alpha · (e^(x/alpha) − 1): smooth at 0. Barron 2017. */
  record Celu(double alpha) implements Activation {
    @Override
    public Formula formula() {
      var x = input(0);
      var below = unary(UnaryFunction.EXPM1, x.dividedBy(alpha)).times(alpha);
      return select(constant(0).lessThan(x), x, below);
    }
  }

  /**
   * {@link Elu} scaled so that activations keep mean 0 and variance 1 from layer to layer.
   * Klambauer et al. 2017.
   */
  record Selu() implements Activation {
    private static final double ALPHA = 1.6732632423543772;
    private static final double SCALE = 1.0507009873554805;

    @Override
    public Formula formula() {
      return new Elu(ALPHA).formula().times(SCALE);
    }
  }
}
