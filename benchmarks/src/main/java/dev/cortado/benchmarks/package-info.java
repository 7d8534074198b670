/** JMH benchmarks. */
@NullMarked
package dev.cortado.benchmarks;

import org.jspecify.annotations.NullMarked;
