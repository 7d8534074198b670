/** What a backend implements and how it is found. */
@NullMarked
package dev.cortado.tensor.spi;

import org.jspecify.annotations.NullMarked;
