/** The commands of the command line. */
@NullMarked
package dev.cortado.examples.command;

import org.jspecify.annotations.NullMarked;
