/** Figures of a training run: accuracy by image, mean loss by image, confusion matrix. */
@NullMarked
package dev.cortado.training.metrics;

import org.jspecify.annotations.NullMarked;
