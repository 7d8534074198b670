package dev.cortado.nn;

import dev.cortado.tensor.Tensor;

/**
 * What attention computed, and where it looked.
 *
 * @param output [N, L, E]
 * @param weights [N, heads, L, S]: how much each query listened to each key, before dropout; the
 *     weights of a query sum to 1. Their mean over axis 1 is what torch returns by default
 */
public record AttentionOutput(Tensor output, Tensor weights) {}
