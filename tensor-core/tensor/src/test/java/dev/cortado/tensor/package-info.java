/** Tests of tensors and what they are made of. */
@NullMarked
package dev.cortado.tensor;

import org.jspecify.annotations.NullMarked;
