package dev.cortado.tensor.spi;

import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Op;
import java.util.List;

/**
 * An interpreter that sees an op before any backend does: autograd's recorder, a graph's capture, a
 * profiler.
 */
public interface Tracer {
  /**
   * Interprets {@code op}. To have it computed, call {@link dev.cortado.tensor.Ops#compute}.
   *
   * @return the results, possibly carrying this tracer's {@link Trace}
   */
  List<Tensor> apply(Op op, List<Tensor> inputs);
}
