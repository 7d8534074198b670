package dev.cortado.tensor;

import dev.cortado.tensor.op.Activation;

/** Activation functions, element by element. */
public sealed interface ActivationMethods permits Tensor {
  /** Returns max(x, 0). */
  default Tensor relu() {
    return self().apply(new Activation.Relu());
  }

  /** Returns min(max(x, 0), 6). */
  default Tensor relu6() {
    return self().apply(new Activation.Relu6());
  }

  /** Returns x where positive, else {@code slope} · x. */
  default Tensor leakyRelu(double slope) {
    return self().apply(new Activation.LeakyRelu(slope));
  }

  /** Returns x · sigmoid(x). */
  default Tensor silu() {
    return self().apply(new Activation.Silu());
  }

  /** Returns x · Φ(x), exactly. */
  default Tensor gelu() {
    return self().apply(new Activation.Gelu());
  }

  /** Returns the tanh approximation of {@link #gelu}. */
  default Tensor geluTanh() {
    return self().apply(new Activation.GeluTanh());
  }

  /** Returns x · tanh(softplus(x)). */
  default Tensor mish() {
    return self().apply(new Activation.Mish());
  }

  /** Returns ln(1 + eˣ); x itself above 20. */
  default Tensor softplus() {
    return self().apply(Activation.Softplus.STANDARD);
  }

  /** Returns the logarithm of the sigmoid without rounding small values to 0. */
  default Tensor logSigmoid() {
    return self().apply(new Activation.LogSigmoid());
  }

  /** Returns x where positive, else {@code alpha} · (eˣ − 1). */
  default Tensor elu(double alpha) {
    return self().apply(new Activation.Elu(alpha));
  }

  /** Returns x where positive, else {@code alpha} · (e^(x/alpha) − 1). */
  default Tensor celu(double alpha) {
    return self().apply(new Activation.Celu(alpha));
  }

  /** Returns the self-normalising {@link #elu}. */
  default Tensor selu() {
    return self().apply(new Activation.Selu());
  }

  /** Returns x · min(max(x + 3, 0), 6) / 6. */
  default Tensor hardswish() {
    return self().apply(new Activation.Hardswish());
  }

  /** Returns min(max(x + 3, 0), 6) / 6. */
  default Tensor hardsigmoid() {
    return self().apply(new Activation.Hardsigmoid());
  }

  /** Returns min(max(x, low), high), with derivative 0 at the bounds. */
  default Tensor hardtanh(double low, double high) {
    return self().apply(new Activation.Hardtanh(low, high));
  }

  /**
   * Returns a · sigmoid(b), where a and b are the halves of this along {@code axis}: a gated linear
   * unit. Dauphin et al. 2016.
   *
   * @throws CortadoException if the size of the axis is odd
   */
  default Tensor glu(int axis) {
    int size = self().dim(axis);
    if (size % 2 != 0) {
      throw new CortadoException(
          "glu: axis " + axis + " of " + self().shape() + " cannot be halved: its size is odd");
    }
    var gate = self().narrow(axis, size / 2, size / 2);
    return self().narrow(axis, 0, size / 2).mul(gate.sigmoid());
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
