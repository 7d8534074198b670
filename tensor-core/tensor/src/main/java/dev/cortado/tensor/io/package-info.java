/** Tensor files: safetensors, npy and npz, read strictly and written atomically. */
@NullMarked
package dev.cortado.tensor.io;

import org.jspecify.annotations.NullMarked;
