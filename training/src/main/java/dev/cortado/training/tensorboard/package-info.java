/** TensorBoard event files, written and read. */
@NullMarked
package dev.cortado.training.tensorboard;

import org.jspecify.annotations.NullMarked;
