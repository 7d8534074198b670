/** Optimisers: update rules as formulas, applied to every parameter in one pass over memory. */
@NullMarked
package dev.cortado.training.optim;

import org.jspecify.annotations.NullMarked;
