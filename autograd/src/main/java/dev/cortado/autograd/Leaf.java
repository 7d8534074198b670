package dev.cortado.autograd;

/** The origin of a tensor whose gradient is wanted. Its identity is the key of the gradient. */
final class Leaf implements Origin {}
