/** Tensor files. */
@NullMarked
package dev.cortado.tensor.io;

import org.jspecify.annotations.NullMarked;
