/** Layers, the parameters they own, initialisers and losses. */
@NullMarked
package dev.cortado.nn;

import org.jspecify.annotations.NullMarked;
