/** The pretrained weights that come with the examples. */
@NullMarked
package dev.cortado.examples.weights;

import org.jspecify.annotations.NullMarked;
