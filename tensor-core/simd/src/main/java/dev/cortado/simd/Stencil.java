package dev.cortado.simd;

import java.util.List;

/**
 * Which input columns some neighbouring pixels of a row are made of: {@code pixel[p] += input[i] ·
 * weight[v]} for each tap. Input columns are counted from the first one that is used.
 *
 * @param pixels how many pixels
 * @param taps the products, sorted by input column
 */
record Stencil(int pixels, List<Tap> taps) {
  /** One product. */
  record Tap(int pixel, int input, int weight) {}

  /** Returns the number of kernel columns up to the last one that is used. */
  int weights() {
    return taps.stream().mapToInt(t -> t.weight() + 1).max().orElse(0);
  }

  /** Returns the number of input columns up to the last one that is used. */
  int inputs() {
    return taps.isEmpty() ? 0 : taps.getLast().input() + 1;
  }

  /** Returns whether kernel column {@code v} is used. */
  boolean uses(int v) {
    return taps.stream().anyMatch(t -> t.weight() == v);
  }
}
