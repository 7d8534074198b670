/**
 * Scalar formulas as data: what an elementwise operation computes, evaluated, differentiated and
 * compiled.
 */
@NullMarked
package dev.cortado.tensor.formula;

import org.jspecify.annotations.NullMarked;
