/** The main job: a model learns to tell classes of photos apart. */
@NullMarked
package dev.cortado.training.classify;

import org.jspecify.annotations.NullMarked;
