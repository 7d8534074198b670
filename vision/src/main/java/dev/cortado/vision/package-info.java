/** Images and the models that look at them. */
@NullMarked
package dev.cortado.vision;

import org.jspecify.annotations.NullMarked;
