/**
 * Photographs as 8-bit RGB: reading files, resizing exactly as Pillow does, and presets that turn
 * them into tensors.
 */
@NullMarked
package dev.cortado.vision.image;

import org.jspecify.annotations.NullMarked;
