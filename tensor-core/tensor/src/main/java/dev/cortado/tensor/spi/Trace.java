package dev.cortado.tensor.spi;

/**
 * What a tracer left on a tensor, for example autograd's node. A tensor without one is a plain
 * number box.
 */
public interface Trace {
  /** Returns the tracer that must see every op that is applied to the tensor. */
  Tracer tracer();
}
