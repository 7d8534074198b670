/** Photos-like drawings of pizza, steak and sushi: a data set that needs no download. */
@NullMarked
package dev.cortado.examples.drawings;

import org.jspecify.annotations.NullMarked;
