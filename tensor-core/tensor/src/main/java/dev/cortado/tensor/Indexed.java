package dev.cortado.tensor;

/**
 * Elements that were found, and where.
 *
 * @param values the elements
 * @param indices where they were along the axis in question (I64), in the same shape
 */
public record Indexed(Tensor values, Tensor indices) {}
