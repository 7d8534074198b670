/** The table of {@code cortado bench kernels}: how fast each kernel is, against the hardware. */
@NullMarked
package dev.cortado.benchmarks.kernel;

import org.jspecify.annotations.NullMarked;
