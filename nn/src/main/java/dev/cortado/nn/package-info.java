/** Layers, initialisers, losses and the summary of a model. */
@NullMarked
package dev.cortado.nn;

import org.jspecify.annotations.NullMarked;
