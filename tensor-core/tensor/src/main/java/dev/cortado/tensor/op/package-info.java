/** The sealed family of operations: every computation is a small immutable record. */
@NullMarked
package dev.cortado.tensor.op;

import org.jspecify.annotations.NullMarked;
