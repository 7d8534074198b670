/** What a person sees of a run: progress bar, table of epochs, curves. */
@NullMarked
package dev.cortado.training.report;

import org.jspecify.annotations.NullMarked;
