package dev.cortado.nn;

import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.formula.UnaryFunction;
import dev.cortado.tensor.op.Activation;
import dev.cortado.tensor.op.Arithmetic;
import dev.cortado.tensor.op.Elementwise;

/** An elementwise op of one input as a layer. */
public final class ActivationLayer extends Layer {
  private final Elementwise op;

  /** Creates a layer that applies {@code op}. */
  public ActivationLayer(Elementwise op) {
    this.op = op;
  }

  /** Returns max(x, 0) as a layer. */
  public static ActivationLayer relu() {
    return new ActivationLayer(new Activation.Relu());
  }

  /** Returns min(max(x, 0), 6) as a layer. */
  public static ActivationLayer relu6() {
    return new ActivationLayer(new Activation.Relu6());
  }

  /** Returns x · sigmoid(x) as a layer. */
  public static ActivationLayer silu() {
    return new ActivationLayer(new Activation.Silu());
  }

  /** Returns x · Φ(x) as a layer. */
  public static ActivationLayer gelu() {
    return new ActivationLayer(new Activation.Gelu());
  }

  /** Returns x where positive, else slope · x, as a layer. */
  public static ActivationLayer leakyRelu(double slope) {
    return new ActivationLayer(new Activation.LeakyRelu(slope));
  }

  /** Returns x · min(max(x + 3, 0), 6) / 6 as a layer. */
  public static ActivationLayer hardswish() {
    return new ActivationLayer(new Activation.Hardswish());
  }

  /** Returns the tanh approximation of x · Φ(x) as a layer. */
  public static ActivationLayer geluTanh() {
    return new ActivationLayer(new Activation.GeluTanh());
  }

  /** Returns min(max(x + 3, 0), 6) / 6 as a layer. */
  public static ActivationLayer hardsigmoid() {
    return new ActivationLayer(new Activation.Hardsigmoid());
  }

  /** Returns min(max(x, −1), 1) as a layer. */
  public static ActivationLayer hardtanh() {
    return new ActivationLayer(new Activation.Hardtanh(-1, 1));
  }

  /** Returns x where positive, else α · (eˣ − 1), as a layer. */
  public static ActivationLayer elu(double alpha) {
    return new ActivationLayer(new Activation.Elu(alpha));
  }

  /** Returns the self-normalising unit as a layer. */
  public static ActivationLayer selu() {
    return new ActivationLayer(new Activation.Selu());
  }

  /** Returns ln(1 + eˣ) as a layer. */
  public static ActivationLayer softplus() {
    return new ActivationLayer(new Activation.Softplus(1, 20));
  }

  /** Returns x · tanh(ln(1 + eˣ)) as a layer. */
  public static ActivationLayer mish() {
    return new ActivationLayer(new Activation.Mish());
  }

  /** Returns ln(1 / (1 + e⁻ˣ)) as a layer. */
  public static ActivationLayer logSigmoid() {
    return new ActivationLayer(new Activation.LogSigmoid());
  }

  /** Returns 1 / (1 + e⁻ˣ) as a layer. */
  public static ActivationLayer sigmoid() {
    return new ActivationLayer(new Arithmetic.Unary(UnaryFunction.SIGMOID));
  }

  /** Returns the hyperbolic tangent as a layer. */
  public static ActivationLayer tanh() {
    return new ActivationLayer(new Arithmetic.Unary(UnaryFunction.TANH));
  }

  /** Returns the formula. */
  public Formula formula() {
    return op.formula();
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.apply(op);
  }

  /** Returns the op's name, for example {@code Silu}. */
  @Override
  public String kind() {
    var name = op.name();
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  @Override
  protected Layer twin() {
    return new ActivationLayer(op);
  }
}
