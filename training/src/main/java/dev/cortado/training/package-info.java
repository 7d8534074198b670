/** Everything that happens between a model and a trained model. */
@NullMarked
package dev.cortado.training;

import org.jspecify.annotations.NullMarked;
