package dev.cortado.autograd;

import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.spi.Trace;
import dev.cortado.tensor.spi.Tracer;
import org.jspecify.annotations.Nullable;

/** What a tracked tensor carries: its origin, and which of the origin's results it is. */
record Recorded(Origin origin, int output) implements Trace {
  @Override
  public Tracer tracer() {
    return Recorder.INSTANCE;
  }

  /** Returns what {@code tensor} carries, or null if autograd does not track it. */
  static @Nullable Recorded of(Tensor tensor) {
    return tensor.trace() instanceof Recorded recorded ? recorded : null;
  }
}
