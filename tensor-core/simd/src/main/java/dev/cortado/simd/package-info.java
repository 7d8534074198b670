/** The backend whose kernels are written with the Vector API. */
@NullMarked
package dev.cortado.simd;

import org.jspecify.annotations.NullMarked;
