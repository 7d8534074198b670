/** Checks of derivatives for the command line. */
@NullMarked
package dev.cortado.examples.gradcheck;

import org.jspecify.annotations.NullMarked;
