/** Derivatives of recorded ops, of every order. */
@NullMarked
package dev.cortado.autograd;

import org.jspecify.annotations.NullMarked;
