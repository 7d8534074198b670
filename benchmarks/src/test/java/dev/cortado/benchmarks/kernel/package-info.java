/** Tests of the table of kernels. */
@NullMarked
package dev.cortado.benchmarks.kernel;

import org.jspecify.annotations.NullMarked;
