/** The command line and the lessons. */
@NullMarked
package dev.cortado.examples;

import org.jspecify.annotations.NullMarked;
