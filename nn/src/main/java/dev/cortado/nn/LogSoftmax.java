package dev.cortado.nn;

import dev.cortado.tensor.Tensor;

/** The logarithm of {@link Softmax}, computed without rounding small values to 0. */
public final class LogSoftmax extends Layer {
  private final int axis;

  /** Creates a logarithmic softmax along {@code axis}; negative ones count from the end. */
  public LogSoftmax(int axis) {
    this.axis = axis;
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.logSoftmax(axis);
  }

  @Override
  protected Layer twin() {
    return new LogSoftmax(axis);
  }

  @Override
  protected String settings() {
    return "axis=" + axis;
  }
}
