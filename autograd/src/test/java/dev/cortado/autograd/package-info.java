/** Every rule against central differences, and the walk itself. */
@NullMarked
package dev.cortado.autograd;

import org.jspecify.annotations.NullMarked;
