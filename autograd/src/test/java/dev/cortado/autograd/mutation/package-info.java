/** Changes rules on purpose, to see that the tests notice. */
@NullMarked
package dev.cortado.autograd.mutation;

import org.jspecify.annotations.NullMarked;
