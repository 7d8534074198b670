package dev.cortado.tensor.op;

/** Means over windows along one axis. */
record Means(int kernel, int stride, int dilation, int before) {
  /** Returns them; borders of {@code before} and {@code after} count as zeros, or not at all. */
  Taps taps(int size, int outputs, int after, boolean countBorder) {
    return Taps.of(
        size,
        outputs,
        (i, sink) -> {
          int start = i * stride - before;
          int count = 0;
          for (int k = 0; k < kernel; k++) {
            int at = start + k * dilation;
            boolean counts = countBorder ? at < size + after : at >= 0 && at < size;
            count += counts ? 1 : 0;
          }
          for (int k = 0; k < kernel; k++) {
            int at = start + k * dilation;
            if (at >= 0 && at < size) {
              sink.add(at, 1.0 / count);
            }
          }
        });
  }
}
