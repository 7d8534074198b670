/**
 * Random changes of training images, each a pure function of the image and an explicit random key.
 */
@NullMarked
package dev.cortado.vision.transform;

import org.jspecify.annotations.NullMarked;
