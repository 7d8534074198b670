/** Pretrained weights: what there is, how it is prepared for a model, and how it gets in. */
@NullMarked
package dev.cortado.vision.weights;

import org.jspecify.annotations.NullMarked;
