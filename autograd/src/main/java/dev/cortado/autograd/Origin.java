package dev.cortado.autograd;

/** Where a tracked tensor came from: it was declared a leaf, or an op made it. */
sealed interface Origin permits Leaf, Node {}
