/** The definition of correct: scalar kernels written to be read. */
@NullMarked
package dev.cortado.tensor.reference;

import org.jspecify.annotations.NullMarked;
