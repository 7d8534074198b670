/** The rules of the house, as tests: they stand here because this module sees all others. */
@NullMarked
package dev.cortado.rules;

import org.jspecify.annotations.NullMarked;
